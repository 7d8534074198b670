/** Tensors: shapes, layouts, storage, the fluent API, backends and memory scopes. */
@NullMarked
package dev.cortado.tensor;

import org.jspecify.annotations.NullMarked;
