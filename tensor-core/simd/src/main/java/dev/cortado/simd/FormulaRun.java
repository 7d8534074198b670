package dev.cortado.simd;

import dev.cortado.simd.FormulaShape.Sink;
import dev.cortado.tensor.formula.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A compiled loop with its constants, ready to be called on blocks. */
final class FormulaRun implements Block.Body {
  /** A loop and what brings its two methods to full speed. */
  record Compiled(FormulaLoop loop, boolean sums, int operations, WarmUp whole, WarmUp rest) {
    private static final int ROWS = 64;
    private static final int VECTORS = 2;

    static Compiled of(FormulaShape shape) {
      var loop = FormulaCompiler.compile(shape);
      int operations = FormulaCost.operations(shape);
      return new Compiled(
          loop,
          shape.sink() == Sink.SUM_OF_ROW,
          operations,
          warmUp(shape, loop, operations * VECTORS, VECTORS * Lanes.COUNT),
          warmUp(shape, loop, operations, Lanes.COUNT - 1));
    }

    private static WarmUp warmUp(
        FormulaShape shape, FormulaLoop loop, int operations, int columns) {
      int inputs = shape.streams().size();
      int outputs = shape.outputs().size();
      int[] steps = new int[Math.max(inputs, outputs)];
      float[] constants = new float[shape.code().size()];
      float[][] arrays = new float[steps.length][];
      return new WarmUp(
          new CountedLoop(
              ROWS,
              2,
              (x, rows) -> {
                Arrays.fill(arrays, x);
                if (columns < Lanes.COUNT) {
                  loop.rest(arrays, steps, steps, constants, arrays, steps, steps, rows, columns);
                } else {
                  loop.whole(arrays, steps, steps, constants, arrays, steps, steps, rows, columns);
                }
              }),
          ROWS * operations,
          columns);
    }
  }

  private static final LoopCache<FormulaShape, Compiled> LOOPS = new LoopCache<>(Compiled::of);

  private final Compiled compiled;
  private final float[] constants;

  private FormulaRun(Compiled compiled, float[] constants) {
    this.compiled = compiled;
    this.constants = constants;
  }

  /** Returns whether {@code program} can be compiled. */
  static boolean supports(Program program) {
    return FormulaEmitter.supports(program.code());
  }

  /**
   * Returns the run of {@code program}; {@code streams} says for each input whether it moves with
   * the column.
   */
  static FormulaRun of(Program program, boolean[] streams, Sink sink) {
    var flags = new ArrayList<Boolean>();
    for (boolean stream : streams) {
      flags.add(stream);
    }
    var shape = new FormulaShape(program.code(), program.outputs(), List.copyOf(flags), sink);
    var loop = LOOPS.get(shape);
    double[] table = program.constants();
    float[] constants = new float[table.length];
    for (int i = 0; i < constants.length; i++) {
      constants[i] = (float) table[i];
    }
    return new FormulaRun(loop, constants);
  }

  @Override
  public void accept(Block b, int rows, int columns) {
    int vectors = rows * (columns / Lanes.COUNT);
    var loop = compiled.loop;
    if (vectors > 0 || compiled.sums) {
      compiled.whole.before((long) vectors * compiled.operations);
      loop.whole(b.in, b.inAt, b.inStep, constants, b.out, b.outAt, b.outStep, rows, columns);
    }
    if (columns % Lanes.COUNT > 0) {
      compiled.rest.before((long) rows * compiled.operations);
      loop.rest(b.in, b.inAt, b.inStep, constants, b.out, b.outAt, b.outStep, rows, columns);
    }
  }
}
