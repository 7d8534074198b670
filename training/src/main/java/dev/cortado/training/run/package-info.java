/** The folder of a run, its record in run.json, and how files get there whole or not at all. */
@NullMarked
package dev.cortado.training.run;

import org.jspecify.annotations.NullMarked;
