package dev.cortado.simd;

import dev.cortado.tensor.Parallel;
import org.jspecify.annotations.Nullable;

/**
 * An operand that several chunks of a product read, packed: its strips (or panels) {@code first …}
 * lie {@code stride} apart, those of the next pass over k follow after {@code pass} floats.
 *
 * <p>A small one is packed by each thread for itself, when it first needs it. That is less than it
 * takes to bring numbers that another core has just written from its cache, and nobody waits until
 * the others are through. A large one is packed by all threads together.
 */
final class SharedOperand {
  /**
   * Packs items {@code from … to-1} of an operand into an array, behind {@link Aligned#FRONT}
   * floats.
   */
  @FunctionalInterface
  interface Packer {
    void pack(int from, int to, float[] data);
  }

  /**
   * Where things lie.
   *
   * @param k first k
   * @param length k per pass
   * @param first first strip or panel
   * @param stride distance of strips or panels
   * @param pass distance of passes
   * @param passes how many passes
   */
  record Layout(int k, int length, int first, int stride, int pass, int passes) {
    int size() {
      return Aligned.FRONT + passes * pass;
    }
  }

  /** Floats that a thread packs for itself: they take at most half of the second-level cache. */
  private static final int SMALL = 2 * GemmPlan.GROUP_FLOATS;

  private final Layout layout;
  private final int items;
  private final Packer packer;
  private final float @Nullable [] packed;
  private final long ticket;

  private SharedOperand(
      Layout layout, int items, Packer packer, float @Nullable [] packed, long ticket) {
    this.layout = layout;
    this.items = items;
    this.packer = packer;
    this.packed = packed;
    this.ticket = ticket;
  }

  /**
   * Packs an operand, or has it packed later.
   *
   * @param items of how many items it consists
   * @param chunk how many of them a thread packs at a time, if it is packed by all together
   */
  static SharedOperand of(Layout layout, int items, int chunk, Packer packer) {
    var space = Workspace.current();
    if (layout.size() <= SMALL) {
      return new SharedOperand(layout, items, packer, null, space.ticket());
    }
    float[] data = space.floats(Workspace.SHARED, layout.size());
    Parallel.ranges(items, chunk, (from, to) -> packer.pack(from, to, data));
    return new SharedOperand(layout, items, packer, data, 0);
  }

  /** Returns the packed numbers. */
  float[] data() {
    if (packed != null) {
      return packed;
    }
    var space = Workspace.current();
    float[] copy = space.floats(Workspace.COPY, layout.size());
    if (!space.holds(ticket)) {
      packer.pack(0, items, copy);
      space.hold(ticket);
    }
    return copy;
  }

  /** Tells whether all threads read the same numbers, not each a copy of its own. */
  boolean isOneForAll() {
    return packed != null;
  }

  /** Returns the distance of strips or panels. */
  int stride() {
    return layout.stride;
  }

  /** Returns the distance of passes. */
  int pass() {
    return layout.pass;
  }

  /** Returns where strip or panel 0 would begin in the pass that starts with {@code kPass}. */
  int at(int kPass) {
    return Aligned.FRONT
        + (kPass - layout.k) / layout.length * layout.pass
        - layout.first * layout.stride;
  }
}
