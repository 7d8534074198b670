/** Five lessons, one program each; docs/learn tells the story around them. */
@NullMarked
package dev.cortado.examples.lessons;

import org.jspecify.annotations.NullMarked;
