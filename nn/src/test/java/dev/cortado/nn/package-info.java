@NullMarked
package dev.cortado.nn;

import org.jspecify.annotations.NullMarked;
