/** What layers may be given: the source of cases for whoever proves that they are right. */
@NullMarked
package dev.cortado.nn.testkit;

import org.jspecify.annotations.NullMarked;
