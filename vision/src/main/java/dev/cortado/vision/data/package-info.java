/** Image data sets: folders of classes, their samples, and a fingerprint of their files. */
@NullMarked
package dev.cortado.vision.data;

import org.jspecify.annotations.NullMarked;
