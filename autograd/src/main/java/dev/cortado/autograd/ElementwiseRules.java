package dev.cortado.autograd;

import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.op.Elementwise;
import dev.cortado.tensor.op.Fused;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The rules of all elementwise ops, derived from their formulas once and remembered, so that the
 * same derivative is the same op each time and its compiled loop is found again.
 */
final class ElementwiseRules {
  /** More different formulas than any program has; past it they are derived again. */
  private static final int LARGEST = 4096;

  private static final Map<Object, FormulaRule> DERIVED = new ConcurrentHashMap<>();

  private ElementwiseRules() {}

  /** Formulas by what they compute; comparing them as trees could take exponential time. */
  private record Key(
      List<Program.Instruction> code, List<Double> constants, List<Integer> outputs, int arity) {
    static Key of(List<Formula> formulas, int arity) {
      var program = Program.of(formulas);
      var constants = java.util.Arrays.stream(program.constants()).boxed().toList();
      return new Key(program.code(), constants, program.outputs(), arity);
    }
  }

  /** Returns the rule of an elementwise op. */
  static FormulaRule of(Elementwise op) {
    if (op instanceof Fused fused) {
      return of(fused.formulas(), fused.arity());
    }
    var known = DERIVED.get(op);
    return known != null ? known : remember(op, new FormulaRule(op.formulas(), op.arity()));
  }

  /** Returns the rule of formulas over {@code arity} inputs. */
  static FormulaRule of(List<Formula> formulas, int arity) {
    var key = Key.of(formulas, arity);
    var known = DERIVED.get(key);
    return known != null ? known : remember(key, new FormulaRule(formulas, arity));
  }

  private static FormulaRule remember(Object key, FormulaRule rule) {
    if (DERIVED.size() >= LARGEST) {
      DERIVED.clear();
    }
    var before = DERIVED.putIfAbsent(key, rule);
    return before != null ? before : rule;
  }
}
