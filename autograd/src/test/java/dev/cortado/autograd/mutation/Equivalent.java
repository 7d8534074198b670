package dev.cortado.autograd.mutation;

import java.util.List;

/** Changes that change nothing but the way to the same numbers. */
final class Equivalent {
  /** The beginning of each, with the reason. */
  private static final List<String> KNOWN = List.of();

  private Equivalent() {}

  static boolean isKnown(Mutant mutant) {
    return KNOWN.stream().anyMatch(mutant.toString()::startsWith);
  }
}
