package dev.cortado.testkit;

import dev.cortado.tensor.Backends;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.HostStorage;
import dev.cortado.tensor.Ops;
import dev.cortado.tensor.Parallel;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Elementwise;
import dev.cortado.tensor.op.Op;
import dev.cortado.tensor.op.RandomOp;
import dev.cortado.tensor.spi.Backend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Proves a backend right: every op over shapes, layouts and extreme numbers against the reference
 * in F64, with the tolerance that belongs to the op; the same bits with any number of threads; in
 * place; without touching what it only reads.
 */
public final class Conformance {
  private final Backend backend;

  /** Creates the proof of {@code backend}. */
  public Conformance(Backend backend) {
    this.backend = backend;
  }

  /**
   * Checks the cases of the seeds {@code first … first + count - 1}.
   *
   * @throws AssertionError at the first wrong number: with seed, op, shapes, layouts, index and
   *     both values
   */
  public void check(OpSpec spec, long first, int count) {
    int accepted = 0;
    for (long seed = first; seed < first + count; seed++) {
      accepted += check(spec, seed) ? 1 : 0;
    }
    if (accepted < count / 2) {
      throw new AssertionError(
          "the spec of "
              + spec
              + " draws cases that the op does not accept: only "
              + accepted
              + " of "
              + count
              + " are valid");
    }
  }

