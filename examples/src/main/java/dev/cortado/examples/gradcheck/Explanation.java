package dev.cortado.examples.gradcheck;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.formula.Derivative;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.FormulaText;
import dev.cortado.tensor.op.Elementwise;
import dev.cortado.testkit.Draw;
import dev.cortado.testkit.OpSpec;
import dev.cortado.testkit.OpSpecs;
import java.util.ArrayList;
import java.util.List;

/** The formula of an elementwise op and its derivatives, as text. */
public final class Explanation {
  private Explanation() {}

  /** Returns what there is to say of the op with the name {@code name}, line by line. */
  public static List<String> of(String name) {
    return OpSpecs.all().stream()
        .filter(s -> s.name().equals(name))
        .findFirst()
        .map(Explanation::of)
        .orElse(List.of());
  }

  private static List<String> of(OpSpec spec) {
    var op = spec.draw(new Draw(0, 2, DType.F64)).op();
    var lines = new ArrayList<String>();
    lines.add(spec.name());
    if (op instanceof Elementwise elementwise) {
      explain(elementwise, lines);
    } else {
      lines.add(
          "  is not elementwise: its rule is written with tensor ops, in a class of"
              + " dev.cortado.autograd");
    }
    return lines;
  }

  private static void explain(Elementwise op, List<String> lines) {
    var inputs = new ArrayList<String>();
    for (int i = 0; i < op.arity(); i++) {
      inputs.add(op.arity() == 1 ? "x" : "x" + i);
    }
    var formulas = op.formulas();
    for (int k = 0; k < formulas.size(); k++) {
      var y = formulas.size() == 1 ? "y" : "y" + k;
      add(lines, y, formulas.get(k), inputs);
      for (int i = 0; i < inputs.size(); i++) {
        var derivative = Derivative.of(formulas.get(k), i);
        add(lines, "∂%s/∂%s".formatted(y, inputs.get(i)), derivative, inputs);
      }
    }
  }

  private static void add(List<String> lines, String left, Formula right, List<String> inputs) {
    var text = FormulaText.of(right, inputs);
    lines.add("  %-7s = %s".formatted(left, text.getLast()));
    for (int i = 0; i < text.size() - 1; i++) {
      lines.add("  %-7s   %s %s".formatted("", i == 0 ? "with" : "    ", text.get(i)));
    }
  }
}
