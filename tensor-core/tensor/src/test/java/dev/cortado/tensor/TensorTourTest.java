package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.io.Npy;
import dev.cortado.tensor.io.Npz;
import dev.cortado.tensor.io.Safetensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/tensors.md, which quotes it; what it says is printed is printed. */
class TensorTourTest {
  private static void prints(Object value, String text) {
    assertThat(value).hasToString(text);
  }

  @Test
  void create() {
    prints(Tensor.vector(1, 2.5, -3), "Tensor F32[3] [ 1. ,  2.5, -3. ]");
    prints(
        Tensor.matrix(new double[][] {{1, 2}, {3, 4}}), "Tensor F32[2, 2]\n[[1., 2.],\n [3., 4.]]");
    prints(Tensor.of(new long[] {7, 0, 42}, 3), "Tensor I64[3] [ 7,  0, 42]");
    prints(Tensor.of(new boolean[] {true, false}, 2), "Tensor BOOL[2] [ true, false]");
    prints(Tensor.arange(6).reshape(2, 3), "Tensor F32[2, 3]\n[[0., 1., 2.],\n [3., 4., 5.]]");
    prints(Tensor.linspace(0, 1, 5), "Tensor F32[5] [0.  , 0.25, 0.5 , 0.75, 1.  ]");
    prints(Tensor.full(0.5, 2), "Tensor F32[2] [0.5, 0.5]");
    prints(Tensor.eye(2), "Tensor F32[2, 2]\n[[1., 0.],\n [0., 1.]]");
    prints(Tensor.scalar(3), "Tensor F32[] 3.");
  }

  @Test
  void javaAndBack() {
    float[] values = {1, 2, 3, 4};
    var x = Tensor.of(values, 2, 2); // not copied: x is a view of the array
    values[0] = 9;
    float[] copy = x.toFloats(); // copied, row-major, whatever the layout
    double sum = x.sum().item(); // the only element of a tensor that has one

    assertThat(copy).containsExactly(9, 2, 3, 4);
    assertThat(sum).isEqualTo(18);
  }

  @Test
  void index() {
    var x = Tensor.arange(12).reshape(3, 4);
    prints(x.select(0, 1), "Tensor F32[4] [4., 5., 6., 7.]");
    prints(x.narrow(1, 1, 2).narrow(0, 0, 2), "Tensor F32[2, 2]\n[[1., 2.],\n [5., 6.]]");
    prints(x.select(-1, 3).select(0, 2), "Tensor F32[] 11.");
    prints(
        x.indexSelect(0, Tensor.of(new long[] {2, 0}, 2)),
        "Tensor F32[2, 4]\n[[ 8.,  9., 10., 11.],\n [ 0.,  1.,  2.,  3.]]");
    prints(x.lessThan(2).where(x, Tensor.scalar(0)).select(0, 0), "Tensor F32[4] [0., 1., 0., 0.]");
    assertThatThrownBy(() -> x.select(0, 3))
        .isInstanceOf(CortadoException.class)
        .hasMessage("select: there is no index 3 on axis 0 of [3, 4], only 0 to 2");
    assertThatThrownBy(() -> x.select(1, -1)).hasMessageContaining("index -1 on axis 1");
    assertThatThrownBy(() -> Tensor.zeros(0, 2).select(0, 0)).hasMessageContaining("is empty");
  }

  @Test
  void views() {
    var x = Tensor.arange(6).reshape(2, 3);
    var turned = x.t();
    prints(turned, "Tensor F32[3, 2]\n[[0., 3.],\n [1., 4.],\n [2., 5.]]");
    prints(x.layout(), "offset 0, strides [3, 1]");
    prints(turned.layout(), "offset 0, strides [1, 3]");
    prints(turned.narrow(0, 1, 1).layout(), "offset 1, strides [1, 3]");
    prints(turned.contiguous().layout(), "offset 0, strides [2, 1]");

    assertThat(turned.storage()).isSameAs(x.storage());
    assertThat(turned.contiguous().storage()).isNotSameAs(x.storage());
    assertThat(turned.copy().storage()).isNotSameAs(x.storage());
  }

  @Test
  void broadcasting() {
    var x = Tensor.arange(6).reshape(2, 3);
    prints(
        x.add(Tensor.vector(10, 20, 30)), "Tensor F32[2, 3]\n[[10., 21., 32.],\n [13., 24., 35.]]");
    prints(x.sub(x.mean(true, 1)), "Tensor F32[2, 3]\n[[-1.,  0.,  1.],\n [-1.,  0.,  1.]]");
    assertThatThrownBy(() -> x.add(Tensor.ones(4)))
        .hasMessage(
            "add: shapes [2, 3] and [4] do not broadcast: dimension -1 is 3 and 4;"
                + " they must be equal, or one of them 1");
  }

