package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What attention works on: which tokens ask, which are looked at, and which must not be.
 *
 * @param query who asks, [N, L, E]
 * @param key by what is judged who is listened to, [N, S, E]
 * @param value what is said, [N, S, E]
 * @param mask what holds for each pair of tokens: BOOL, true where a query must <em>not</em> look
 *     (as in torch's layer), or numbers that are added to the scores; [L, S], or [N, heads, L, S]
 *     with 1 where it is the same for all. Not three axes: [N, L, S] and [heads, L, S] would look
 *     alike
 * @param keyPadding BOOL [N, S], true for tokens that only fill up
 * @param causal whether a query looks only at places up to its own
 */
public record AttentionInput(
    Tensor query,
    Tensor key,
    Tensor value,
    @Nullable Tensor mask,
    @Nullable Tensor keyPadding,
    boolean causal) {

  /** Checks the shapes. */
  public AttentionInput {
    boolean fits =
        query.rank() == 3
            && key.rank() == 3
            && value.shape().equals(key.shape())
            && key.dim(0) == query.dim(0)
            && key.dim(2) == query.dim(2);
    if (!fits) {
      throw new CortadoException(
          "attention expects queries [N, L, E] and keys and values [N, S, E], got "
              + query.spec()
              + ", "
              + key.spec()
              + ", "
              + value.spec());
    }
    if (mask != null && mask.rank() != 2 && mask.rank() != 4) {
      throw new CortadoException(
          "a mask must be [L, S], or [N, heads, L, S] with 1 where it is the same for all, got "
              + mask.spec()
              + (mask.rank() == 3 ? ": unsqueeze says which axis is meant" : ""));
    }
    if (keyPadding != null
        && (keyPadding.dtype() != DType.BOOL
            || keyPadding.rank() != 2
            || keyPadding.dim(0) != key.dim(0)
            || keyPadding.dim(1) != key.dim(1))) {
      throw new CortadoException(
          "key padding must be BOOL ["
              + key.dim(0)
              + ", "
              + key.dim(1)
              + "], got "
              + keyPadding.spec());
    }
  }

  /** Returns the input of self-attention: every token looks at all of them. */
  public static AttentionInput self(Tensor x) {
    return of(x, x, x);
  }

  /** Returns the input of attention from some tokens to others. */
  public static AttentionInput of(Tensor query, Tensor key, Tensor value) {
    return new AttentionInput(query, key, value, null, null, false);
  }

  /** Returns this with a mask over pairs of tokens. */
  public AttentionInput withMask(Tensor pairs) {
    return new AttentionInput(query, key, value, pairs, keyPadding, causal);
  }

  /** Returns this with tokens that nobody looks at. */
  public AttentionInput withKeyPadding(Tensor ignored) {
    return new AttentionInput(query, key, value, mask, ignored, causal);
  }

  /** Returns this with queries that look only at places up to their own. */
  public AttentionInput withCausalMask() {
    return new AttentionInput(query, key, value, mask, keyPadding, true);
  }

  /** Returns this with {@code x} as the queries; as keys and values too if they were the same. */
  @SuppressWarnings("ReferenceEquality") // the question is whether it is the same one
  AttentionInput withQuery(Tensor x) {
    return new AttentionInput(
        x, key == query ? x : key, value == query ? x : value, mask, keyPadding, causal);
  }

  /** Returns whether every token looks at the tokens that ask. */
  @SuppressWarnings("ReferenceEquality") // the question is whether it is the same one
  boolean isSelf() {
    return key == query && value == query;
  }

  /** Returns the scores [N, heads, L, S] with −∞ where a query must not look. */
  Tensor masked(Tensor scores) {
    var result = scores;
    if (mask != null) {
      result = mask.dtype() == DType.BOOL ? hidden(mask, result) : result.add(mask);
    }
    if (keyPadding != null) {
      result = hidden(keyPadding.reshape(key.dim(0), 1, 1, key.dim(1)), result);
    }
    return causal ? hidden(later(query.dim(1), key.dim(1)), result) : result;
  }

  private static Tensor hidden(Tensor where, Tensor scores) {
    var never =
        Tensor.full(dev.cortado.tensor.Shape.SCALAR, scores.dtype(), Double.NEGATIVE_INFINITY);
    return where.where(never, scores);
  }

  private static Tensor later(int queries, int keys) {
    byte[] later = new byte[queries * keys];
    for (int i = 0; i < later.length; i++) {
      later[i] = (byte) (i % keys > i / keys ? 1 : 0);
    }
    return Tensor.wrap(DType.BOOL, later, dev.cortado.tensor.Shape.of(queries, keys));
  }
}
