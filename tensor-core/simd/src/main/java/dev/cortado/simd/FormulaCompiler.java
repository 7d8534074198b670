package dev.cortado.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.cortado.tensor.formula.Program.Instruction;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Writes a {@link FormulaLoop} for a formula: a hidden class with a loop of Vector API calls. Every
 * formula gets a loop of its own, because one loop shared by many formulas would call each
 * element's function through a table; the JIT compiler then keeps vectors in memory, 18 to 30 times
 * slower.
 *
 * <p>The columns that fill whole vectors and the rest of each row have a method each. Together they
 * are too much for the quick compiler (C1), which inlines every vector operation whatever its
 * settings, runs out of registers on a formula of some 20 operations, and then leaves the loop slow
 * for good: the optimising compiler never gets to see it.
 */
final class FormulaCompiler {
  private static final ClassDesc FLOATS = CD_float.arrayType();
  private static final ClassDesc ROWS_OF_FLOATS = FLOATS.arrayType();
  private static final ClassDesc INTS = CD_int.arrayType();
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_void, ROWS_OF_FLOATS, INTS, INTS, FLOATS, ROWS_OF_FLOATS, INTS, INTS, CD_int, CD_int);

  // Slots of the parameters of both.
  private static final int IN = 1;
  private static final int IN_AT = 2;
  private static final int IN_STEP = 3;
  private static final int CONSTANTS = 4;
  private static final int OUT = 5;
  private static final int OUT_AT = 6;
  private static final int OUT_STEP = 7;
  private static final int ROWS = 8;
  private static final int COLUMNS = 9;

  private final FormulaShape shape;
  private final CodeBuilder code;
  private final Map<Integer, Stream> inputs = new TreeMap<>();
  private final Stream[] outputs;
  private final int[] sums;
  private final int column;
  private final boolean rest;

  /**
   * The local variables of one input or output: its array, the index of the row's start, the step
   * between rows.
   */
  private record Stream(int array, int at, int step, int value) {}

  private FormulaCompiler(FormulaShape shape, CodeBuilder code, boolean rest) {
    this.shape = shape;
    this.code = code;
    this.rest = rest;
    this.outputs = new Stream[shape.outputs().size()];
    this.sums = new int[outputs.length];
    this.column = code.allocateLocal(TypeKind.INT);
  }

  /** Returns the loop for {@code shape}. */
  static FormulaLoop compile(FormulaShape shape) {
    var self = ClassDesc.of("dev.cortado.simd.CompiledFormula");
    byte[] bytes =
        ClassFile.of()
            .build(
                self,
                type ->
                    type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                        .withInterfaceSymbols(ClassDesc.of(FormulaLoop.class.getName()))
                        .withMethodBody(
                            ConstantDescs.INIT_NAME,
                            ConstantDescs.MTD_void,
                            0,
                            code ->
                                code.aload(0)
                                    .invokespecial(
                                        ConstantDescs.CD_Object,
                                        ConstantDescs.INIT_NAME,
                                        ConstantDescs.MTD_void)
                                    .return_())
                        .withMethodBody(
                            "whole",
                            RUN,
                            ClassFile.ACC_PUBLIC,
                            code -> new FormulaCompiler(shape, code, false).method())
                        .withMethodBody(
                            "rest",
                            RUN,
                            ClassFile.ACC_PUBLIC,
                            code -> new FormulaCompiler(shape, code, true).method()));
    try {
      var lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
      var constructor =
          lookup.findConstructor(lookup.lookupClass(), MethodType.methodType(void.class));
      return (FormulaLoop) constructor.invoke();
    } catch (Throwable t) {
      throw new IllegalStateException("cannot compile " + shape, t);
    }
  }

  private void method() {
    var emitter = new FormulaEmitter(shape, code);
    loadStreams();
    emitter.broadcastConstants(CONSTANTS);
    int row = code.allocateLocal(TypeKind.INT);
    int limit = code.allocateLocal(TypeKind.INT);
    code.iload(COLUMNS).loadConstant(-Lanes.COUNT).iand().istore(limit);
    code.iconst_0().istore(row);
    int mask = rest ? mask(emitter, limit) : -1;
    loop(
        row,
        ROWS,
        1,
        () -> {
          beginRow(emitter);
          if (rest) {
            step(emitter, mask);
          } else {
            code.iconst_0().istore(column);
            loop(column, limit, Lanes.COUNT, () -> step(emitter, -1));
          }
          endRow(emitter);
        });
    code.return_();
  }

  /** Sets the column to the first of the rest and returns the mask of the lanes that have one. */
  private int mask(FormulaEmitter emitter, int limit) {
    int mask = code.allocateLocal(TypeKind.REFERENCE);
    code.iload(limit).istore(column);
    emitter.species();
    code.iload(column).iload(COLUMNS);
    emitter.indexInRange();
    code.astore(mask);
    return mask;
  }

  /** Emits {@code while (index < bound) { body; index += increment; }}. */
  private void loop(int index, int bound, int increment, Runnable body) {
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.labelBinding(top).iload(index).iload(bound).if_icmpge(end);
    body.run();
    code.iinc(index, increment).goto_(top).labelBinding(end);
  }

  private void loadStreams() {
    for (var instruction : shape.code()) {
      if (instruction instanceof Instruction.Load load) {
        int value = shape.streams().get(load.index()) ? -1 : code.allocateLocal(TypeKind.REFERENCE);
        inputs.computeIfAbsent(load.index(), i -> stream(IN, IN_AT, IN_STEP, i, value));
      }
    }
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = stream(OUT, OUT_AT, OUT_STEP, i, -1);
      sums[i] =
          shape.sink() == FormulaShape.Sink.SUM_OF_ROW
              ? code.allocateLocal(TypeKind.REFERENCE)
              : -1;
    }
  }

  private Stream stream(int arrays, int starts, int steps, int i, int value) {
    int array = code.allocateLocal(TypeKind.REFERENCE);
    int at = code.allocateLocal(TypeKind.INT);
    int step = code.allocateLocal(TypeKind.INT);
    code.aload(arrays).loadConstant(i).aaload().astore(array);
    code.aload(starts).loadConstant(i).iaload().istore(at);
    code.aload(steps).loadConstant(i).iaload().istore(step);
    return new Stream(array, at, step, value);
  }

  /** Values that serve the whole row are read once; sums start at 0. */
  private void beginRow(FormulaEmitter emitter) {
    for (var input : inputs.values()) {
      if (input.value() >= 0) {
        emitter.species();
        code.aload(input.array()).iload(input.at()).faload();
        emitter.broadcast();
        code.astore(input.value());
      }
    }
    for (int sum : sums) {
      if (sum >= 0) {
        emitter.zero();
        code.astore(sum);
      }
    }
  }

  private void endRow(FormulaEmitter emitter) {
    for (int i = 0; i < outputs.length; i++) {
      if (sums[i] >= 0) {
        code.aload(outputs[i].array()).iload(outputs[i].at());
        if (rest) { // what the whole vectors came to
          code.dup2().faload();
        }
        code.aload(sums[i]);
        emitter.sumOfLanes();
        if (rest) {
          code.fadd();
        }
        code.fastore();
      }
    }
    for (var input : inputs.values()) {
      code.iload(input.at()).iload(input.step()).iadd().istore(input.at());
    }
    for (var output : outputs) {
      code.iload(output.at()).iload(output.step()).iadd().istore(output.at());
    }
  }

  private void step(FormulaEmitter emitter, int mask) {
    int[] values = new int[shape.code().size()];
    Arrays.fill(values, -1);
    for (int i = 0; i < values.length; i++) {
      if (shape.code().get(i) instanceof Instruction.Load load) {
        var input = Objects.requireNonNull(inputs.get(load.index()));
        if (input.value() >= 0) {
          values[i] = input.value();
        } else {
          load(emitter, input, mask);
          values[i] = code.allocateLocal(TypeKind.REFERENCE);
          code.astore(values[i]);
        }
      }
    }
    emitter.compute(values);
    for (int k = 0; k < outputs.length; k++) {
      sink(emitter, k, values[shape.outputs().get(k)], mask);
    }
  }

  private void load(FormulaEmitter emitter, Stream stream, int mask) {
    emitter.species();
    code.aload(stream.array()).iload(stream.at()).iload(column).iadd();
    emitter.fromArray(mask);
  }

  private void sink(FormulaEmitter emitter, int k, int value, int mask) {
    switch (shape.sink()) {
      case STORE -> code.aload(value);
      case ADD_TO_COLUMN -> {
        load(emitter, outputs[k], mask);
        code.aload(value);
        emitter.add(-1);
      }
      case SUM_OF_ROW -> {
        code.aload(sums[k]).aload(value);
        emitter.add(mask);
        code.astore(sums[k]);
        return;
      }
    }
    code.aload(outputs[k].array()).iload(outputs[k].at()).iload(column).iadd();
    emitter.intoArray(mask);
  }
}
