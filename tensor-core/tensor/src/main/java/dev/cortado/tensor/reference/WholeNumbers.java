package dev.cortado.tensor.reference;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.formula.Program.Instruction;
import dev.cortado.tensor.formula.UnaryFunction;

/**
 * Formulas of whole numbers, exact in all 64 bits. What does not fit wraps around as in Java: to 64
 * bits in I64, to 32 in I32, to "not zero" in BOOL, so that there a + b is or, a · b is and.
 */
final class WholeNumbers {
  private WholeNumbers() {}

  /** Computes all instructions of a program into {@code registers}, in the given type. */
  static void run(Program program, double[] constants, long[] in, long[] registers, DType type) {
    var code = program.code();
    for (int i = 0; i < registers.length; i++) {
      long value =
          switch (code.get(i)) {
            case Instruction.Load load -> in[load.index()];
            case Instruction.LoadConstant k -> (long) constants[k.index()];
            case Instruction.Apply1 f -> apply(f.function(), registers[f.a()]);
            case Instruction.Apply2 f -> apply(f.function(), registers[f.a()], registers[f.b()]);
            case Instruction.Choose s ->
                registers[s.a()] != 0 ? registers[s.b()] : registers[s.c()];
          };
      registers[i] = wrapped(value, type);
    }
  }

  private static long wrapped(long value, DType type) {
    return switch (type) {
      case I32 -> (int) value;
      case BOOL -> value != 0 ? 1 : 0;
      default -> value;
    };
  }

  /** The functions for which {@link UnaryFunction#isWhole()}. */
  private static long apply(UnaryFunction function, long x) {
    return switch (function) {
      case NEGATE -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Long.signum(x);
      case FLOOR, CEIL, ROUND -> x;
      default -> throw new IllegalArgumentException(function + " of a whole number");
    };
  }

  private static long apply(BinaryFunction function, long a, long b) {
    return switch (function) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> quotient(a, b);
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case POWER -> power(a, b);
      case FLOOR_DIVIDE -> quotient(a, b);
      case REMAINDER -> a - quotient(a, b) * b;
      case LESS -> a < b ? 1 : 0;
      case LESS_OR_EQUAL -> a <= b ? 1 : 0;
      case EQUAL -> a == b ? 1 : 0;
    };
  }

  private static long quotient(long a, long b) {
    if (b == 0) {
      throw new CortadoException(
          "division of the whole number "
              + a
              + " by zero; floating numbers give infinity or NaN: convert with to(F32)");
    }
    return Math.floorDiv(a, b);
  }

  private static long power(long base, long exponent) {
    if (exponent < 0) {
      throw new CortadoException(
          "the power " + exponent + " of a whole number is not whole: convert with to(F32) first");
    }
    long result = 1;
    for (long rest = exponent; rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        result *= base;
      }
      base *= base;
    }
    return result;
  }
}
