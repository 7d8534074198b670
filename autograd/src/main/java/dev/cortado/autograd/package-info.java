/**
 * Derivatives of recorded ops, of every order.
 *
 * <p>To read it: {@code Recorder} sees every op on a tracked tensor and leaves a {@code Node} on
 * the result, which holds the op, where the inputs came from, and of the tensors only those that
 * the op's rule asked for. {@code Rules} is the table of rules, by theme; {@code FormulaRule} is
 * the one of everything elementwise. {@code BackwardPass} walks the nodes from the youngest to the
 * oldest, adds gradients up in {@code Slot}s and lets go of what was saved. {@code Recycler} gives
 * the arrays of used gradients back while it walks. {@link dev.cortado.autograd.GradCheck} proves
 * rules right.
 */
@NullMarked
package dev.cortado.autograd;

import org.jspecify.annotations.NullMarked;
