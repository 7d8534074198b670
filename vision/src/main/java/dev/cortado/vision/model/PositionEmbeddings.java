package dev.cortado.vision.model;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Interpolation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes weights of a vision transformer fit images of another size: the position embeddings are an
 * image of one vector per patch, which is resized. Bicubic with corners aligned and the coefficient
 * −0.75, as torchvision's {@code interpolate_embeddings}.
 */
public final class PositionEmbeddings {
  /** The name of the position embeddings in a state. */
  public static final String KEY = "encoder.pos_embedding";

  private static final Interpolation HOW = Interpolation.BICUBIC.withAlignedCorners();

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
    if (embedding == null || !isOfWidth(embedding, target) || embedding.dim(1) == target.tokens()) {
      return state;
    }
    var result = new LinkedHashMap<>(state);
    result.put(KEY, resize(embedding, target.inputSize() / target.patch()));
    return result;
  }

  /** What belongs to another model is not resized: whoever loads it says what does not fit. */
  private static boolean isOfWidth(Tensor embedding, VisionTransformerArchitecture target) {
    return embedding.rank() == 3 && embedding.dim(0) == 1 && embedding.dim(2) == target.width();
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
    // The rows are the pixels of an image, side by side: channels-last already.
    var image =
        embedding
            .detach()
            .narrow(1, 1, rows)
            .to(DType.F64)
            .reshape(1, from, from, embedding.dim(2))
            .permute(0, 3, 1, 2);
    var patches =
        image
            .interpolate(HOW, side, side)
            .permute(0, 2, 3, 1)
            .reshape(1, side * side, embedding.dim(2));
    var first = embedding.detach().narrow(1, 0, 1);
    return Tensor.cat(1, List.of(first, patches.to(embedding.dtype())));
  }
}
