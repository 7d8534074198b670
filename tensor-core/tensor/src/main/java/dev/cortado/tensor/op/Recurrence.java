package dev.cortado.tensor.op;

import dev.cortado.tensor.DType;
import java.util.List;

/**
 * A linear recurrence along one axis: {@code y₀ = b₀, yᵢ = aᵢ · yᵢ₋₁ + bᵢ}; from the other end if
 * {@code reverse}. Inputs: a, b of one shape. The first element of a is not used. Running sums are
 * the case a = 1, running products have b = 0 but for its first element; the gradient of a
 * recurrence is the same recurrence run backwards. Blelloch 1990, section 1.4.
 */
public record Recurrence(int axis, boolean reverse) implements Op {
  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Check.count(this, inputs, 2);
    var b = inputs.get(1);
    Check.that(inputs.getFirst().equals(b), this, inputs, "a and b must be of one shape and type");
    Check.that(
        b.dtype() != DType.BOOL && b.dtype().isComputable(),
        this,
        inputs,
        "a recurrence needs numbers: convert with to(I64) or to(F32) first");
    Check.axis(this, inputs, b.shape(), axis);
    return List.of(b);
  }
}
