package dev.cortado.vision.model;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes weights of a vision transformer fit images of another size: the position embeddings are an
 * image of one vector per patch, which is resized. Bicubic with corners aligned and the coefficient
 * −0.75, as torchvision's {@code interpolate_embeddings}.
 */
public final class PositionEmbeddings {
  private static final String KEY = "encoder.pos_embedding";
  private static final double A = -0.75;

  private PositionEmbeddings() {}

  /**
   * Returns {@code state} with the position embeddings that {@code target} has room for; {@code
   * state} itself if it fits already.
   *
   * @throws CortadoException if the embeddings are not those of a square of patches
   */
  public static Map<String, Tensor> fit(
      Map<String, Tensor> state, VisionTransformerArchitecture target) {
    var embedding = state.get(KEY);
    if (embedding == null || embedding.dim(1) == target.tokens()) {
      return state;
    }
    var result = new LinkedHashMap<>(state);
    result.put(KEY, resize(embedding, target.inputSize() / target.patch()));
    return result;
  }

  /**
   * Returns embeddings [1, 1 + side², D] for another number of patches along a side. The class
   * token's row stays.
   */
  public static Tensor resize(Tensor embedding, int side) {
    int rows = embedding.dim(1) - 1;
    int from = (int) Math.round(Math.sqrt(rows));
    if (from * from != rows || rows == 0) {
      throw new CortadoException(
          "position embeddings "
              + embedding.spec()
              + " are not one class token and a square of patches, so they cannot be resized");
    }
    int width = embedding.dim(2);
    double[] image = embedding.narrow(1, 1, rows).to(DType.F64).toDoubles();
    double[] wide = resizeAxis(image, from, side, from, width);
    double[] all = resizeAxis(wide, from, side, side, width);
    var patches = Tensor.of(all, 1, side * side, width);
    var first = embedding.detach().narrow(1, 0, 1);
    return Tensor.cat(1, java.util.List.of(first, patches.to(embedding.dtype())));
  }

  /**
   * Resizes the rows of [from, other, width] to [other, to, width]: two such passes resize both
   * axes and put them back in order.
   */
  private static double[] resizeAxis(double[] in, int from, int to, int other, int width) {
    double[] out = new double[other * to * width];
    for (int i = 0; i < to; i++) {
      double at = to == 1 ? 0 : (double) i * (from - 1) / (to - 1);
      int base = (int) Math.floor(at);
      double[] weights = weights(at - base);
      for (int tap = 0; tap < 4; tap++) {
        int row = Math.clamp(base - 1 + tap, 0, from - 1);
        for (int j = 0; j < other; j++) {
          for (int d = 0; d < width; d++) {
            out[(j * to + i) * width + d] += weights[tap] * in[(row * other + j) * width + d];
          }
        }
      }
    }
    return out;
  }

  /** The weights of the four neighbours of a place {@code t} behind the second. Keys 1981. */
  private static double[] weights(double t) {
    return new double[] {outer(t + 1), inner(t), inner(1 - t), outer(2 - t)};
  }

  private static double inner(double x) {
    return ((A + 2) * x - (A + 3)) * x * x + 1;
  }

  private static double outer(double x) {
    return ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
  }
}
