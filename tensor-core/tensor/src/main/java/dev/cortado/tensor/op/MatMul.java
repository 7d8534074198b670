package dev.cortado.tensor.op;

import dev.cortado.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Matrix product: {@code C[…, m, n] = Σₖ A[…, m, k] · B[…, k, n]}, leading dimensions broadcast,
 * then the epilogue. Inputs: A, B, the epilogue's extras. Transposed operands are views and cost
 * nothing.
 */
public record MatMul(Epilogue epilogue) implements Op {
  @Override
  public String name() {
    return "matmul";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Check.count(this, inputs, 2 + epilogue.extras());
    var a = inputs.get(0);
    var b = inputs.get(1);
    Check.that(
        a.shape().rank() >= 2 && b.shape().rank() >= 2 && a.shape().dim(-1) == b.shape().dim(-2),
        this,
        inputs,
        "expected [..., m, k] and [..., k, n] with equal k");
    Check.that(
        a.dtype() == b.dtype() && a.dtype().isFloating() && a.dtype().isComputable(),
        this,
        inputs,
        "expected two F32 or two F64 tensors");
    Shape batch = Shape.broadcast(name(), batch(a.shape()), batch(b.shape()));
    int[] dims = Arrays.copyOf(batch.toArray(), batch.rank() + 2);
    dims[batch.rank()] = a.shape().dim(-2);
    dims[batch.rank() + 1] = b.shape().dim(-1);
    var result = new TensorSpec(Shape.of(dims), a.dtype());
    epilogue.check(this, result, inputs.subList(2, inputs.size()));
    return List.of(result);
  }

  private static Shape batch(Shape shape) {
    return Shape.of(Arrays.copyOf(shape.toArray(), shape.rank() - 2));
  }
}
