package dev.cortado.benchmarks.kernel;

import static dev.cortado.tensor.formula.Formula.binary;
import static dev.cortado.tensor.formula.Formula.constant;
import static dev.cortado.tensor.formula.Formula.input;

import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.op.Axes;
import dev.cortado.tensor.op.ConvolutionOp;
import dev.cortado.tensor.op.Epilogue;
import dev.cortado.tensor.op.Fused;
import dev.cortado.tensor.op.MatMul;
import dev.cortado.tensor.op.ReductionOp;
import dev.cortado.tensor.op.Window2d;
import java.util.ArrayList;
import java.util.List;

/** Compiled formulas beside what they must not be slower than. */
final class FormulaCases {
  private static final int PIXELS = 16 * 112 * 112;
  private static final int CHANNELS = 96;
  private static final String ROWS = PIXELS + "x" + CHANNELS;

  private FormulaCases() {}

  static List<KernelCase> all() {
    var cases = new ArrayList<KernelCase>();
    chain(cases);
    reduction(cases);
    product(cases);
    convolution(cases);
    return cases;
  }

  /** clamp(x·a + b, 0, 6) + r with a and b for each channel, as an inverted residual block ends. */
  private static Formula clampedAndAdded() {
    return clamped(input(0).times(input(1)).plus(input(2))).plus(input(3));
  }

  private static Formula clamped(Formula x) {
    return binary(BinaryFunction.MIN, binary(BinaryFunction.MAX, x, constant(0)), constant(6));
  }

  private static void chain(List<KernelCase> cases) {
    int elements = PIXELS * CHANNELS;
    var shape = Integer.toString(elements);
    var hand = "by hand: scale, shift, clamp, add";
    cases.add(
        KernelCase.floats(
                "formula: scale, shift, clamp, add",
                shape,
                3.0 * elements,
                () -> {
                  var line = input(0).times(constant(0.75)).plus(constant(0.25));
                  var op = Fused.of(2, clamped(line).plus(input(1)));
                  var x = Cases.numbers(elements);
                  var residual = Cases.numbers(elements);
                  return Cases.step(() -> x.apply(op, residual));
                })
            .beside(hand));
    cases.add(
        KernelCase.floats(
            hand, shape, 3.0 * elements, () -> HandwrittenLoops.chain(elements, 0.75f, 0.25f)));
  }

  private static void reduction(List<KernelCase> cases) {
    double floats = 2.0 * PIXELS * CHANNELS;
    var hand = "by hand: sums of g and g (x - m)";
    cases.add(
        KernelCase.floats(
                "formula: sums of g and g (x - m)",
                ROWS,
                floats,
                () -> {
                  var distance = input(1).minus(input(2));
                  var terms = List.of(input(0), input(0).times(distance));
                  var op = new ReductionOp.SumOf(terms, 3, new Axes(List.of(0)), false);
                  var g = Cases.numbers(PIXELS, CHANNELS);
                  var x = Cases.numbers(PIXELS, CHANNELS);
                  var mean = Cases.numbers(CHANNELS);
                  return Cases.step(() -> g.apply(op, x, mean));
                })
            .beside(hand));
    cases.add(KernelCase.floats(hand, ROWS, floats, () -> HandwrittenLoops.sums(PIXELS, CHANNELS)));
  }

  /** The control is the product alone: an epilogue must cost next to nothing. */
  private static void product(List<KernelCase> cases) {
    int m = 12544;
    int n = 96;
    int k = 96;
    double flops = 2.0 * m * n * k;
    var shape = "%dx%dx%d".formatted(m, n, k);
    var bare = "product without epilogue";
    var op = new MatMul(new Epilogue(clampedAndAdded(), 3));
    cases.add(
        KernelCase.flops(
                "product, formula as epilogue",
                shape,
                flops,
                () -> {
                  var a = Cases.numbers(m, k);
                  var b = Cases.numbers(n, k).t();
                  var scale = Cases.numbers(n);
                  var shift = Cases.numbers(n);
                  var residual = Cases.numbers(m, n);
                  return Cases.step(() -> a.apply(op, b, scale, shift, residual));
                })
            .beside(bare));
    cases.add(
        KernelCase.flops(
            bare,
            shape,
            flops,
            () -> {
              var a = Cases.numbers(m, k);
              var b = Cases.numbers(n, k).t();
              return Cases.step(() -> a.matmul(b));
            }));
  }

  private static void convolution(List<KernelCase> cases) {
    int batch = 2;
    int in = 48;
    int out = 192;
    int size = 96;
    double flops = 2.0 * batch * size * size * out * in * 9;
    var shape = "%d x %d->%d @%d".formatted(batch, in, out, size);
    var bare = "conv 3x3 without epilogue";
    var window = Window2d.of(1, 1);
    var plain = new ConvolutionOp.Conv2d(window, 1, Epilogue.NONE);
    var full = new ConvolutionOp.Conv2d(window, 1, new Epilogue(clampedAndAdded(), 3));
    cases.add(
        KernelCase.flops(
                "conv 3x3, formula as epilogue",
                shape,
                flops,
                () -> {
                  var x = Cases.images(batch, in, size, size);
                  var w = Cases.numbers(out, in, 3, 3);
                  var scale = Cases.numbers(out, 1, 1);
                  var shift = Cases.numbers(out, 1, 1);
                  var residual = Cases.images(batch, out, size, size);
                  return Cases.step(() -> x.apply(full, w, scale, shift, residual));
                })
            .beside(bare));
    cases.add(
        KernelCase.flops(
            bare,
            shape,
            flops,
            () -> {
              var x = Cases.images(batch, in, size, size);
              var w = Cases.numbers(out, in, 3, 3);
              return Cases.step(() -> x.apply(plain, w));
            }));
  }
}
