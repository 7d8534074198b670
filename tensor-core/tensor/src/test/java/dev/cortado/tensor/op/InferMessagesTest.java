package dev.cortado.tensor.op;

import static dev.cortado.tensor.formula.Formula.input;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.UnaryFunction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each op says to inputs that it does not accept: its name, what it got, what would fit. */
class InferMessagesTest {
  private static final Window2d PLAIN = Window2d.of(1, 0);

  /** An op, inputs that do not fit, and parts of what it must say. */
  record Refusal(Op op, List<TensorSpec> inputs, List<String> says) {
    @Override
    public String toString() {
      return op.name() + " of " + inputs;
    }
  }

  private static TensorSpec f32(int... dims) {
    return new TensorSpec(Shape.of(dims), DType.F32);
  }

  private static TensorSpec typed(DType type, int... dims) {
    return new TensorSpec(Shape.of(dims), type);
  }

  private static Refusal refusal(Op op, List<TensorSpec> inputs, String... says) {
    return new Refusal(op, inputs, List.of(says));
  }

  static List<Refusal> refusals() {
    var all = new ArrayList<Refusal>();
    elementwise(all);
    reductions(all);
    linear(all);
    spatial(all);
    gradients(all);
    normalizations(all);
    attention(all);
    placing(all);
    views(all);
    return all;
  }

  private static void elementwise(List<Refusal> all) {
    var add = new Arithmetic.Binary(BinaryFunction.ADD);
    all.add(refusal(add, List.of(f32(2)), "add takes 2 inputs, got 1", "F32[2]"));
    all.add(refusal(add, List.of(f32(2, 3), f32(4, 3)), "add", "[2, 3]", "[4, 3]", "broadcast"));
    all.add(
        refusal(
            add, List.of(f32(2), typed(DType.I64, 2)), "add", "F32", "I64", "convert", "to(...)"));
    all.add(
        refusal(
            new Arithmetic.Unary(UnaryFunction.EXP),
            List.of(typed(DType.F16, 2)),
            "exp",
            "F16[2]",
            "to(F32)"));
    all.add(
        refusal(new Arithmetic.Where(), List.of(f32(2), f32(2)), "where takes 3 inputs, got 2"));
    all.add(refusal(Fused.of(2, input(0)), List.of(f32(2)), "fused takes 2 inputs, got 1"));
    all.add(
        refusal(
            new Arithmetic.Unary(UnaryFunction.SQRT),
            List.of(typed(DType.I64, 2)),
            "sqrt",
            "I64[2]",
            "convert with to(F32)"));
    all.add(
        refusal(
            new Arithmetic.Affine(0.5, 0), List.of(typed(DType.I32, 2)), "mul", "0.5", "whole"));
    var truths = typed(DType.BOOL, 2);
    all.add(
        refusal(
            new Arithmetic.Binary(BinaryFunction.SUBTRACT),
            List.of(truths, truths),
            "sub",
            "BOOL[2]",
            "convert with to(I64)"));
    all.add(
        refusal(
            new Arithmetic.WithNumber(BinaryFunction.EQUAL, 2), List.of(truths), "equalTo", "2.0"));
    all.add(refusal(new Cast(DType.F32), List.of(), "to takes 1 inputs, got 0"));
  }

  private static void reductions(List<Refusal> all) {
    var first = new Axes(List.of(0));
    var sum = new ReductionOp.SumOf(List.of(input(0)), 1, first, false);
    all.add(refusal(sum, List.of(), "sum takes 1 inputs, got 0"));
    all.add(refusal(sum, List.of(f32()), "sum", "axis 0"));
    all.add(
        refusal(
            new ReductionOp.Extremum(true, first, false),
            List.of(f32(0, 3)),
            "max",
            "F32[0, 3]",
            "undefined"));
    all.add(refusal(new ReductionOp.ArgMax(1, false), List.of(f32(2)), "argmax", "axis 1"));
    all.add(refusal(new ReductionOp.ArgMax(0, false), List.of(f32(0)), "argmax", "undefined"));
    all.add(refusal(new ReductionOp.ArgMin(1, false), List.of(f32(2)), "argmin", "axis 1"));
    all.add(refusal(new ReductionOp.ArgMin(0, false), List.of(f32(0)), "argmin", "undefined"));
    all.add(refusal(new Sort(1, false), List.of(f32(2)), "sort", "axis 1"));
    var scan = new Recurrence(0, false);
    all.add(refusal(scan, List.of(f32(2), f32(3)), "recurrence", "F32[3]", "one shape"));
    var truths = typed(DType.BOOL, 2);
    all.add(refusal(scan, List.of(truths, truths), "recurrence", "BOOL[2]", "numbers"));
    all.add(refusal(scan, List.of(f32(), f32()), "recurrence", "axis 0"));
  }

