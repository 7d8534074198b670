/**
 * Loading samples in worker threads: order, batches, random keys and caches that depend on seeds
 * only.
 */
@NullMarked
package dev.cortado.training.data;

import org.jspecify.annotations.NullMarked;
