package dev.cortado.tensor.op;

import dev.cortado.tensor.DType;
import java.util.List;

/**
 * Conversion to another element type.
 *
 * <ul>
 *   <li>To a floating type: the nearest number, of two the even one, rounded once; what is too
 *       large becomes infinite, NaN stays NaN.
 *   <li>From a floating type to I32 and I64: without the fraction; what is beyond the type becomes
 *       its nearest end, NaN becomes 0.
 *   <li>From I64 to I32: the last 32 bits, as everywhere in integer arithmetic.
 *   <li>To BOOL: whether it is not 0; NaN is not 0. From BOOL: 1 or 0.
 * </ul>
 */
public record Cast(DType dtype) implements Op {
  @Override
  public String name() {
    return "to";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Check.count(this, inputs, 1);
    return List.of(new TensorSpec(inputs.getFirst().shape(), dtype));
  }
}
