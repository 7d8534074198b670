package dev.cortado.tensor.formula;

import dev.cortado.tensor.formula.Program.Instruction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes formulas as people do. What is used more than once gets a name and a line of its own, as
 * it is computed: once.
 *
 * <pre>{@code
 * FormulaText.of(Derivative.of(f, 0), List.of("x"));   // f = x·sigmoid(x)
 * // a = sigmoid(x)
 * // a + x·(a·(1 − a))
 * }</pre>
 */
public final class FormulaText {
  private static final int CHOICE = 0;
  private static final int COMPARISON = 1;
  private static final int SUM = 2;
  private static final int PRODUCT = 3;
  private static final int SIGN = 4;
  private static final int POWER = 5;
  private static final int ATOM = 6;

  private final Program program;
  private final double[] constants;
  private final List<String> inputs;
  private final int[] uses;
  private final Map<Integer, String> names = new HashMap<>();
  private final List<String> lines = new ArrayList<>();

  /** A piece of text, and how strongly it holds together. */
  private record Piece(String text, int strength) {
    String inside(int strength) {
      return this.strength < strength ? "(" + text + ")" : text;
    }
  }

  private FormulaText(Program program, List<String> inputs) {
    this.program = program;
    this.constants = program.constants();
    this.inputs = inputs;
    this.uses = new int[program.code().size()];
    for (var step : program.code()) {
      for (int operand : operands(step)) {
        uses[operand]++;
      }
    }
  }

  /**
   * Returns {@code formula} as text: a line for each part that it uses more than once, and one for
   * itself.
   *
   * @param inputs names of the inputs
   */
  public static List<String> of(Formula formula, List<String> inputs) {
    var writer = new FormulaText(Program.of(formula), inputs);
    int last = writer.program.outputs().getFirst();
    for (int i = 0; i < last; i++) {
      if (writer.uses[i] > 1 && operands(writer.program.code().get(i)).length > 0) {
        var text = writer.piece(i).text;
        var name = String.valueOf((char) ('a' + writer.names.size()));
        writer.names.put(i, name);
        writer.lines.add(name + " = " + text);
      }
    }
    writer.lines.add(writer.piece(last).text);
    return List.copyOf(writer.lines);
  }

  private static int[] operands(Instruction step) {
    return switch (step) {
      case Instruction.Load l -> new int[0];
      case Instruction.LoadConstant c -> new int[0];
      case Instruction.Apply1 f -> new int[] {f.a()};
      case Instruction.Apply2 f -> new int[] {f.a(), f.b()};
      case Instruction.Choose s -> new int[] {s.a(), s.b(), s.c()};
    };
  }

  private Piece piece(int number) {
    var name = names.get(number);
    if (name != null) {
      return new Piece(name, ATOM);
    }
    return switch (program.code().get(number)) {
      case Instruction.Load l -> new Piece(inputs.get(l.index()), ATOM);
      case Instruction.LoadConstant c -> number(constants[c.index()]);
      case Instruction.Apply1 f -> unary(f.function(), piece(f.a()));
      case Instruction.Apply2 f -> binary(f.function(), piece(f.a()), piece(f.b()));
      case Instruction.Choose s ->
          new Piece(
              piece(s.b()).inside(COMPARISON)
                  + " where "
                  + piece(s.a()).inside(COMPARISON)
                  + ", else "
                  + piece(s.c()).text,
              CHOICE);
    };
  }

  private static Piece number(double value) {
    var text = String.valueOf(value).replaceFirst("\\.0$", "").replace("-", "−");
    return new Piece(text, value < 0 ? SIGN : ATOM);
  }

  private static Piece unary(UnaryFunction function, Piece x) {
    return switch (function) {
      case NEGATE -> new Piece("−" + x.inside(SIGN + 1), SIGN);
      case ABS -> new Piece("|" + x.text + "|", ATOM);
      default -> new Piece(lower(function) + "(" + x.text + ")", ATOM);
    };
  }

  private static Piece binary(BinaryFunction function, Piece a, Piece b) {
    return switch (function) {
      case ADD -> infix(a, " + ", b, SUM, SUM);
      case SUBTRACT -> infix(a, " − ", b, SUM, PRODUCT);
      case MULTIPLY -> infix(a, "·", b, PRODUCT, PRODUCT);
      case DIVIDE -> infix(a, " / ", b, PRODUCT, SIGN);
      case POWER -> infix(a, "^", b, POWER, ATOM);
      case FLOOR_DIVIDE -> new Piece("⌊" + infix(a, " / ", b, PRODUCT, SIGN).text + "⌋", ATOM);
      case REMAINDER -> infix(a, " mod ", b, PRODUCT, SIGN);
      case LESS -> infix(a, " < ", b, COMPARISON, SUM);
      case LESS_OR_EQUAL -> infix(a, " ≤ ", b, COMPARISON, SUM);
      case EQUAL -> infix(a, " = ", b, COMPARISON, SUM);
      case MIN, MAX -> new Piece(lower(function) + "(" + a.text + ", " + b.text + ")", ATOM);
    };
  }

  private static Piece infix(Piece a, String sign, Piece b, int strength, int right) {
    int left = strength == COMPARISON || strength == POWER ? strength + 1 : strength;
    return new Piece(a.inside(left) + sign + b.inside(right), strength);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(java.util.Locale.ROOT);
  }
}
