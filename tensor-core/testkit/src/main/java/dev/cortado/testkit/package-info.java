/** What anybody needs to prove an op or a backend right. */
@NullMarked
package dev.cortado.testkit;

import org.jspecify.annotations.NullMarked;
