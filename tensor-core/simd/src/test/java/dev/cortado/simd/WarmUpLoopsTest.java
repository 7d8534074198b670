package dev.cortado.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.cortado.simd.FormulaShape.Sink;
import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.Program.Instruction;
import dev.cortado.tensor.formula.UnaryFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The warm-ups of real loops keep within the array they ask for, whatever the loop's sizes. */
class WarmUpLoopsTest {
  private final SplittableRandom random = new SplittableRandom(7);

  private int upTo(int most) {
    return random.nextInt(1, most + 1);
  }

  private static void check(Object what, WarmUp warmUp) {
    float[] scratch = new float[warmUp.floats()];
    var loop = warmUp.loop();
    assertThatCode(
            () -> {
              loop.nothing(scratch);
              loop.little(scratch);
              loop.work(scratch);
            })
        .as("%s with %d floats", what, scratch.length)
        .doesNotThrowAnyException();
  }

  private static Slide slide(int size, int kernel, int stride, int dilation, int padding) {
    int reach = (kernel - 1) * dilation + 1;
    int out = Math.max(0, size + 2 * padding - reach) / stride + 1;
    return new Slide(out, size, kernel, stride, dilation, padding, false);
  }

  @Test
  void handwrittenLoops() {
    check("prefix", Prefix.WARM_UP);
    check("picks", Picks.WARM_UP);
    Narrow.WARM_UPS.forEach(warmUp -> check("narrow", warmUp));
  }

  @Test
  void depthwiseLoops() {
    for (int i = 0; i < 25; i++) {
      int kernel = upTo(7);
      int stride = upTo(3);
      int dilation = upTo(2);
      int n = upTo(70);
      boolean masked = random.nextBoolean();
      var down = slide(30, upTo(7), stride, dilation, 1);
      var across = slide(14 + upTo(20), kernel, stride, dilation, random.nextInt(kernel));
      var ways = new ArrayList<>(List.of(across, across.back()));
      if (stride == 1) {
        ways.add(across.turned());
      }
      for (var way : ways) {
        var row = DepthwiseRow.of(down, way, n, masked);
        row.loops().special().warmUps().forEach(warmUp -> check(row, warmUp));
      }
    }
  }

  @Test
  void depthwiseSums() {
    for (int i = 0; i < 25; i++) {
      int kernel = upTo(7);
      var across = slide(14 + upTo(20), kernel, upTo(3), upTo(2), random.nextInt(kernel));
      int rows = DepthwiseSums.kernelRows(upTo(7), kernel);
      int n = upTo(70);
      for (var piece : across.tiles(DepthwiseSums.pixels(rows, kernel))) {
        var key = new DepthwiseSums.Key(piece.stencil(), upTo(rows), n, random.nextBoolean());
        check(key, DepthwiseSums.warmUp(key));
      }
    }
  }

  @Test
  void windowLoops() {
    for (int i = 0; i < 25; i++) {
      var size =
          new WindowLoop.Size(
              upTo(14),
              upTo(3),
              upTo(Lanes.COUNT) - 1,
              upTo(300),
              upTo(300),
              WindowLoop.Into.values()[random.nextInt(3)]);
      check(size, WindowLoop.warmUp(WindowLoop.compile(size), size));
    }
  }

  @Test
  void tiles() {
    for (int i = 0; i < 25; i++) {
      int rowStride = random.nextBoolean() ? Tile.ROW_STRIDE : 16 + random.nextInt(400);
      var size =
          new Tile.Size(
              upTo(14),
              upTo(3),
              upTo(Lanes.COUNT),
              rowStride,
              random.nextBoolean(),
              random.nextBoolean());
      for (var way : Tile.Way.values()) {
        Tiling.special(size, way).warmUps().forEach(w -> check(size + " " + way, w));
      }
    }
  }

  @Test
  void transposes() {
    check("transpose", TransposeLoop.WARM_UP);
  }

  @ParameterizedTest
  @EnumSource
  void formulas(UnaryFunction function) {
    for (var sink : Sink.values()) {
      var compiled = FormulaRun.Compiled.of(shape(function, sink));
      check(function, compiled.whole());
      check(function, compiled.rest());
    }
  }

  private static FormulaShape shape(UnaryFunction function, Sink sink) {
    var code = List.of(new Instruction.Load(0), new Instruction.Apply1(function, 0));
    return new FormulaShape(List.copyOf(code), List.of(1), List.of(true), sink);
  }

  /** Else a loop of them would be taken for slow for ever. */
  @Test
  void longFunctionsMayTakeLonger() {
    int basic = FormulaCost.operations(shape(UnaryFunction.NEGATE, Sink.STORE));
    for (var function : UnaryFunction.values()) {
      int least =
          switch (function) {
            case NEGATE, ABS, SQRT, SIGN -> 1;
            case EXP, SIGMOID, ERF, EXPM1, TANH, LOG -> 6;
            case SOFTPLUS -> 15;
            case FLOOR, CEIL, ROUND -> 2;
            case SIN, COS -> Lanes.COUNT * 5;
          };
      assertThat(FormulaCost.operations(shape(function, Sink.STORE)))
          .as("%s", function)
          .isGreaterThanOrEqualTo(least * basic);
    }
    for (var function :
        List.of(BinaryFunction.POWER, BinaryFunction.FLOOR_DIVIDE, BinaryFunction.REMAINDER)) {
      assertThat(FormulaCost.operations(function)).isGreaterThan(Lanes.COUNT * 10);
    }
    assertThat(FormulaCost.operations(UnaryFunction.SOFTPLUS))
        .isGreaterThan(
            FormulaCost.operations(UnaryFunction.LOG) + FormulaCost.operations(UnaryFunction.EXP));
  }
}
