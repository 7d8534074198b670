package dev.cortado.simd;

import dev.cortado.simd.FormulaShape.Sink;
import dev.cortado.tensor.formula.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** A compiled loop with its constants, ready to be called on blocks. */
final class FormulaRun implements Block.Body {
  private static final ConcurrentHashMap<FormulaShape, FormulaLoop> LOOPS =
      new ConcurrentHashMap<>();

  private final FormulaLoop loop;
  private final float[] constants;

  private FormulaRun(FormulaLoop loop, float[] constants) {
    this.loop = loop;
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
    if (loop == null) {
      loop = LOOPS.computeIfAbsent(shape, FormulaCompiler::compile);
    }
    double[] table = program.constants();
    float[] constants = new float[table.length];
    for (int i = 0; i < constants.length; i++) {
      constants[i] = (float) table[i];
    }
    return new FormulaRun(loop, constants);
  }

  @Override
  public void accept(Block b, int rows, int columns) {
    loop.run(b.in, b.inAt, b.inStep, constants, b.out, b.outAt, b.outStep, rows, columns);
  }
}
