package dev.cortado.tensor.formula;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Symbolic differentiation and substitution of formulas. Shared subexpressions are visited once.
 */
public final class Derivative {
  private final int input;
  private final Map<Formula, Formula> done = new IdentityHashMap<>();

  private Derivative(int input) {
    this.input = input;
  }

  /** Returns ∂{@code formula}/∂input number {@code input}. */
  public static Formula of(Formula formula, int input) {
    return new Derivative(input).differentiate(formula);
  }

  private Formula differentiate(Formula f) {
    var known = done.get(f);
    if (known != null) {
      return known;
    }
    var result =
        switch (f) {
          case Formula.Input i -> Formula.constant(i.index() == input ? 1 : 0);
          case Formula.Constant c -> Formula.constant(0);
          case Formula.Unary u -> chain(u);
          case Formula.Binary b ->
              b.function()
                  .differential(b.a(), b.b(), b, differentiate(b.a()), differentiate(b.b()));
          case Formula.Select s ->
              Formula.select(s.condition(), differentiate(s.yes()), differentiate(s.no()));
        };
    done.put(f, result);
    return result;
  }

  private Formula chain(Formula.Unary u) {
    var inner = differentiate(u.x());
    return inner.isZero() ? inner : u.function().derivative(u.x(), u).times(inner);
  }

  /**
   * Returns {@code formula} with input number i replaced by {@code replacements.get(i)}: function
   * composition.
   */
  public static Formula substitute(Formula formula, List<Formula> replacements) {
    return substitute(formula, replacements, new IdentityHashMap<>());
  }

  private static Formula substitute(Formula f, List<Formula> r, Map<Formula, Formula> done) {
    var known = done.get(f);
    if (known != null) {
      return known;
    }
    var result =
        switch (f) {
          case Formula.Input i -> r.get(i.index());
          case Formula.Constant c -> c;
          case Formula.Unary u -> Formula.unary(u.function(), substitute(u.x(), r, done));
          case Formula.Binary b ->
              Formula.binary(b.function(), substitute(b.a(), r, done), substitute(b.b(), r, done));
          case Formula.Select s ->
              Formula.select(
                  substitute(s.condition(), r, done),
                  substitute(s.yes(), r, done),
                  substitute(s.no(), r, done));
        };
    done.put(f, result);
    return result;
  }

  /** Returns {@code formula} with input number i renamed to i + {@code shift}. */
  public static Formula shiftInputs(Formula formula, int arity, int shift) {
    var renamed = new ArrayList<Formula>();
    for (int i = 0; i < arity; i++) {
      renamed.add(Formula.input(i + shift));
    }
    return substitute(formula, renamed);
  }

  /** Returns whether the value of {@code formula} depends on input number {@code input}. */
  public static boolean uses(Formula formula, int input) {
    return Program.of(formula).inputs().contains(input);
  }
}
