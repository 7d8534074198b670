@NullMarked
package dev.cortado.vision.model;

import org.jspecify.annotations.NullMarked;
