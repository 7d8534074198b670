package dev.cortado.tensor;

import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.AttentionOp;
import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.Epilogue;
import dev.cortado.tensor.op.MatMul;
import dev.cortado.tensor.op.Window2d;

/** Products, attention and convolutions. */
public sealed interface LinearMethods permits Tensor {
  /**
   * Returns the matrix product over the last two axes, [..., m, k] · [..., k, n]; leading axes
   * broadcast. A vector [k] counts as a row on the left and as a column on the right, and that axis
   * is not in the result: two vectors give their scalar product.
   */
  default Tensor matmul(Tensor other) {
    boolean row = self().rank() == 1;
    boolean column = other.rank() == 1;
    if (!row && !column) {
      return self().apply(new MatMul(Epilogue.NONE), other);
    }
    var product = (row ? self().unsqueeze(0) : self()).matmul(column ? other.unsqueeze(1) : other);
    var rows = row ? product.squeeze(-2) : product;
    return column ? rows.squeeze(-1) : rows;
  }

  /** Returns the products of two batches of matrices, [b, m, k] and [b, k, n]. */
  default Tensor bmm(Tensor other) {
    boolean fits = self().rank() == 3 && other.rank() == 3 && self().dim(0) == other.dim(0);
    if (!fits) {
      throw new CortadoException(
          "bmm: got " + self().spec() + " and " + other.spec() + "; expected [b, m, k], [b, k, n]");
    }
    return matmul(other);
  }

  /**
   * Returns {@code beta · this + alpha · a·b} for a [..., m, k], b [..., k, n] and this, which
   * broadcasts to [..., m, n]. Where beta is 0, NaN and infinities of this do not count.
   */
  default Tensor addmm(Tensor a, Tensor b, double beta, double alpha) {
    var formula = Formula.input(0).times(alpha).plus(Formula.input(1).times(beta));
    return a.apply(new MatMul(new Epilogue(formula, 1)), b, self());
  }

  /**
   * Returns {@code softmax(this · keyᵀ / √D) · value}, the softmax over the keys: of queries […, L,
   * D], key […, S, D] and value […, S, E] the result […, L, E], without a table of all weights.
   * Leading dimensions must be equal. Vaswani et al. 2017; Dao et al. 2022.
   */
  default Tensor attention(Tensor key, Tensor value) {
    return self().apply(new AttentionOp.Attention(1 / Math.sqrt(self().dim(-1))), key, value);
  }

  /**
   * Returns {@link #attention(Tensor, Tensor)} under a mask that broadcasts to […, L, S]: where one
   * of truth values is false, the query does not look at the key; one of numbers is added to the
   * scores. A query that may look at nothing gets NaN.
   */
  default Tensor attention(Tensor key, Tensor value, Tensor mask) {
    var scores = matmul(key.t()).mul(1 / Math.sqrt(self().dim(-1)));
    var masked =
        mask.dtype() == DType.BOOL
            ? scores.maskedFill(mask.not(), Double.NEGATIVE_INFINITY)
            : scores.add(mask);
    return masked.softmax(-1).matmul(value);
  }

  /** Returns all products {@code this[i] · other[j]} of two vectors, [n] and [m], as [n, m]. */
  default Tensor outer(Tensor other) {
    if (self().rank() != 1 || other.rank() != 1) {
      throw new CortadoException(
          "outer: got " + self().spec() + " and " + other.spec() + "; expected two vectors");
    }
    return self().unsqueeze(1).mul(other.unsqueeze(0));
  }

  /**
   * Returns this [..., rows, columns] with 0 above diagonal number {@code diagonal}: 0 is the main
   * one, 1 the one above it.
   */
  default Tensor tril(int diagonal) {
    return triangle(diagonal, true);
  }

  /** Returns this [..., rows, columns] with 0 below diagonal number {@code diagonal}. */
  default Tensor triu(int diagonal) {
    return triangle(diagonal, false);
  }

  private Tensor triangle(int diagonal, boolean lower) {
    var rows = Tensor.arange(self().dim(-2), DType.I64).add(diagonal).unsqueeze(1);
    var columns = Tensor.arange(self().dim(-1), DType.I64);
    var kept = lower ? columns.atMost(rows) : columns.atLeast(rows);
    return kept.where(self(), Tensor.full(Shape.SCALAR, self().dtype(), 0));
  }

  /** Returns {@code this · weightᵀ + bias} for this […, in], weight [out, in] and bias [out]. */
  default Tensor linear(Tensor weight, Tensor bias) {
    return self().apply(new MatMul(Epilogue.BIAS), weight.t(), bias);
  }

  /**
   * Returns the convolution of this batch [N, C, H, W] with {@code weight} [O, C/groups, kh, kw].
   */
  default Tensor conv2d(Tensor weight, Window2d window, int groups) {
    return self().apply(new ConvolutionOp.Conv2d(window, groups, Epilogue.NONE), weight);
  }

  /**
   * Returns the transposed convolution of this batch [N, C, H, W] with {@code weight} [C, O/groups,
   * kh, kw]: every pixel adds its multiple of the kernel to the result, {@code stride} apart. The
   * gradient of {@link #conv2d} by its input, as a layer.
   *
   * <p>The result is {@code (H − 1) · stride − borders + dilation · (kh − 1) + 1 + extraH} pixels
   * high; the borders are cut off.
   *
   * @param extraH rows added below, of the several heights that a convolution takes to H; less than
   *     the stride or than the dilation
   * @param extraW columns added to the right
   */
  default Tensor convTranspose2d(
      Tensor weight, Window2d window, int extraH, int extraW, int groups) {
    var x = self();
    boolean fits =
        x.rank() == 4
            && weight.rank() == 4
            && groups >= 1
            && weight.dim(0) == x.dim(1)
            && x.dim(1) % groups == 0;
    if (!fits) {
      throw new CortadoException(
          "convTranspose2d: got "
              + x.spec()
              + " and weight "
              + weight.spec()
              + " in "
              + groups
              + " group(s); expected images [N, C, H, W] and a kernel [C, O/groups, kh, kw]");
    }
    if (Math.min(extraH, extraW) < 0
        || extraH >= Math.max(window.strideH(), window.dilationH())
        || extraW >= Math.max(window.strideW(), window.dilationW())) {
      throw new CortadoException(
          "convTranspose2d: extra rows and columns must be at least 0 and less than the stride or"
              + " the dilation, got "
              + extraH
              + " and "
              + extraW
              + " with "
              + window);
    }
    if (extraH >= window.strideH() || extraW >= window.strideW()) {
      // No convolution takes so large an image to this one. What is added is what the border below
      // and to the right would cut off, and beyond that zeros.
      int below = Math.min(extraH, window.bottom());
      int beside = Math.min(extraW, window.right());
      return x.convTranspose2d(weight, window.reaching(below, beside), 0, 0, groups)
          .pad(0, 0, extraW - beside, 0, extraH - below);
    }
    int height =
        (x.dim(2) - 1) * window.strideH()
            - window.top()
            - window.bottom()
            + window.dilationH() * (weight.dim(2) - 1)
            + 1
            + extraH;
    int width =
        (x.dim(3) - 1) * window.strideW()
            - window.left()
            - window.right()
            + window.dilationW() * (weight.dim(3) - 1)
            + 1
            + extraW;
    if (height < 1 || width < 1) {
      throw new CortadoException(
          "convTranspose2d: nothing is left of " + x.shape() + " inside the borders of " + window);
    }
    var image = Shape.of(x.dim(0), weight.dim(1) * groups, height, width);
    return x.apply(new ConvolutionOp.Conv2dInputGradient(window, groups, image), weight);
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