  @Test
  void reduce() {
    var x = Tensor.arange(6).reshape(2, 3);
    prints(x.sum(), "Tensor F32[] 15.");
    prints(x.sum(0), "Tensor F32[3] [3., 5., 7.]");
    prints(x.mean(true, 1), "Tensor F32[2, 1]\n[[1.],\n [4.]]");
    prints(x.max(1), "Tensor F32[2] [2., 5.]");
    prints(x.argmax(1), "Tensor I64[2] [2, 2]");
    prints(x.std(), "Tensor F32[] 1.8708"); // divides by n − 1
    prints(x.std(0, false), "Tensor F32[] 1.7078"); // divides by n
    prints(x.norm(), "Tensor F32[] 7.4162");

    assertThat(x.min(0).equalTo(x.min(false, 0)).all().item()).isEqualTo(1);
    assertThat(x.argmin(1).toLongs()).containsExactly(0, 0);
    assertThat(x.variance().item()).isEqualTo(x.variance(1, false).item()).isEqualTo(3.5);
    assertThat(x.any().item()).isEqualTo(1);
    assertThat(x.all().item()).isZero();
  }

  @Test
  void types() {
    var x = Tensor.vector(2.7, -2.7, 1e10, Double.NaN);
    prints(x.to(DType.I32), "Tensor I32[4] [         2,         -2, 2147483647,          0]");
    prints(x.to(DType.BOOL), "Tensor BOOL[4] [ true,  true,  true,  true]");
    prints(
        Tensor.vector(0.1, 65519, 65520).to(DType.F16),
        "Tensor F16[3] [1.00e-01, 6.55e+04,      inf]");
    prints(Tensor.vector(0.1, 1.1).to(DType.BF16), "Tensor BF16[2] [0.1, 1.1]");
  }

  @Test
  void printing() {
    prints(
        Tensor.vector(1e-9, 1, Double.POSITIVE_INFINITY), "Tensor F32[3] [1.e-09, 1.e+00,    inf]");
    prints(Tensor.scalar(Math.PI), "Tensor F32[] 3.1416");
    assertThat(Tensor.scalar(Math.PI).toString(6)).isEqualTo("Tensor F32[] 3.141593");
    prints(
        Tensor.arange(10_000).reshape(100, 100),
        """
        Tensor F32[100, 100]
        [[0.000e+00, 1.000e+00, 2.000e+00, ..., 9.700e+01, 9.800e+01, 9.900e+01],
         [1.000e+02, 1.010e+02, 1.020e+02, ..., 1.970e+02, 1.980e+02, 1.990e+02],
         [2.000e+02, 2.010e+02, 2.020e+02, ..., 2.970e+02, 2.980e+02, 2.990e+02],
         ...,
         [9.700e+03, 9.701e+03, 9.702e+03, ..., 9.797e+03, 9.798e+03, 9.799e+03],
         [9.800e+03, 9.801e+03, 9.802e+03, ..., 9.897e+03, 9.898e+03, 9.899e+03],
         [9.900e+03, 9.901e+03, 9.902e+03, ..., 9.997e+03, 9.998e+03, 9.999e+03]]\
        """);
  }

  @Test
  void files(@TempDir Path folder) {
    var weights = Map.of("weight", Tensor.eye(2), "bias", Tensor.vector(0, 1));
    Safetensors.write(folder.resolve("model.safetensors"), weights, Map.of("made by", "me"));
    var file = Safetensors.read(folder.resolve("model.safetensors"));
    prints(file.tensor("bias"), "Tensor F32[2] [0., 1.]");
    prints(file.metadata(), "{made by=me}");

    Npy.write(folder.resolve("x.npy"), Tensor.arange(3));
    prints(Npy.read(folder.resolve("x.npy")), "Tensor F32[3] [0., 1., 2.]");

    Npz.write(folder.resolve("model.npz"), weights);
    prints(Npz.read(folder.resolve("model.npz")).tensor("bias"), "Tensor F32[2] [0., 1.]");
  }

  @Test
  void scopes() {
    var x = Tensor.ones(1000);
    Tensor kept;
    Tensor gone;
    try (var step = Scope.open()) {
      gone = x.mul(2);
      kept = step.keep(gone.add(1));
    }

    assertThat(kept.sum().item()).isEqualTo(3000);
    assertThatThrownBy(gone::sum)
        .hasMessage(
            "stale tensor: it was made by mul inside a Scope that has been closed;"
                + " call scope.keep(tensor) before the scope ends if it is needed longer");
  }

  @Test
  void backends() {
    var x = Tensor.vector(1, 2, 3);
    double fast = x.exp().sum().item();
    double slow = Backends.with(Backends.reference(), () -> x.exp().sum().item());

    assertThat(fast).isCloseTo(slow, org.assertj.core.api.Assertions.within(1e-4));
    assertThat(Backends.candidates()).isNotEmpty();
  }

  @Test
  void random() {
    var key = RandomKey.of(42);
    var a = Tensor.normal(key.split("first layer"), 64, 64);
    var b = Tensor.normal(key.split("second layer"), 64, 64);
    var again = Tensor.normal(RandomKey.of(42).split("first layer"), 64, 64);

    var noise = Tensor.uniform(key.split(0), 2, 3); // [0, 1)
    var bounded = Tensor.truncatedNormal(key.split(1), -2, 2, 2, 3);
    var mask = Tensor.bernoulli(key.split(2), 0.9, 2, 3); // BOOL
    var order = Tensor.permutation(key.split(3), 5); // I64

    assertThat(again.toFloats()).isEqualTo(a.toFloats()).isNotEqualTo(b.toFloats());
    assertThat(List.of(noise.dtype(), bounded.dtype(), mask.dtype(), order.dtype()))
        .containsExactly(DType.F32, DType.F32, DType.BOOL, DType.I64);
  }
}
