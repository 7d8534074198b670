package dev.cortado.testkit;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.op.Op;
import java.util.function.Function;

/**
 * What an op may be given: the source of cases for everything that is proven of every op, such as
 * that a backend agrees with the reference and that a derivative is right.
 *
 * @param name unique, for reports: the op's own, and a few words where there are several such
 * @param type the op's record
 * @param differentiable whether gradients flow through it
 * @param cases draws a case; inputs stay away from kinks, and from the edges of the domain
 */
public record OpSpec(
    String name, Class<? extends Op> type, boolean differentiable, Function<Draw, OpCase> cases) {

  /** Returns the spec of a differentiable op that goes by its own name. */
  static OpSpec of(Class<? extends Op> type, Function<Draw, OpCase> cases) {
    return new OpSpec(nameOf(cases), type, true, cases);
  }

  /** Returns the spec of an op through which no gradient flows. */
  static OpSpec flat(Class<? extends Op> type, Function<Draw, OpCase> cases) {
    return new OpSpec(nameOf(cases), type, false, cases);
  }

  /** Only an op that has been made can say its name: softmax and logSoftmax are one record. */
  private static String nameOf(Function<Draw, OpCase> cases) {
    return cases.apply(new Draw(0, 2, DType.F64)).op().name();
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