  private static void linear(List<Refusal> all) {
    var product = new MatMul(Epilogue.NONE);
    all.add(refusal(product, List.of(f32(2, 3)), "matmul takes 2 inputs, got 1"));
    all.add(
        refusal(
            product, List.of(f32(2, 3), f32(4, 5)), "matmul", "F32[2, 3]", "F32[4, 5]", "equal k"));
    all.add(refusal(product, List.of(f32(3), f32(3, 5)), "matmul", "F32[3]", "[..., m, k]"));
    all.add(
        refusal(
            product,
            List.of(f32(2, 3), typed(DType.F64, 3, 5)),
            "matmul",
            "F64[3, 5]",
            "two F32 or two F64"));
    all.add(
        refusal(product, List.of(f32(2, 1, 3), f32(4, 3, 5)), "matmul", "[2]", "[4]", "broadcast"));
    all.add(
        refusal(
            new MatMul(Epilogue.BIAS),
            List.of(f32(2, 3), f32(3, 5), f32(4)),
            "matmul",
            "F32[4]",
            "F32[2, 5]"));
    var conv = new ConvolutionOp.Conv2d(PLAIN, 1, Epilogue.NONE);
    var image = f32(2, 3, 8, 8);
    all.add(refusal(conv, List.of(image), "conv2d takes 2 inputs, got 1"));
    all.add(refusal(conv, List.of(image, f32(4, 3, 3)), "conv2d", "[O, C/groups, kh, kw]"));
    all.add(refusal(conv, List.of(image, f32(4, 2, 3, 3)), "conv2d", "1 group(s)", "C = 3"));
    all.add(refusal(conv, List.of(image, f32(4, 3, 9, 3)), "conv2d", "does not fit"));
    all.add(
        refusal(
            conv,
            List.of(image, typed(DType.F64, 4, 3, 3, 3)),
            "conv2d",
            "F64[4, 3, 3, 3]",
            "one floating type"));
    all.add(
        refusal(
            new ConvolutionOp.Conv2d(PLAIN, 2, Epilogue.NONE),
            List.of(f32(2, 4, 8, 8), f32(3, 2, 3, 3)),
            "conv2d",
            "2 group(s)",
            "multiple"));
    all.add(
        refusal(
            new ConvolutionOp.Conv2d(PLAIN, 0, Epilogue.NONE),
            List.of(f32(2, 0, 8, 8), f32(3, 2, 3, 3)),
            "conv2d",
            "group"));
    all.add(
        refusal(
            new ConvolutionOp.Conv2d(PLAIN, 1, Epilogue.BIAS),
            List.of(image, f32(4, 3, 3, 3), f32(4)),
            "conv2d",
            "F32[4]",
            "F32[2, 4, 6, 6]"));
    var pool = new PoolingOp.MaxPool2d(3, 3, PLAIN);
    all.add(refusal(pool, List.of(f32(3, 8, 8)), "maxPool2d", "[N, C, H, W]"));
    all.add(refusal(pool, List.of(f32(1, 3, 2, 8)), "maxPool2d", "does not fit"));
    all.add(
        refusal(
            new PoolingOp.MaxPool2d(2, 2, Window2d.of(1, 2)),
            List.of(image),
            "maxPool2d",
            "border"));
    all.add(
        refusal(
            new PoolingOp.AvgPool2d(2, 2, PLAIN, true),
            List.of(f32(3, 8, 8)),
            "avgPool2d",
            "[N, C, H, W]"));
  }

