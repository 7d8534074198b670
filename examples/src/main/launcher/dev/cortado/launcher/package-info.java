/**
 * The way in: finds a JDK that can run Cortado. Compiled for Java 11, so that it starts anywhere.
 */
@NullMarked
package dev.cortado.launcher;

import org.jspecify.annotations.NullMarked;
