/** Models as tables of records: EfficientNets and vision transformers. */
@NullMarked
package dev.cortado.vision.model;

import org.jspecify.annotations.NullMarked;
