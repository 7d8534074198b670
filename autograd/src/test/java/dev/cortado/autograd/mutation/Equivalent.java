package dev.cortado.autograd.mutation;

import java.util.Map;

/** Changes that cannot be noticed, because they lead another way to the same numbers. */
final class Equivalent {
  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("BatchNormRule$Passes.of 1 → 0", "axes of 1 or none: it is reshaped anyway"),
          Map.entry("Broadcasting.sumTo 1 → 0", "axes of 1 or none: it is reshaped anyway"),
          Map.entry("Broadcasting.repeated 1 → 0", "a sum over an axis of 1 in vain"),
          Map.entry("ElementwiseRules.remember 4096 → 4097", "the size of a cache"),
          Map.entry("ElementwiseRules.remember IF_ICMPLT → IF_ICMPGE", "a cache that forgets"),
          Map.entry("Epilogues.saves 1 → 0", "where the product is read, there is no epilogue"),
          Map.entry("Epilogues.lambda$ofEpilogue$0 0 → 1", "computes what nobody takes"),
          Map.entry("FormulaCall.renumbered 0.0 → 1.0", "the place of an input that is not read"),
          Map.entry("IndexRules.of 0 → 1", "skips OneHot, through which no gradient flows"),
          Map.entry("IndexRules.lasting -1.0 → 1.0", "what is overwritten before it is read"),
          Map.entry("IndexRules.lasting -1.0 → -2.0", "what is overwritten before it is read"),
          Map.entry("LayerNormRule.byX 3 → 4", "an input that is not read"),
          Map.entry("MatMulRules.right 2 → 3", "one product instead of several: faster"),
          Map.entry("MatMulRules.right IF_ICMPLE → IF_ICMPGT", "the same, the other way round"),
          Map.entry("PoolingRules.pickUp 0 → 1", "the first plane begins at 0 as arrays do"),
          Map.entry("ScanRules.gradients 0 → 1", "of nothing, a gradient or none"),
          Map.entry("ScanRules.gradients 1 → 0", "of nothing, a gradient or none"));

  private Equivalent() {}

  static boolean isKnown(Mutant mutant) {
    return REASONS.containsKey(mutant.key());
  }
}
