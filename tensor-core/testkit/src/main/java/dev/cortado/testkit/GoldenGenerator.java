package dev.cortado.testkit;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.TensorSpec;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Makes weights, images and labels from names, so that golden results of whole models need no
 * weight files: whoever makes the same tensors can compare.
 *
 * <p>Number i of a name is a hash of both (FNV-1a, then splitmix64 with random access). Products
 * and sums are rounded one by one in double precision, then once to F32.
 */
public final class GoldenGenerator {
  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
  private static final Pattern BLOCK =
      Pattern.compile("features\\.\\d+\\.(\\d+)\\.block\\.(\\d+)\\.");

  private GoldenGenerator() {}

  /** Returns the seed of a name: FNV-1a over its UTF-8 bytes. */
  public static long seed(String name) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return hash;
  }

  /** Returns 64 bits: number {@code index} of a name. */
  public static long word(String name, long index) {
    return word(seed(name), index);
  }

  private static long word(long seed, long index) {
    long z = seed + (index + 1) * GOLDEN_RATIO;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Returns number {@code index} of a name as a multiple of 2⁻²³ in [−1, 1). */
  public static double unit(String name, long index) {
    return unit(seed(name), index);
  }

  private static double unit(long seed, long index) {
    return ((word(seed, index) >>> 40) - 0x1p23) / 0x1p23;
  }

  /** Returns F32 numbers {@code offset + scale · unit(name, i)}. */
  public static Tensor affine(String name, Shape shape, double offset, double scale) {
    long seed = seed(name);
    float[] values = new float[shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (offset + scale * unit(seed, i));
    }
    return Tensor.of(values, shape.toArray());
  }

  /** Returns images in [−2, 2). */
  public static Tensor image(String name, int... shape) {
    return affine(name, Shape.of(shape), 0, 2);
  }

  /** Returns {@code count} labels in 0 … {@code classes - 1}. */
  public static Tensor labels(String name, int count, int classes) {
    long[] labels = new long[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (word(name, i) >>> 33) % classes;
    }
    return Tensor.of(labels, count);
  }

  /** Returns a whole state by the names and shapes of {@code entries}. */
  public static Map<String, Tensor> state(Map<String, TensorSpec> entries) {
    var state = new LinkedHashMap<String, Tensor>();
    entries.forEach((key, spec) -> state.put(key, entry("", key, spec.shape())));
    return state;
  }

  /** Returns one entry of a state: the scale follows from the end of its key and its shape. */
  public static Tensor entry(String seedTag, String key, Shape shape) {
    String name = seedTag + key;
    if (key.endsWith("num_batches_tracked")) {
      return Tensor.full(shape, DType.I64, 0);
    }
    if (key.endsWith("running_mean")) {
      return affine(name, shape, 0, 0.1);
    }
    if (key.endsWith("running_var")) {
      return variances(name, shape);
    }
    if (key.endsWith("class_token") || key.endsWith("pos_embedding")) {
      return affine(name, shape, 0, 0.5);
    }
    if (key.endsWith("weight")) {
      return shape.rank() == 1
          ? affine(name, shape, 1, 0.1)
          : affine(name, shape, 0, weightScale(key, shape));
    }
    if (key.endsWith("bias")) {
      return affine(name, shape, 0, 0.1);
    }
    throw new IllegalArgumentException("no rule makes the entry " + key);
  }

  private static Tensor variances(String name, Shape shape) {
    long seed = seed(name);
    float[] values = new float[shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (1.0 + 0.5 * Math.abs(unit(seed, i)));
    }
    return Tensor.of(values, shape.toArray());
  }

  private static double weightScale(String key, Shape shape) {
    int fanIn = shape.elements() / shape.dim(0);
    return Math.sqrt(3.0 * gain(key, shape) / fanIn);
  }

  /** Keeps activations of about the same size through every depth. */
  private static double gain(String key, Shape shape) {
    if (shape.rank() != 4) {
      return 1.0;
    }
    if (key.contains(".fc1.") || key.contains(".fc2.")) {
      return 2.0;
    }
    if (shape.dim(1) == 1) {
      return 3.5;
    }
    var block = BLOCK.matcher(key);
    if (block.find() && shape.dim(2) == 1 && shape.dim(0) < shape.dim(1)) {
      double gain = block.group(2).equals("1") ? 3.0 : 12.0;
      return Integer.parseInt(block.group(1)) >= 1 ? gain / 64.0 : gain;
    }
    return 1.25;
  }
}
