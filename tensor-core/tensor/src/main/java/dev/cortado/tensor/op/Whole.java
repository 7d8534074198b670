package dev.cortado.tensor.op;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.formula.Program.Instruction;
import java.util.List;

/** Which formulas make sense for integers and truth values. */
final class Whole {
  /** Up to here every whole number is a double. */
  private static final double LARGEST = 0x1p53;

  private Whole() {}

  /** Throws unless the formulas of {@code op} give a {@code type} for inputs of that type. */
  static void check(Elementwise op, List<TensorSpec> inputs, DType type) {
    var program = Program.of(op.formulas());
    double[] constants = program.constants();
    for (var instruction : program.code()) {
      switch (instruction) {
        case Instruction.LoadConstant k -> constant(op, inputs, type, constants[k.index()]);
        case Instruction.Apply1 f -> {
          boolean fits = type == DType.BOOL ? false : f.function().isWhole();
          Check.that(fits, op, inputs, needs(f.function().method(), type));
        }
        case Instruction.Apply2 f -> {
          boolean fits = type != DType.BOOL || isLogical(f.function());
          Check.that(fits, op, inputs, needs(f.function().method(), type));
        }
        case Instruction.Load load -> {}
        case Instruction.Choose s -> {}
      }
    }
  }

  private static void constant(Elementwise op, List<TensorSpec> inputs, DType type, double value) {
    if (type == DType.BOOL) {
      boolean fits = value == 0 || value == 1;
      Check.that(fits, op, inputs, value + " is no truth value: convert with to(I64) first");
    } else {
      boolean fits = value == Math.rint(value) && Math.abs(value) <= LARGEST;
      Check.that(
          fits, op, inputs, value + " is no whole number up to 2^53: convert with to(F32) first");
    }
  }

  private static boolean isLogical(BinaryFunction function) {
    return switch (function) {
      case ADD, MULTIPLY, MIN, MAX, LESS, LESS_OR_EQUAL, EQUAL -> true;
      case SUBTRACT, DIVIDE, POWER, FLOOR_DIVIDE, REMAINDER -> false;
    };
  }

  private static String needs(String function, DType type) {
    return function
        + (type == DType.BOOL
            ? " needs numbers: convert with to(I64) or to(F32) first"
            : " needs a floating type: convert with to(F32) first");
  }
}
