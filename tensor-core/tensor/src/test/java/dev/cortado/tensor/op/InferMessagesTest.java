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
        refusal(new Arithmetic.Where(), List.of(f32(2), f32(2)), "Where takes 3 inputs, got 2"));
    all.add(refusal(Fused.of(2, input(0)), List.of(f32(2)), "Fused takes 2 inputs, got 1"));
    all.add(
        refusal(
            new Arithmetic.Unary(UnaryFunction.SQRT),
            List.of(typed(DType.I64, 2)),
            "sqrt",
            "I64[2]",
            "convert with to(F32)"));
    all.add(
        refusal(
            new Arithmetic.Affine(0.5, 0), List.of(typed(DType.I32, 2)), "Affine", "0.5", "whole"));
    var truths = typed(DType.BOOL, 2);
    all.add(
        refusal(
            new Arithmetic.Binary(BinaryFunction.SUBTRACT),
            List.of(truths, truths),
            "subtract",
            "BOOL[2]",
            "convert with to(I64)"));
    all.add(
        refusal(
            new Arithmetic.WithNumber(BinaryFunction.EQUAL, 2), List.of(truths), "equal", "2.0"));
    all.add(refusal(new Cast(DType.F32), List.of(), "Cast takes 1 inputs, got 0"));
  }

  private static void reductions(List<Refusal> all) {
    var first = new Axes(List.of(0));
    var sum = new ReductionOp.SumOf(List.of(input(0)), 1, first, false);
    all.add(refusal(sum, List.of(), "SumOf takes 1 inputs, got 0"));
    all.add(refusal(sum, List.of(f32()), "SumOf", "axis 0"));
    all.add(
        refusal(
            new ReductionOp.Extremum(true, first, false),
            List.of(f32(0, 3)),
            "max",
            "F32[0, 3]",
            "undefined"));
    all.add(refusal(new ReductionOp.ArgMax(1, false), List.of(f32(2)), "ArgMax", "axis 1"));
    all.add(refusal(new ReductionOp.ArgMax(0, false), List.of(f32(0)), "ArgMax", "undefined"));
    all.add(refusal(new ReductionOp.ArgMin(1, false), List.of(f32(2)), "ArgMin", "axis 1"));
    all.add(refusal(new ReductionOp.ArgMin(0, false), List.of(f32(0)), "ArgMin", "undefined"));
    all.add(refusal(new Sort(1, false), List.of(f32(2)), "Sort", "axis 1"));
    var scan = new Recurrence(0, false);
    all.add(refusal(scan, List.of(f32(2), f32(3)), "Recurrence", "F32[3]", "one shape"));
    var truths = typed(DType.BOOL, 2);
    all.add(refusal(scan, List.of(truths, truths), "Recurrence", "BOOL[2]", "numbers"));
    all.add(refusal(scan, List.of(f32(), f32()), "Recurrence", "axis 0"));
  }

  private static void linear(List<Refusal> all) {
    var product = new MatMul(Epilogue.NONE);
    all.add(refusal(product, List.of(f32(2, 3)), "MatMul takes 2 inputs, got 1"));
    all.add(
        refusal(
            product, List.of(f32(2, 3), f32(4, 5)), "MatMul", "F32[2, 3]", "F32[4, 5]", "equal k"));
    all.add(refusal(product, List.of(f32(3), f32(3, 5)), "MatMul", "F32[3]", "[..., m, k]"));
    all.add(
        refusal(
            product,
            List.of(f32(2, 3), typed(DType.F64, 3, 5)),
            "MatMul",
            "F64[3, 5]",
            "two F32 or two F64"));
    all.add(
        refusal(product, List.of(f32(2, 1, 3), f32(4, 3, 5)), "MatMul", "[2]", "[4]", "broadcast"));
    all.add(
        refusal(
            new MatMul(Epilogue.BIAS),
            List.of(f32(2, 3), f32(3, 5), f32(4)),
            "MatMul",
            "F32[4]",
            "F32[2, 5]"));
    var conv = new ConvolutionOp.Conv2d(PLAIN, 1, Epilogue.NONE);
    var image = f32(2, 3, 8, 8);
    all.add(refusal(conv, List.of(image), "Conv2d takes 2 inputs, got 1"));
    all.add(refusal(conv, List.of(image, f32(4, 3, 3)), "Conv2d", "[O, C/groups, kh, kw]"));
    all.add(refusal(conv, List.of(image, f32(4, 2, 3, 3)), "Conv2d", "1 group(s)", "C = 3"));
    all.add(refusal(conv, List.of(image, f32(4, 3, 9, 3)), "Conv2d", "does not fit"));
    all.add(
        refusal(
            conv,
            List.of(image, typed(DType.F64, 4, 3, 3, 3)),
            "Conv2d",
            "F64[4, 3, 3, 3]",
            "one floating type"));
    all.add(
        refusal(
            new ConvolutionOp.Conv2d(PLAIN, 2, Epilogue.NONE),
            List.of(f32(2, 4, 8, 8), f32(3, 2, 3, 3)),
            "Conv2d",
            "2 group(s)",
            "multiple"));
    all.add(
        refusal(
            new ConvolutionOp.Conv2d(PLAIN, 0, Epilogue.NONE),
            List.of(f32(2, 0, 8, 8), f32(3, 2, 3, 3)),
            "Conv2d",
            "group"));
    all.add(
        refusal(
            new ConvolutionOp.Conv2d(PLAIN, 1, Epilogue.BIAS),
            List.of(image, f32(4, 3, 3, 3), f32(4)),
            "Conv2d",
            "F32[4]",
            "F32[2, 4, 6, 6]"));
    var pool = new PoolingOp.MaxPool2d(3, 3, PLAIN);
    all.add(refusal(pool, List.of(f32(3, 8, 8)), "MaxPool2d", "[N, C, H, W]"));
    all.add(refusal(pool, List.of(f32(1, 3, 2, 8)), "MaxPool2d", "does not fit"));
    all.add(
        refusal(
            new PoolingOp.MaxPool2d(2, 2, Window2d.of(1, 2)),
            List.of(image),
            "MaxPool2d",
            "border"));
    all.add(
        refusal(
            new PoolingOp.AvgPool2d(2, 2, PLAIN, true),
            List.of(f32(3, 8, 8)),
            "AvgPool2d",
            "[N, C, H, W]"));
  }

  private static void spatial(List<Refusal> all) {
    var image = f32(2, 3, 8, 8);
    var resample = new SpatialOp.Resample(Taps.identity(8), Taps.identity(7));
    all.add(refusal(resample, List.of(image), "Resample", "[N, C, 8, 7]"));
    all.add(refusal(resample, List.of(typed(DType.I64, 2, 3, 8, 7)), "Resample", "F32 or F64"));
    var unfold = new SpatialOp.Unfold(9, 1, PLAIN);
    all.add(refusal(unfold, List.of(image), "Unfold", "does not fit"));
    all.add(refusal(unfold, List.of(f32(3, 8, 8)), "Unfold", "[N, C, H, W]"));
    var fold = new SpatialOp.Fold(3, 2, PLAIN, 8, 8);
    all.add(refusal(fold, List.of(f32(2, 17, 42)), "Fold", "[N, C·3·2, L]"));
    all.add(refusal(fold, List.of(f32(2, 18, 41)), "Fold", "8×8", "6·7 windows"));
    var adaptive = new PoolingOp.AdaptiveMaxPool2d(2, 2);
    all.add(refusal(adaptive, List.of(f32(2, 3, 0, 8)), "AdaptiveMaxPool2d", "undefined"));
    all.add(refusal(adaptive, List.of(f32(3, 8, 8)), "AdaptiveMaxPool2d", "[N, C, H, W]"));
  }

  private static void gradients(List<Refusal> all) {
    var x = Shape.of(2, 3, 8, 8);
    var w = Shape.of(4, 3, 3, 3);
    all.add(
        refusal(
            new ConvolutionOp.Conv2dInputGradient(PLAIN, 1, x),
            List.of(f32(2, 4, 5, 6), f32(4, 3, 3, 3)),
            "Conv2dInputGradient",
            "F32[2, 4, 5, 6]",
            "[2, 4, 6, 6]"));
    all.add(
        refusal(
            new ConvolutionOp.Conv2dWeightGradient(PLAIN, 1, w),
            List.of(f32(2, 4, 6, 6), f32(1, 3, 8, 8)),
            "Conv2dWeightGradient",
            "[1, 4, 6, 6]"));
    all.add(
        refusal(
            new PoolingOp.MaxPool2dGradient(x),
            List.of(f32(2, 3, 6, 6), f32(2, 3, 6, 6)),
            "MaxPool2dGradient",
            "I64"));
    all.add(
        refusal(
            new PoolingOp.MaxPool2dGradient(x),
            List.of(f32(2, 3, 6, 6), typed(DType.I64, 2, 3, 6, 5)),
            "MaxPool2dGradient",
            "I64[2, 3, 6, 5]"));
    all.add(
        refusal(
            new PoolingOp.AvgPool2dGradient(3, 3, PLAIN, true, x),
            List.of(f32(2, 3, 5, 6)),
            "AvgPool2dGradient",
            "[2, 3, 6, 6]"));
  }

  private static void attention(List<Refusal> all) {
    var forward = new AttentionOp.Attention(0.5);
    var q = f32(2, 4, 8);
    var k = f32(2, 5, 8);
    var v = f32(2, 5, 3);
    all.add(refusal(forward, List.of(q, k), "Attention takes 3 inputs, got 2"));
    all.add(refusal(forward, List.of(q, k, f32(2, 6, 3)), "Attention", "v [..., S, E]"));
    all.add(refusal(forward, List.of(q, f32(3, 5, 8), f32(3, 5, 3)), "Attention", "F32[3, 5, 8]"));
    all.add(refusal(forward, List.of(q, f32(2, 0, 8), f32(2, 0, 3)), "Attention", "S at least 1"));
    all.add(
        refusal(
            forward, List.of(q, k, typed(DType.F64, 2, 5, 3)), "Attention", "one floating type"));
    var backward = new AttentionOp.AttentionGradient(0.5);
    var row = f32(2, 4, 1);
    all.add(refusal(backward, List.of(q, k, v), "AttentionGradient takes 6 inputs, got 3"));
    all.add(
        refusal(
            backward,
            List.of(f32(2, 4, 3), q, k, v, row, f32(2, 4)),
            "AttentionGradient",
            "[2, 4, 1]"));
    all.add(refusal(backward, List.of(q, q, k, v, row, row), "AttentionGradient", "[..., L, E]"));
  }

  private static void normalizations(List<Refusal> all) {
    var batch = new NormalizationOp.BatchNorm(1e-5, input(0));
    var three = f32(3);
    all.add(refusal(batch, List.of(f32(2, 3)), "BatchNorm takes 3 inputs, got 1"));
    all.add(refusal(batch, List.of(f32(3), three, three), "BatchNorm", "[N, C, H, W]"));
    all.add(refusal(batch, List.of(f32(2, 4), three, three), "BatchNorm", "must be [4]"));
    all.add(refusal(batch, List.of(f32(1, 3), three, three), "BatchNorm", "larger batch"));
    all.add(refusal(batch, List.of(f32(0, 3), three, three), "BatchNorm", "larger batch"));
    all.add(
        refusal(
            batch,
            List.of(f32(2, 3), three, typed(DType.F64, 3)),
            "BatchNorm",
            "F64[3]",
            "one floating type"));
    var layer = new NormalizationOp.LayerNorm(1e-5);
    all.add(refusal(layer, List.of(f32(), three, three), "LayerNorm", "[..., D]"));
    all.add(refusal(layer, List.of(f32(2, 4), three, f32(4)), "LayerNorm", "must be [4]"));
    all.add(refusal(layer, List.of(f32(2, 0), f32(0), f32(0)), "LayerNorm", "nothing"));
    all.add(
        refusal(
            layer,
            List.of(typed(DType.I64, 2, 3), three, three),
            "LayerNorm",
            "one floating type"));
    var softmax = new NormalizationOp.Softmax(0, false);
    all.add(refusal(softmax, List.of(typed(DType.I64, 3)), "Softmax", "I64[3]", "floating"));
    all.add(refusal(softmax, List.of(typed(DType.F16, 3)), "Softmax", "F16[3]"));
    all.add(refusal(softmax, List.of(f32()), "Softmax", "axis 0"));
    var gradient = new NormalizationOp.SoftmaxGradient(0, false);
    all.add(refusal(gradient, List.of(f32(3), f32(4)), "SoftmaxGradient", "must be [4]"));
    all.add(refusal(gradient, List.of(f32(), f32()), "SoftmaxGradient", "axis 0"));
    var byRows = new NormalizationOp.LayerNormGradient();
    var rows = f32(2, 4);
    var row = f32(2, 1);
    all.add(
        refusal(byRows, List.of(f32(2, 3), rows, row, row, f32(4)), "LayerNormGradient", "[2, 1]"));
    all.add(refusal(byRows, List.of(rows, rows, row, row, three), "LayerNormGradient", "[4]"));
    all.add(refusal(byRows, List.of(rows, rows, f32(2), row, f32(4)), "[2, 1]"));
    all.add(refusal(byRows, List.of(f32(2, 0), f32(2, 0), row, row, f32(0)), "mean of nothing"));
  }

  private static void placing(List<Refusal> all) {
    all.add(refusal(new IndexOp.OneHot(3), List.of(f32(2)), "OneHot", "F32[2]", "I64"));
    all.add(refusal(new IndexOp.Cat(0), List.of(), "Cat", "at least one"));
    all.add(
        refusal(new IndexOp.Cat(0), List.of(f32(2, 3), f32(2, 4)), "Cat", "F32[2, 4]", "axis 0"));
    all.add(refusal(new IndexOp.Cat(0), List.of(f32(2, 3), typed(DType.F64, 2, 3)), "Cat", "F64"));
    all.add(refusal(new IndexOp.Cat(2), List.of(f32(2, 3)), "Cat", "axis 2"));
    all.add(refusal(new IndexOp.ZeroPad(0, -1, 0), List.of(f32(2)), "ZeroPad", "-1"));
    var select = new IndexOp.IndexSelect(0);
    all.add(refusal(select, List.of(f32(2, 3), f32(2)), "IndexSelect", "I64 [n]"));
    all.add(refusal(select, List.of(f32(2, 3), typed(DType.I64, 2, 1)), "IndexSelect", "I64 [n]"));
    var add = new IndexOp.IndexAdd(0, 5);
    all.add(refusal(add, List.of(f32(2, 3), f32(2)), "IndexAdd", "I64[2]"));
    all.add(refusal(add, List.of(f32(2, 3), typed(DType.I64, 3)), "IndexAdd", "I64[2]"));
    var gather = new IndexOp.Gather(1);
    all.add(refusal(gather, List.of(f32(2, 3), f32(2, 1)), "Gather", "F32[2, 1]", "I64"));
    all.add(refusal(gather, List.of(f32(2, 3), typed(DType.I64, 2)), "Gather", "rank of x"));
    all.add(
        refusal(
            gather, List.of(f32(2, 3), typed(DType.I64, 3, 1)), "Gather", "I64[3, 1]", "axis 1"));
    var index = typed(DType.I64, 2, 1);
    var scatter = new IndexOp.Scatter(0);
    all.add(refusal(scatter, List.of(f32(2, 3), index, f32(2, 2)), "Scatter", "F32[2, 1]"));
    var scatterAdd = new IndexOp.ScatterAdd(2);
    all.add(refusal(scatterAdd, List.of(f32(2, 3), index, f32(2, 1)), "ScatterAdd", "axis 2"));
    all.add(refusal(new IndexOp.NonZero(7), List.of(f32(2, 3)), "NonZero", "F32[2, 3]", "7"));
    var random =
        new RandomOp(RandomOp.Distribution.UNIFORM, RandomKey.of(1), Shape.of(2), DType.I64);
    all.add(refusal(random, List.of(), "RandomOp", "I64", "floating"));
    all.add(refusal(random, List.of(f32(2)), "RandomOp takes 0 inputs, got 1"));
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