  private static void spatial(List<Refusal> all) {
    var image = f32(2, 3, 8, 8);
    var resample = new SpatialOp.Resample(Taps.identity(8), Taps.identity(7));
    all.add(refusal(resample, List.of(image), "resample", "[N, C, 8, 7]"));
    all.add(refusal(resample, List.of(typed(DType.I64, 2, 3, 8, 7)), "resample", "F32 or F64"));
    var unfold = new SpatialOp.Unfold(9, 1, PLAIN);
    all.add(refusal(unfold, List.of(image), "unfold2d", "does not fit"));
    all.add(refusal(unfold, List.of(f32(3, 8, 8)), "unfold2d", "[N, C, H, W]"));
    var fold = new SpatialOp.Fold(3, 2, PLAIN, 8, 8);
    all.add(refusal(fold, List.of(f32(2, 17, 42)), "fold2d", "[N, C·3·2, L]"));
    all.add(refusal(fold, List.of(f32(2, 18, 41)), "fold2d", "8×8", "6·7 windows"));
    var adaptive = new PoolingOp.AdaptiveMaxPool2d(2, 2);
    all.add(refusal(adaptive, List.of(f32(2, 3, 0, 8)), "adaptiveMaxPool2d", "undefined"));
    all.add(refusal(adaptive, List.of(f32(3, 8, 8)), "adaptiveMaxPool2d", "[N, C, H, W]"));
  }

  private static void gradients(List<Refusal> all) {
    var x = Shape.of(2, 3, 8, 8);
    var w = Shape.of(4, 3, 3, 3);
    all.add(
        refusal(
            new ConvolutionOp.Conv2dInputGradient(PLAIN, 1, x),
            List.of(f32(2, 4, 5, 6), f32(4, 3, 3, 3)),
            "conv2dInputGradient",
            "F32[2, 4, 5, 6]",
            "[2, 4, 6, 6]"));
    all.add(
        refusal(
            new ConvolutionOp.Conv2dWeightGradient(PLAIN, 1, w),
            List.of(f32(2, 4, 6, 6), f32(1, 3, 8, 8)),
            "conv2dWeightGradient",
            "[1, 4, 6, 6]"));
    all.add(
        refusal(
            new PoolingOp.MaxPool2dGradient(x),
            List.of(f32(2, 3, 6, 6), f32(2, 3, 6, 6)),
            "maxPool2dGradient",
            "I64"));
    all.add(
        refusal(
            new PoolingOp.MaxPool2dGradient(x),
            List.of(f32(2, 3, 6, 6), typed(DType.I64, 2, 3, 6, 5)),
            "maxPool2dGradient",
            "I64[2, 3, 6, 5]"));
    all.add(
        refusal(
            new PoolingOp.AvgPool2dGradient(3, 3, PLAIN, true, x),
            List.of(f32(2, 3, 5, 6)),
            "avgPool2dGradient",
            "[2, 3, 6, 6]"));
  }

  private static void attention(List<Refusal> all) {
    var forward = new AttentionOp.Attention(0.5);
    var q = f32(2, 4, 8);
    var k = f32(2, 5, 8);
    var v = f32(2, 5, 3);
    all.add(refusal(forward, List.of(q, k), "attention takes 3 inputs, got 2"));
    all.add(refusal(forward, List.of(q, k, f32(2, 6, 3)), "attention", "v [..., S, E]"));
    all.add(refusal(forward, List.of(q, f32(3, 5, 8), f32(3, 5, 3)), "attention", "F32[3, 5, 8]"));
    all.add(refusal(forward, List.of(q, f32(2, 0, 8), f32(2, 0, 3)), "attention", "S at least 1"));
    all.add(
        refusal(
            forward, List.of(q, k, typed(DType.F64, 2, 5, 3)), "attention", "one floating type"));
    var backward = new AttentionOp.AttentionGradient(0.5);
    var row = f32(2, 4, 1);
    all.add(refusal(backward, List.of(q, k, v), "attentionGradient takes 6 inputs, got 3"));
    all.add(
        refusal(
            backward,
            List.of(f32(2, 4, 3), q, k, v, row, f32(2, 4)),
            "attentionGradient",
            "[2, 4, 1]"));
    all.add(refusal(backward, List.of(q, q, k, v, row, row), "attentionGradient", "[..., L, E]"));
  }

