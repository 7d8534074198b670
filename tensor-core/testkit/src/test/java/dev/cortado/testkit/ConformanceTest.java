package dev.cortado.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Storage;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.UnaryFunction;
import dev.cortado.tensor.op.Elementwise;
import dev.cortado.tensor.op.Op;
import dev.cortado.tensor.op.RandomOp;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.spi.Backend;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The proof accepts the reference, and nothing that is wrong in any way. */
class ConformanceTest {
  static List<OpSpec> specs() {
    return OpSpecs.all();
  }

  private static OpSpec spec(String name) {
    return OpSpecs.all().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("specs")
  void acceptsTheReference(OpSpec spec) {
    new Conformance(Backends.reference()).check(spec, 0, 12);
  }

  @Test
  void everyOpHasASpec() {
    var types = new HashSet<Class<?>>();
    OpSpecs.all().forEach(spec -> types.add(spec.type()));
    assertThat(OpSpecs.family()).hasSizeGreaterThan(35);
    assertThat(types).containsAll(OpSpecs.family());
    assertThat(OpSpecs.all().stream().map(OpSpec::name)).doesNotHaveDuplicates();
  }

  @Test
  void everyScalarFunctionHasASpec() {
    for (var function : UnaryFunction.values()) {
      assertThat(spec(function.method())).isNotNull();
    }
    for (var function : BinaryFunction.values()) {
      assertThat(spec(function.method())).isNotNull();
    }
  }

  /** As messages call it. Affine maps can be products or sums; random numbers are one spec. */
  @Test
  void aSpecIsCalledWhatItsOpIs() {
    for (var spec : specs()) {
      var names = new HashSet<String>();
      for (int seed = 0; seed < 4; seed++) {
        names.add(spec.draw(new Draw(seed, 2, DType.F64)).op().name());
      }
      if (spec.type() != RandomOp.class) {
        assertThat(spec.name().split(" ")).containsAnyElementsOf(names);
      }
    }
  }

  /** The reference, with something wrong about it. */
  private abstract static class Sabotage implements Backend {
    private final Backend right = Backends.reference();

    @Override
    public String name() {
      return "sabotage";
    }

    @Override
    public String description() {
      return name();
    }

    @Override
    public Storage allocate(TensorSpec spec, String origin) {
      return right.allocate(spec, origin);
    }

    @Override
    public List<Tensor> run(Op op, List<Tensor> inputs, List<TensorSpec> results) {
      var y = right.run(op, inputs, results);
      spoil(inputs, y);
      return y;
    }

    @Override
    public void runInto(Elementwise op, List<Tensor> inputs, List<Tensor> outputs) {
      right.runInto(op, inputs, outputs);
    }

    void spoil(List<Tensor> inputs, List<Tensor> results) {}
  }

  private static void refuses(String spec, Backend wrong, String... says) {
    assertThatThrownBy(() -> new Conformance(wrong).check(spec(spec), 0, 48))
        .isInstanceOf(AssertionError.class)
        .satisfies(e -> List.of(says).forEach(part -> assertThat(e).hasMessageContaining(part)))
        .message()
        .startsWith(spec + " on sabotage: ")
        .contains("repeat with new Conformance(backend).check(spec, ");
  }

  @Test
  void noticesOneWrongNumber() {
    refuses(
        "sum",
        new Sabotage() {
          @Override
          void spoil(List<Tensor> inputs, List<Tensor> results) {
            var y = results.getFirst();
            if (y.elements() > 100) {
              y.host().set(y.elements() - 1, y.host().get(y.elements() - 1) + 1e-3);
            }
          }
        },
        "result 0 at [",
        "should be",
        "±",
        "strides");
  }

  @Test
  void noticesThatALayoutIsIgnored() {
    refuses(
        "neg",
        new Sabotage() {
          @Override
          void spoil(List<Tensor> inputs, List<Tensor> results) {
            var x = inputs.getFirst();
            for (int i = 0; i < x.elements() && x.storage().size() >= x.elements(); i++) {
              results.getFirst().host().set(i, -x.host().get(i));
            }
          }
        });
  }

  @Test
  void noticesThatNanIsSwallowed() {
    refuses(
        "exp",
        new Sabotage() {
          @Override
          void spoil(List<Tensor> inputs, List<Tensor> results) {
            var y = results.getFirst().host();
            for (int i = 0; i < y.size(); i++) {
              y.set(i, Double.isNaN(y.get(i)) ? 0 : y.get(i));
            }
          }
        },
        "should be NaN");
  }

  @Test
  void noticesThatAZeroLosesItsSign() {
    refuses(
        "identity",
        new Sabotage() {
          @Override
          void spoil(List<Tensor> inputs, List<Tensor> results) {
            var y = results.getFirst().host();
            for (int i = 0; i < y.size(); i++) {
              y.set(i, y.get(i) + 0.0);
            }
          }
        },
        "is 0.0, should be -0.0");
  }

  @Test
  void noticesBitsThatDependOnTheNumberOfThreads() {
    refuses(
        "tanh",
        new Sabotage() {
          @Override
          void spoil(List<Tensor> inputs, List<Tensor> results) {
            var y = results.getFirst();
            if (Parallel.threads() == 3 && y.dtype() == DType.F32 && y.elements() > 0) {
              y.host().floats()[0] = Math.nextUp(y.host().floats()[0]);
            }
          }
        },
        "other bits with 3 threads");
  }

  @Test
  void noticesThatAnInputIsOverwritten() {
    refuses(
        "max",
        new Sabotage() {
          @Override
          void spoil(List<Tensor> inputs, List<Tensor> results) {
            var x = inputs.getFirst();
            if (x.elements() > 0) {
              x.host().set(x.layout().offset(), 7);
            }
          }
        },
        "input 0 was overwritten");
  }

  @Test
  void noticesThatWritingInPlaceReadsWhatItHasWritten() {
    refuses(
        "add",
        new Sabotage() {
          @Override
          public void runInto(Elementwise op, List<Tensor> inputs, List<Tensor> outputs) {
            super.runInto(op, inputs, outputs);
            super.runInto(op, inputs, outputs);
          }
        },
        "in place, into");
  }

  @Test
  void noticesResultsOfAnotherShape() {
    refuses(
        "softmax",
        new Sabotage() {
          @Override
          public List<Tensor> run(Op op, List<Tensor> inputs, List<TensorSpec> results) {
            return super.run(op, inputs, results).stream().map(y -> y.unsqueeze(0)).toList();
          }
        },
        "result 0 is F");
  }

  @Test
  void noticesWholeNumbersThatWentThroughDoubles() {
    var wrong =
        new Sabotage() {
          @Override
          void spoil(List<Tensor> inputs, List<Tensor> results) {
            var y = results.getFirst().host();
            for (int i = 0; i < y.size(); i++) {
              y.set(i, y.get(i));
            }
          }
        };
    for (var name : List.of("add", "sum", "indexSelect", "max", "recurrence")) {
      assertThatThrownBy(
              () -> {
                for (long seed = 0; seed < 8; seed++) {
                  new Conformance(wrong).checkWhole(spec(name), seed);
                }
              })
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining(name + " on sabotage, with whole numbers")
          .hasMessageContaining("checkWhole(spec, ");
    }
    assertThat(new Conformance(wrong).checkWhole(spec("exp"), 0)).isFalse();
  }

  @Test
  void acceptsAnErrorOfTheLastBit() {
    var rounding =
        new Sabotage() {
          @Override
          void spoil(List<Tensor> inputs, List<Tensor> results) {
            var y = results.getFirst();
            boolean usual = y.dtype() == DType.F32 && y.elements() > 0;
            if (usual && y.host().floats()[0] != 0 && Float.isFinite(y.host().floats()[0])) {
              y.host().floats()[0] = Math.nextUp(y.host().floats()[0]);
            }
          }
        };
    for (var name : List.of("exp", "matmul", "softmax", "layerNorm", "avgPool2d")) {
      assertThatCode(() -> new Conformance(rounding).check(spec(name), 0, 12))
          .doesNotThrowAnyException();
    }
  }
}