  /**
   * Checks one case.
   *
   * @return whether the op accepts what was drawn; an empty shape may be too small for it
   */
  public boolean check(OpSpec spec, long seed) {
    var drawn = reference(() -> spec.draw(Draw.rough(seed)));
    try {
      drawn.op().infer(Ops.specs(drawn.inputs()));
    } catch (CortadoException e) {
      return false;
    }
    try {
      new Proof(drawn).run();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "%s on %s: %s%n  %s%n  repeat with new Conformance(backend).check(spec, %d)"
              .formatted(spec, backend.name(), e.getMessage(), drawn, seed),
          e);
    }
    return true;
  }

  /**
   * Checks one case with whole numbers in the place of floating ones, where the op takes them: they
   * have to come out in all their 64 bits. Where the reference refuses them when it computes, the
   * backend has to refuse them, too.
   *
   * @return whether the op takes whole numbers
   */
  public boolean checkWhole(OpSpec spec, long seed) {
    var drawn = reference(() -> spec.draw(Draw.rough(seed)));
    var inputs = reference(() -> whole(drawn.inputs(), new Draw(seed, 1, DType.F32)));
    try {
      drawn.op().infer(Ops.specs(inputs));
    } catch (CortadoException e) {
      return false;
    }
    var expected = outcome(Backends.reference(), drawn.op(), inputs);
    var actual = outcome(backend, drawn.op(), inputs);
    require(
        expected.equals(actual),
        "%s on %s, with whole numbers: not what the reference says%n  %s%n  repeat with new"
                .formatted(spec, backend.name(), new OpCase(drawn.op(), inputs))
            + " Conformance(backend).checkWhole(spec, "
            + seed
            + ")");
    return true;
  }

  private static List<Tensor> whole(List<Tensor> inputs, Draw draw) {
    var result = new ArrayList<Tensor>();
    for (var input : inputs) {
      if (input.dtype().isFloating()) {
        // Too large for doubles, and never 0, by which nothing could be divided.
        double[] values = input.toDoubles();
        long[] bits = new long[values.length];
        Arrays.setAll(bits, i -> Double.doubleToLongBits(values[i]) * 0x9E3779B97F4A7C15L | 1);
        var dense = Tensor.of(bits, input.shape().toArray());
        var layout = Layouts.values()[draw.between(0, Layouts.values().length - 1)];
        result.add(layout.of(dense, draw));
      } else {
        result.add(input);
      }
    }
    return result;
  }

  /** Returns the types, shapes and numbers that come out, or the refusal. */
  private static List<?> outcome(Backend backend, Op op, List<Tensor> inputs) {
    try {
      var results = Backends.with(backend, () -> Ops.applyAll(op, inputs));
      return reference(
          () ->
              results.stream()
                  .map(
                      y ->
                          y.spec()
                              + (y.dtype().isFloating()
                                  ? Arrays.toString(y.toDoubles())
                                  : Arrays.toString(y.toLongs())))
                  .toList());
    } catch (CortadoException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  private static <T> T reference(Supplier<T> body) {
    return Backends.with(Backends.reference(), body);
  }

  /** One case, with the truth about it. */
  private final class Proof {
    private final Op op;
    private final List<Tensor> inputs;
    private final List<Tensor> truth;
    private final double[][] allowed;

    Proof(OpCase drawn) {
      op = drawn.op();
      inputs = drawn.inputs();
      var exact = reference(() -> inputs.stream().map(Conformance::exact).toList());
      truth = reference(() -> Ops.applyAll(exact(op), exact));
      var precision = Precision.of(op.infer(Ops.specs(inputs)).getFirst().dtype());
      allowed = reference(() -> Tolerance.of(op, exact, truth, precision));
    }

    void run() {
      var before = inputs.stream().map(Conformance::array).toList();
      var results = compute(1);
      compare(results);
      for (int i = 0; i < before.size(); i++) {
        require(same(before.get(i), inputs.get(i)), "input " + i + " was overwritten");
      }
      for (int threads = 2; threads <= 3; threads++) {
        var again = compute(threads);
        for (int k = 0; k < results.size(); k++) {
          require(
              again.get(k).layout().equals(results.get(k).layout())
                  && sameBits(results.get(k), again.get(k)),
              "result " + k + " has other bits with " + threads + " threads than with one");
        }
      }
      if (op instanceof Elementwise elementwise) {
        inPlace(elementwise);
      }
    }

    private List<Tensor> compute(int threads) {
      var results = new ArrayList<Tensor>();
      Parallel.withThreads(
          threads, () -> results.addAll(Backends.with(backend, () -> Ops.applyAll(op, inputs))));
      return results;
    }

    /** Writes into tensors of other layouts, and over each input that has the result's shape. */
    private void inPlace(Elementwise elementwise) {
      var specs = elementwise.infer(Ops.specs(inputs));
      var outputs = new ArrayList<Tensor>();
      var arguments = new ArrayList<>(inputs);
      var draw = new Draw(inputs.size(), 1, DType.F32);
      for (int k = 0; k < specs.size(); k++) {
        var spec = specs.get(k);
        boolean overwrites = k < inputs.size() && inputs.get(k).spec().equals(spec);
        var source =
            overwrites ? inputs.get(k) : Tensor.full(spec.shape(), spec.dtype(), Double.NaN);
        var layout = Layouts.DISTINCT[(k + spec.shape().elements()) % Layouts.DISTINCT.length];
        var output = reference(() -> layout.of(source.copy().contiguous(), draw));
        outputs.add(output.storage().equals(source.storage()) ? output.copy() : output);
        if (overwrites) {
          arguments.set(k, outputs.getLast());
        }
      }
      Backends.with(
          backend,
          () -> {
            Ops.into(elementwise, arguments, outputs);
            return 0;
          });
      try {
        compare(outputs);
      } catch (AssertionError e) {
        throw new AssertionError("in place, into " + layouts(outputs) + ": " + e.getMessage(), e);
      }
    }

    private void compare(List<Tensor> results) {
      require(results.size() == truth.size(), "gave " + results.size() + " results");
      var specs = op.infer(Ops.specs(inputs));
      for (int k = 0; k < results.size(); k++) {
        var result = results.get(k);
        require(
            result.spec().equals(specs.get(k)),
            "result " + k + " is " + result.spec() + ", should be " + specs.get(k));
        double[] actual = reference(result::toDoubles);
        double[] expected = reference(truth.get(k)::toDoubles);
        for (int i = 0; i < actual.length; i++) {
          if (!agrees(actual[i], expected[i], result.dtype(), allowed[k][i])) {
            throw new AssertionError(
                "result %d at %s is %s, should be %s ± %.3g"
                    .formatted(k, index(result, i), actual[i], expected[i], allowed[k][i]));
          }
        }
      }
    }

    private boolean agrees(double actual, double expected, DType type, double allowed) {
      double largest = Precision.of(type).largest();
      if (allowed > largest / 2) {
        return true;
      }
      if (allowed > 0 && Math.abs(expected) + allowed > largest && Double.isInfinite(actual)) {
        return Math.signum(actual) == Math.signum(expected);
      }
      if (!Double.isFinite(expected) && !Tolerance.tellsSpecialsApart(op)) {
        return !Double.isFinite(actual);
      }
      boolean exact = allowed == 0 || op instanceof Elementwise;
      if (expected == 0 && actual == 0 && exact) {
        return Double.compare(actual, expected) == 0;
      }
      return Double.compare(actual, rounded(expected, type)) == 0
          || Math.abs(actual - expected) <= allowed;
    }
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }

  private static double rounded(double value, DType type) {
    return type == DType.F32 ? (float) value : value;
  }

  private static Tensor exact(Tensor x) {
    return x.dtype() == DType.F32 ? x.to(DType.F64) : x;
  }

  private static Op exact(Op op) {
    return op instanceof RandomOp r
        ? new RandomOp(r.distribution(), r.key(), r.shape(), DType.F64)
        : op;
  }

  /** Returns a copy of the whole storage. */
  private static Object array(Tensor x) {
    return switch (x.host().array()) {
      case float[] a -> a.clone();
      case double[] a -> a.clone();
      case long[] a -> a.clone();
      case int[] a -> a.clone();
      case byte[] a -> a.clone();
      case short[] a -> a.clone();
      default -> throw new IllegalStateException();
    };
  }

  private static boolean same(Object array, Tensor x) {
    var before = HostStorage.wrap(x.dtype(), array);
    for (int i = 0; i < before.size(); i++) {
      if (Double.compare(before.get(i), x.host().get(i)) != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameBits(Tensor a, Tensor b) {
    return Arrays.equals(reference(a::toDoubles), reference(b::toDoubles));
  }

  private static String layouts(List<Tensor> tensors) {
    return tensors.stream().map(x -> x.spec() + " (" + x.layout() + ")").toList().toString();
  }

  private static String index(Tensor x, int i) {
    int[] index = new int[x.rank()];
    for (int axis = x.rank() - 1; axis >= 0; axis--) {
      index[axis] = i % x.dim(axis);
      i /= x.dim(axis);
    }
    return Arrays.toString(index);
  }
}