  private static void normalizations(List<Refusal> all) {
    var batch = new NormalizationOp.BatchNorm(1e-5, input(0));
    var three = f32(3);
    all.add(refusal(batch, List.of(f32(2, 3)), "batchNorm takes 3 inputs, got 1"));
    all.add(refusal(batch, List.of(f32(3), three, three), "batchNorm", "[N, C, H, W]"));
    all.add(refusal(batch, List.of(f32(2, 4), three, three), "batchNorm", "must be [4]"));
    all.add(refusal(batch, List.of(f32(1, 3), three, three), "batchNorm", "larger batch"));
    all.add(refusal(batch, List.of(f32(0, 3), three, three), "batchNorm", "larger batch"));
    all.add(
        refusal(
            batch,
            List.of(f32(2, 3), three, typed(DType.F64, 3)),
            "batchNorm",
            "F64[3]",
            "one floating type"));
    var layer = new NormalizationOp.LayerNorm(1e-5);
    all.add(refusal(layer, List.of(f32(), three, three), "layerNorm", "[..., D]"));
    all.add(refusal(layer, List.of(f32(2, 4), three, f32(4)), "layerNorm", "must be [4]"));
    all.add(refusal(layer, List.of(f32(2, 0), f32(0), f32(0)), "layerNorm", "nothing"));
    all.add(
        refusal(
            layer,
            List.of(typed(DType.I64, 2, 3), three, three),
            "layerNorm",
            "one floating type"));
    var softmax = new NormalizationOp.Softmax(0, false);
    all.add(refusal(softmax, List.of(typed(DType.I64, 3)), "softmax", "I64[3]", "floating"));
    all.add(refusal(softmax, List.of(typed(DType.F16, 3)), "softmax", "F16[3]"));
    all.add(refusal(softmax, List.of(f32()), "softmax", "axis 0"));
    var gradient = new NormalizationOp.SoftmaxGradient(0, false);
    all.add(refusal(gradient, List.of(f32(3), f32(4)), "softmaxGradient", "must be [4]"));
    all.add(refusal(gradient, List.of(f32(), f32()), "softmaxGradient", "axis 0"));
    var byRows = new NormalizationOp.LayerNormGradient();
    var rows = f32(2, 4);
    var row = f32(2, 1);
    all.add(
        refusal(byRows, List.of(f32(2, 3), rows, row, row, f32(4)), "layerNormGradient", "[2, 1]"));
    all.add(refusal(byRows, List.of(rows, rows, row, row, three), "layerNormGradient", "[4]"));
    all.add(refusal(byRows, List.of(rows, rows, f32(2), row, f32(4)), "[2, 1]"));
    all.add(refusal(byRows, List.of(f32(2, 0), f32(2, 0), row, row, f32(0)), "mean of nothing"));
  }

  private static void placing(List<Refusal> all) {
    all.add(refusal(new IndexOp.OneHot(3), List.of(f32(2)), "oneHot", "F32[2]", "I64"));
    all.add(refusal(new IndexOp.Cat(0), List.of(), "cat", "at least one"));
    all.add(
        refusal(new IndexOp.Cat(0), List.of(f32(2, 3), f32(2, 4)), "cat", "F32[2, 4]", "axis 0"));
    all.add(refusal(new IndexOp.Cat(0), List.of(f32(2, 3), typed(DType.F64, 2, 3)), "cat", "F64"));
    all.add(refusal(new IndexOp.Cat(2), List.of(f32(2, 3)), "cat", "axis 2"));
    all.add(refusal(new IndexOp.ZeroPad(0, -1, 0), List.of(f32(2)), "zeroPad", "-1"));
    var select = new IndexOp.IndexSelect(0);
    all.add(refusal(select, List.of(f32(2, 3), f32(2)), "indexSelect", "I64 [n]"));
    all.add(refusal(select, List.of(f32(2, 3), typed(DType.I64, 2, 1)), "indexSelect", "I64 [n]"));
    var add = new IndexOp.IndexAdd(0, 5);
    all.add(refusal(add, List.of(f32(2, 3), f32(2)), "indexAdd", "I64[2]"));
    all.add(refusal(add, List.of(f32(2, 3), typed(DType.I64, 3)), "indexAdd", "I64[2]"));
    var gather = new IndexOp.Gather(1);
    all.add(refusal(gather, List.of(f32(2, 3), f32(2, 1)), "gather", "F32[2, 1]", "I64"));
    all.add(refusal(gather, List.of(f32(2, 3), typed(DType.I64, 2)), "gather", "rank of x"));
    all.add(
        refusal(
            gather, List.of(f32(2, 3), typed(DType.I64, 3, 1)), "gather", "I64[3, 1]", "axis 1"));
    var index = typed(DType.I64, 2, 1);
    var scatter = new IndexOp.Scatter(0);
    all.add(refusal(scatter, List.of(f32(2, 3), index, f32(2, 2)), "scatter", "F32[2, 1]"));
    var scatterAdd = new IndexOp.ScatterAdd(2);
    all.add(refusal(scatterAdd, List.of(f32(2, 3), index, f32(2, 1)), "scatterAdd", "axis 2"));
    all.add(refusal(new IndexOp.NonZero(7), List.of(f32(2, 3)), "nonZero", "F32[2, 3]", "7"));
    var random =
        new RandomOp(RandomOp.Distribution.UNIFORM, RandomKey.of(1), Shape.of(2), DType.I64);
    all.add(refusal(random, List.of(), "uniform", "I64", "floating"));
    all.add(refusal(random, List.of(f32(2)), "uniform takes 0 inputs, got 1"));
  }

