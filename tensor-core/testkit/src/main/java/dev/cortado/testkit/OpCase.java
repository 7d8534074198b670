package dev.cortado.testkit;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Op;
import java.util.List;

/** An op and inputs that it accepts. */
public record OpCase(Op op, List<Tensor> inputs) {
  /** Copies the list. */
  public OpCase {
    inputs = List.copyOf(inputs);
  }

  /** Returns the case of an op and its inputs. */
  public static OpCase of(Op op, Tensor... inputs) {
    return new OpCase(op, List.of(inputs));
  }

  /** Returns the op and the shapes, types and layouts of the inputs. */
  @Override
  public String toString() {
    return op + " of " + inputs.stream().map(x -> x.spec() + " (" + x.layout() + ")").toList();
  }
}
