/**
 * Image data sets: folders of classes, their samples, and what to do with files that cannot be
 * read.
 */
@NullMarked
package dev.cortado.vision.data;

import org.jspecify.annotations.NullMarked;