  private static void views(List<Refusal> all) {
    all.add(refusal(new ViewOp.Permute(List.of(0, 0)), List.of(f32(2, 3)), "permute", "[0, 0]"));
    all.add(refusal(new ViewOp.Permute(List.of(0)), List.of(f32(2, 3)), "permute", "[2, 3]"));
    all.add(refusal(new ViewOp.Permute(List.of(0, 2)), List.of(f32(2, 3)), "permute", "[0, 2]"));
    all.add(refusal(new ViewOp.Reshape(Shape.of(5)), List.of(f32(2, 3)), "reshape", "6", "[5]"));
    all.add(refusal(new ViewOp.Expand(Shape.of(2, 4)), List.of(f32(2, 3)), "expand", "[2, 4]"));
    all.add(refusal(new ViewOp.Narrow(1, 2, 2), List.of(f32(2, 3)), "narrow", "2 … 3", "axis 1"));
    all.add(refusal(new ViewOp.Narrow(2, 0, 1), List.of(f32(2, 3)), "axis 2"));
    all.add(refusal(new ViewOp.Diagonal(0, 1, 1), List.of(f32(2, 3)), "diagonal", "twice 1"));
    all.add(refusal(new ViewOp.Windows(1, 4, 1), List.of(f32(2, 3)), "unfold", "[2, 3]", "axis 1"));
    all.add(refusal(new ViewOp.Windows(1, 1, 0), List.of(f32(2, 3)), "unfold", "0 apart"));
    all.add(
        refusal(new ViewOp.Contiguous(true), List.of(f32(2, 3)), "channels-last", "[N, C, H, W]"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void saysWhatWasWrong(Refusal refusal) {
    assertThatThrownBy(() -> refusal.op().infer(refusal.inputs()))
        .isInstanceOf(CortadoException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(refusal.says()).doesNotContain("\n"));
  }

  @Test
  void everyOpOfTheFamilyIsInTheTable() {
    var tested = refusals().stream().map(r -> (Object) r.op().getClass()).toList();
    var family = new ArrayList<Class<?>>();
    collect(Op.class, family);
    assertThat(family).hasSizeGreaterThan(20);
    assertThat(tested).containsAll(family);
  }

  private static void collect(Class<?> type, List<Class<?>> records) {
    if (type.isRecord()) {
      records.add(type);
    } else if (type.isSealed()) {
      for (var permitted : type.getPermittedSubclasses()) {
        collect(permitted, records);
      }
    }
  }

  @Test
  void windowsMoveForward() {
    assertThatThrownBy(() -> Window2d.of(0, 1))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("stride");
    assertThatThrownBy(() -> Window2d.of(1, -1))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("border");
    assertThatThrownBy(() -> new Window2d(1, 1, 0, 0, 0, 0, 0, 1))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("dilation");
  }

  @Test
  void sameWindowsGiveTheSizeDividedByTheStride() {
    for (int size = 1; size < 20; size++) {
      for (int kernel = 1; kernel < 8; kernel++) {
        for (int stride = 1; stride < 4; stride++) {
          var window = Window2d.same(size, size, kernel, kernel, stride);
          assertThat(window.outputHeight(size, kernel)).isEqualTo((size + stride - 1) / stride);
          assertThat(window.bottom() - window.top()).isBetween(0, 1);
        }
      }
    }
  }

  @Test
  void formulasOfNoInputHaveTheShapeOfTheOthers() {
    var constant = Fused.of(1, Formula.constant(3));
    assertThat(constant.infer(List.of(f32(2, 3)))).containsExactly(f32(2, 3));
  }
}
