@NullMarked
package dev.cortado.testkit;

import org.jspecify.annotations.NullMarked;
