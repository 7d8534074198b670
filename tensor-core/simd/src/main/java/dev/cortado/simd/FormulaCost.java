package dev.cortado.simd;

import dev.cortado.simd.FormulaShape.Sink;
import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.Program.Instruction;
import dev.cortado.tensor.formula.UnaryFunction;

/**
 * How many vector operations a formula's loop does per vector, about: as many as {@link VectorMath}
 * and {@link FormulaEmitter} write down. {@link WarmUp} takes a loop for slow that needs longer
 * than they should.
 */
final class FormulaCost {
  /** Taking the lanes of a vector apart, and putting them together. */
  private static final int LANES = 6;

  /** A call per lane that is a few instructions. */
  private static final int SHORT_CALL = 1;

  /** A call per lane that is a library's function. */
  private static final int LONG_CALL = 20;

  /** Adding up the lanes of a vector. */
  private static final int SUM_OF_LANES = 8;

  private FormulaCost() {}

  /** Returns the vector operations per vector. */
  static int operations(FormulaShape shape) {
    int sum = shape.outputs().size() * (shape.sink() == Sink.SUM_OF_ROW ? SUM_OF_LANES : 1);
    for (var instruction : shape.code()) {
      sum += operations(instruction);
    }
    return sum;
  }

  private static int operations(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Load load -> 1;
      case Instruction.LoadConstant k -> 1;
      case Instruction.Apply1 f -> operations(f.function());
      case Instruction.Apply2 f -> operations(f.function());
      case Instruction.Choose s -> 1;
    };
  }

  /** Returns the vector operations of a function. */
  static int operations(UnaryFunction function) {
    return switch (function) {
      case NEGATE, ABS -> 1;
      case SQRT -> 3;
      case SIGN -> 4;
      case EXP, SIGMOID -> 20;
      case ERF -> 25;
      case EXPM1 -> 30;
      case TANH, LOG -> 40;
      case SOFTPLUS -> 70;
      case FLOOR, CEIL, ROUND -> byLane(SHORT_CALL);
      case SIN, COS -> byLane(LONG_CALL);
    };
  }

  /** Returns the vector operations of a function. */
  static int operations(BinaryFunction function) {
    return switch (function) {
      case ADD, SUBTRACT, MULTIPLY, LESS, LESS_OR_EQUAL, EQUAL -> 1;
      case DIVIDE, MIN, MAX -> 3;
      case POWER, FLOOR_DIVIDE, REMAINDER -> byLane(LONG_CALL);
    };
  }

  private static int byLane(int operations) {
    return LANES + Lanes.COUNT * operations;
  }
}
