package dev.cortado.testkit;

import dev.cortado.tensor.op.Op;
import java.util.function.Function;

/**
 * What an op may be given: the source of cases for everything that is proven of every op, such as
 * that a backend agrees with the reference and that a derivative is right.
 *
 * @param name unique, for reports
 * @param type the op's record
 * @param differentiable whether gradients flow through it
 * @param cases draws a case; inputs stay away from kinks, and from the edges of the domain
 */
public record OpSpec(
    String name, Class<? extends Op> type, boolean differentiable, Function<Draw, OpCase> cases) {

  /** Returns the spec of a differentiable op that goes by its record's name. */
  static OpSpec of(Class<? extends Op> type, Function<Draw, OpCase> cases) {
    return new OpSpec(type.getSimpleName(), type, true, cases);
  }

  /** Returns the spec of an op through which no gradient flows. */
  static OpSpec flat(Class<? extends Op> type, Function<Draw, OpCase> cases) {
    return new OpSpec(type.getSimpleName(), type, false, cases);
  }

  /** Returns this under another name. */
  OpSpec named(String other) {
    return new OpSpec(other, type, differentiable, cases);
  }

  /** Draws a case. */
  public OpCase draw(Draw draw) {
    return cases.apply(draw);
  }

  @Override
  public String toString() {
    return name;
  }
}
