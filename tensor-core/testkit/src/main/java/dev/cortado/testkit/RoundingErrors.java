package dev.cortado.testkit;

import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.formula.Program.Instruction;
import dev.cortado.tensor.formula.UnaryFunction;
import java.util.List;

/**
 * How far off a formula may be when it is evaluated in short floating point: a bound that follows
 * the formula instruction by instruction (running error analysis, Higham 2002, chapter 3). So the
 * tolerance of an elementwise op is a consequence of the op, not a number that somebody chose.
 *
 * <p>An infinite bound means that anything may come out, for example where an intermediate result
 * overflows in the short type but not in double.
 */
final class RoundingErrors {
  private final Program program;
  private final Precision precision;
  private final double[] values;
  private final double[] errors;

  RoundingErrors(List<Formula> formulas, Precision precision) {
    this.program = Program.of(formulas);
    this.precision = precision;
    this.values = new double[program.code().size()];
    this.errors = new double[program.code().size()];
  }

  /** Evaluates the formulas at {@code inputs}, which may themselves be off by {@code off}. */
  void at(double[] inputs, double[] off) {
    program.run(inputs, values);
    double[] constants = program.constants();
    for (int i = 0; i < errors.length; i++) {
      double error =
          switch (program.code().get(i)) {
            case Instruction.Load load -> off[load.index()];
            case Instruction.LoadConstant k -> precision.roundingOf(constants[k.index()]);
            case Instruction.Apply1 f -> unary(f.function(), f.a(), values[i]);
            case Instruction.Apply2 f -> binary(f.function(), f.a(), f.b(), values[i]);
            case Instruction.Choose s -> choose(s);
          };
      errors[i] = settled(error, values[i]);
    }
  }

  /** Returns the value of formula number {@code k}. */
  double value(int k) {
    return values[program.outputs().get(k)];
  }

  /** Returns by how much formula number {@code k} may be off. */
  double error(int k) {
    return errors[program.outputs().get(k)];
  }

  private double settled(double error, double value) {
    if (Math.abs(value) > precision.largest() && !Double.isInfinite(value)) {
      return Double.POSITIVE_INFINITY;
    }
    if (Double.isNaN(error)) {
      // NaN of something exact is exact; of something uncertain, anything.
      return Double.isFinite(value) ? Double.POSITIVE_INFINITY : 0;
    }
    return Double.isFinite(value) || error == Double.POSITIVE_INFINITY ? error : 0;
  }

  private double rounding(double units, double value) {
    return Double.isFinite(value) ? units * precision.unit() * Math.abs(value) : 0;
  }

  private double unary(UnaryFunction function, int a, double y) {
    double x = values[a];
    double off = errors[a];
    if (off == 0 || off == Double.POSITIVE_INFINITY) {
      return off + own(function, y);
    }
    if (function == UnaryFunction.SIN || function == UnaryFunction.COS) {
      return Math.min(2, off) + own(function, 1);
    }
    double high = function.apply(x + off);
    double low = function.apply(x - off);
    double size = Math.max(Math.abs(y), Math.max(Math.abs(high), Math.abs(low)));
    return Math.max(apart(high, y), apart(low, y)) + own(function, size);
  }

  /** Returns by how much the function itself may be off where its value is {@code y}. */
  private double own(UnaryFunction function, double y) {
    return switch (function) {
      case NEGATE, ABS, FLOOR, CEIL, ROUND, SIGN -> 0;
      case SQRT -> rounding(1, y);
      case EXP, LOG -> rounding(4, y) + precision.smallest();
      case TANH, SIN, COS -> rounding(6, y) + precision.smallest();
      case EXPM1, SOFTPLUS -> rounding(12, y) + precision.smallest();
      case SIGMOID -> rounding(8, y) + precision.smallest();
      case ERF -> rounding(16, y) + precision.smallest();
    };
  }

  /** Returns the distance of two values; no value and some value are any distance apart. */
  private static double apart(double a, double b) {
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return Double.isNaN(a) && Double.isNaN(b) ? 0 : Double.POSITIVE_INFINITY;
    }
    return a == b ? 0 : Math.abs(a - b);
  }

  private double binary(BinaryFunction function, int i, int j, double y) {
    double a = values[i];
    double b = values[j];
    double da = errors[i];
    double db = errors[j];
    double smallest = precision.smallest();
    if (Math.max(da, db) == Double.POSITIVE_INFINITY) {
      return function.isComparison() ? 1 : Double.POSITIVE_INFINITY;
    }
    return switch (function) {
      case ADD, SUBTRACT -> rounded(da + db, 1, y);
      case MULTIPLY -> rounded(scaled(a, db) + scaled(b, da) + scaled(da, db), 1, y) + smallest;
      case DIVIDE -> rounded(quotient(b, da, db, y), 2, y) + smallest;
      case MIN, MAX -> Math.max(da, db);
      case POWER ->
          rounded(da == 0 && db == 0 ? 0 : corners(function, a, b, da, db, y), 16, y) + smallest;
      // They jump: of something uncertain, anything.
      case FLOOR_DIVIDE, REMAINDER ->
          da == 0 && db == 0 ? rounded(0, 1, y) : Double.POSITIVE_INFINITY;
      case LESS, LESS_OR_EQUAL, EQUAL -> Math.abs(a - b) <= da + db && da + db > 0 ? 1 : 0;
    };
  }

  /** Returns {@code error} and the rounding of a result that is {@code y} but for this error. */
  private double rounded(double error, double units, double y) {
    return error + rounding(units, Math.abs(y) + error);
  }

  /** Returns factor · error, where no error times infinity is no error. */
  private static double scaled(double factor, double error) {
    return error == 0 ? 0 : Math.abs(factor) * error;
  }

  private static double quotient(double b, double da, double db, double y) {
    if (da == 0 && db == 0) {
      return 0;
    }
    double least = Math.abs(b) - db;
    return least > 0 ? (da + scaled(y, db)) / least : Double.POSITIVE_INFINITY;
  }

  private static double corners(
      BinaryFunction function, double a, double b, double da, double db, double y) {
    if (!(a - da > 0) && db > 0) {
      // Negative numbers have whole powers only, those of -0 depend on odd and even, the 0th of NaN
      // is 1.
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    for (int corner = 0; corner < 4; corner++) {
      double x = function.apply(corner % 2 == 0 ? a + da : a - da, corner < 2 ? b + db : b - db);
      largest = Math.max(largest, apart(x, y));
    }
    return largest;
  }

  private double choose(Instruction.Choose s) {
    double off = errors[s.a()];
    boolean certain = off == 0 || Math.abs(values[s.a()]) > off;
    if (certain) {
      return values[s.a()] != 0 ? errors[s.b()] : errors[s.c()];
    }
    return Math.max(errors[s.b()], errors[s.c()]) + apart(values[s.b()], values[s.c()]);
  }
}
