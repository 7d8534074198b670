package dev.cortado.tensor.op;

import dev.cortado.tensor.formula.Formula;
import java.util.List;

/**
 * Any formulas over {@code arity} inputs in one pass: what fusion, derivatives and optimiser steps
 * are made of.
 */
public record Fused(List<Formula> formulas, int arity) implements Elementwise {
  /** Copies the list. */
  public Fused {
    formulas = List.copyOf(formulas);
  }

  /** Returns the op of one formula. */
  public static Fused of(int arity, Formula formula) {
    return new Fused(List.of(formula), arity);
  }

  @Override
  public Formula formula() {
    return formulas.getFirst();
  }
}
