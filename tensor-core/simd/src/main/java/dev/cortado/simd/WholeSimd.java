package dev.cortado.simd;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Layout;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.Walk;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.formula.Program.Instruction;
import dev.cortado.tensor.op.Elementwise;
import dev.cortado.tensor.op.TensorSpec;
import dev.cortado.tensor.op.ViewOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Formulas of whole numbers and truth values: instruction by instruction, each in a plain loop over
 * a block that stays in the first-level cache, which the compiler turns into vectors. Truth values
 * among themselves are bytes; everything else is computed as longs.
 */
final class WholeSimd {
  private final Program program;
  private final DType type;
  private final Walk walk;
  private final List<Tensor> inputs;
  private final List<Tensor> outputs;

  private WholeSimd(
      Program program, DType type, Walk walk, List<Tensor> inputs, List<Tensor> outputs) {
    this.program = program;
    this.type = type;
    this.walk = walk;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /** Returns the results, or null if there are other types or functions than are done here. */
  static @Nullable List<Tensor> run(Elementwise op, List<Tensor> inputs, List<TensorSpec> results) {
    if (inputs.isEmpty() || results.getFirst().dtype().isFloating()) {
      return null;
    }
    var type = DType.BOOL;
    for (var input : inputs) {
      if (input.dtype().isFloating()) {
        return null;
      }
      type = input.dtype() == DType.BOOL ? type : input.dtype();
    }
    var program = Program.of(op.formulas());
    if (!program.code().stream().allMatch(WholeSimd::supports)) {
      return null;
    }
    Shape shape = results.getFirst().shape();
    var layout = ElementwiseSimd.resultLayout(inputs, shape);
    var outputs = new ArrayList<Tensor>();
    for (var spec : results) {
      outputs.add(Tensor.empty(shape, spec.dtype(), layout, op.name()));
    }
    if (shape.elements() > 0) {
      var layouts = new Layout[1 + inputs.size()];
      layouts[0] = layout;
      for (int k = 0; k < inputs.size(); k++) {
        var x = inputs.get(k);
        layouts[k + 1] = new ViewOp.Expand(shape).resultLayout(x.shape(), x.layout());
      }
      var walk = Walk.of(shape, layouts);
      new WholeSimd(program, type, walk, inputs, outputs).run();
    }
    return outputs;
  }

  /** What can fail with some numbers is left to the reference, which knows what to say. */
  private static boolean supports(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Apply1 f -> f.function().isWhole();
      case Instruction.Apply2 f ->
          switch (f.function()) {
            case ADD, SUBTRACT, MULTIPLY, MIN, MAX, LESS, LESS_OR_EQUAL, EQUAL -> true;
            case DIVIDE, POWER, FLOOR_DIVIDE, REMAINDER -> false;
          };
      default -> true;
    };
  }

  private void run() {
    if (type == DType.BOOL) {
      Pieces.forEach(walk, 1 + inputs.size(), this::truths);
    } else {
      Pieces.forEach(walk, 1 + inputs.size(), this::longs);
    }
  }

  private void truths(int[] at, int n) {
    var code = program.code();
    var workspace = Workspace.current();
    byte[][] registers = new byte[code.size()][];
    double[] constants = program.constants();
    for (int i = 0; i < registers.length; i++) {
      byte[] to = workspace.bytes(i, Pieces.LENGTH);
      registers[i] = to;
      switch (code.get(i)) {
        case Instruction.Load load -> {
          int k = load.index();
          byte[] from = inputs.get(k).host().bytes();
          WholeBlocks.load(from, at[k + 1], walk.innerStride(k + 1), to, n);
        }
        case Instruction.LoadConstant k -> Arrays.fill(to, 0, n, (byte) constants[k.index()]);
        case Instruction.Apply1 f ->
            throw new IllegalArgumentException(f.function() + " of a truth value");
        case Instruction.Apply2 f ->
            WholeBlocks.apply(f.function(), registers[f.a()], registers[f.b()], to, n);
        case Instruction.Choose s ->
            WholeBlocks.choose(registers[s.a()], registers[s.b()], registers[s.c()], to, n);
      }
    }
    for (int k = 0; k < outputs.size(); k++) {
      byte[] from = registers[program.outputs().get(k)];
      System.arraycopy(from, 0, outputs.get(k).host().bytes(), at[0], n);
    }
  }

  private void longs(int[] at, int n) {
    var code = program.code();
    var workspace = Workspace.current();
    long[][] registers = new long[code.size()][];
    double[] constants = program.constants();
    for (int i = 0; i < registers.length; i++) {
      long[] to = workspace.longs(i, Pieces.LENGTH);
      registers[i] = to;
      switch (code.get(i)) {
        case Instruction.Load load -> {
          int k = load.index();
          Object from = inputs.get(k).host().array();
          WholeBlocks.load(from, at[k + 1], walk.innerStride(k + 1), to, n);
        }
        case Instruction.LoadConstant k -> {
          Arrays.fill(to, 0, n, (long) constants[k.index()]);
          wrap(to, n);
        }
        case Instruction.Apply1 f -> {
          WholeBlocks.apply(f.function(), registers[f.a()], to, n);
          wrap(to, n);
        }
        case Instruction.Apply2 f -> {
          WholeBlocks.apply(f.function(), registers[f.a()], registers[f.b()], to, n);
          wrap(to, n);
        }
        case Instruction.Choose s ->
            WholeBlocks.choose(registers[s.a()], registers[s.b()], registers[s.c()], to, n);
      }
    }
    for (int k = 0; k < outputs.size(); k++) {
      long[] from = registers[program.outputs().get(k)];
      WholeBlocks.store(from, outputs.get(k).host().array(), at[0], n);
    }
  }

  private void wrap(long[] values, int n) {
    if (type == DType.I32) {
      for (int i = 0; i < n; i++) {
        values[i] = (int) values[i];
      }
    }
  }
}
