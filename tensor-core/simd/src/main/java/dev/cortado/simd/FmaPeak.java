package dev.cortado.simd;

import jdk.incubator.vector.FloatVector;

/**
 * Fused multiply-adds and nothing else: how fast this processor computes at most. Benchmarks
 * measure kernels against it.
 */
public final class FmaPeak {
  /**
   * Independent sums, so many that the latency of one does not matter, so few that all are in
   * registers.
   */
  private static final int SUMS = 12;

  private FmaPeak() {}

  /** Returns how many floating-point operations {@link #run} does: a multiply-add counts as two. */
  public static long flops(int rounds) {
    return 2L * SUMS * Lanes.COUNT * rounds;
  }

  /** Adds {@code rounds} times to each of some vectors; returns a number that depends on all. */
  public static float run(int rounds) {
    var x = FloatVector.broadcast(Lanes.F32, 0.999f);
    var y = FloatVector.broadcast(Lanes.F32, 0.001f);
    var a = y;
    var b = y;
    var c = y;
    var d = y;
    var e = y;
    var f = y;
    var g = y;
    var h = y;
    var i = y;
    var j = y;
    var k = y;
    var l = y;
    for (int round = 0; round < rounds; round++) {
      a = a.fma(x, y);
      b = b.fma(x, y);
      c = c.fma(x, y);
      d = d.fma(x, y);
      e = e.fma(x, y);
      f = f.fma(x, y);
      g = g.fma(x, y);
      h = h.fma(x, y);
      i = i.fma(x, y);
      j = j.fma(x, y);
      k = k.fma(x, y);
      l = l.fma(x, y);
    }
    var left = a.add(b).add(c).add(d).add(e).add(f);
    return VectorMath.sum(left.add(g).add(h).add(i).add(j).add(k).add(l));
  }
}
