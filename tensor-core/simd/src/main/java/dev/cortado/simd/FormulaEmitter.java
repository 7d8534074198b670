package dev.cortado.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.cortado.tensor.formula.BinaryFunction;
import dev.cortado.tensor.formula.Program.Instruction;
import dev.cortado.tensor.formula.UnaryFunction;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Locale;

/**
 * Emits the Vector API calls of a formula's instructions. Vectors live in local variables, one per
 * instruction.
 */
final class FormulaEmitter {
  private static final String PACKAGE = "jdk.incubator.vector.";
  private static final ClassDesc FLOAT_VECTOR = ClassDesc.of(PACKAGE + "FloatVector");
  private static final ClassDesc VECTOR = ClassDesc.of(PACKAGE + "Vector");
  private static final ClassDesc SPECIES = ClassDesc.of(PACKAGE + "VectorSpecies");
  private static final ClassDesc MASK = ClassDesc.of(PACKAGE + "VectorMask");
  private static final ClassDesc OPERATORS = ClassDesc.of(PACKAGE + "VectorOperators");
  private static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");
  private static final ClassDesc FLOATS = CD_float.arrayType();
  private static final MethodTypeDesc ON_VECTOR = MethodTypeDesc.of(FLOAT_VECTOR, VECTOR);
  private static final MethodTypeDesc PLAIN = MethodTypeDesc.of(FLOAT_VECTOR);
  private static final MethodTypeDesc UNARY = MethodTypeDesc.of(FLOAT_VECTOR, FLOAT_VECTOR);
  private static final MethodTypeDesc BINARY =
      MethodTypeDesc.of(FLOAT_VECTOR, FLOAT_VECTOR, FLOAT_VECTOR);

  /**
   * Instructions in a formula; longer ones are left to the reference. Their code would be larger
   * than what the JIT compiler accepts, and interpreted vectors are slower than anything.
   */
  private static final int LONGEST = 250;

  private final List<Instruction> program;

  /**
   * Calls of functions that are written out operation by operation. A loop of more would be larger
   * than what the JIT compiler accepts, and calls {@link VectorMath} instead.
   */
  private static final int MOST_WRITTEN_OUT = 12;

  private final CodeBuilder code;
  private final FunctionCode functions;
  private final boolean writesOut;
  private final boolean[] usedAsValue;
  private final int[] uses;
  private int[] constants = {};

  FormulaEmitter(FormulaShape shape, CodeBuilder code) {
    this.program = shape.code();
    this.code = code;
    this.functions = new FunctionCode(code);
    this.writesOut =
        program.stream().filter(Instruction.Apply1.class::isInstance).count() <= MOST_WRITTEN_OUT;
    this.usedAsValue = new boolean[program.size()];
    this.uses = new int[program.size()];
    shape.outputs().forEach(this::useValue);
    for (var instruction : program) {
      switch (instruction) {
        case Instruction.Load load -> {}
        case Instruction.LoadConstant k -> {}
        case Instruction.Apply1 f -> useValue(f.a());
        case Instruction.Apply2 f -> {
          useValue(f.a());
          useValue(f.b());
        }
        case Instruction.Choose s -> {
          uses[s.a()]++;
          usedAsValue[s.a()] |= !isComparison(s.a());
          useValue(s.b());
          useValue(s.c());
        }
      }
    }
  }

  /** Returns whether a loop of this formula will be fast. */
  static boolean supports(List<Instruction> program) {
    return program.size() <= LONGEST;
  }

  private void useValue(int i) {
    usedAsValue[i] = true;
    uses[i]++;
  }

  private boolean isComparison(int i) {
    return program.get(i) instanceof Instruction.Apply2 f && f.function().isComparison();
  }

  /** Fills vectors with the constants, once before the loops. */
  void broadcastConstants(int table) {
    constants = new int[program.size()];
    for (int i = 0; i < constants.length; i++) {
      if (program.get(i) instanceof Instruction.LoadConstant k) {
        species();
        code.aload(table).loadConstant(k.index()).faload();
        broadcast();
        constants[i] = code.allocateLocal(TypeKind.REFERENCE);
        code.astore(constants[i]);
      }
    }
  }

  /**
   * Computes all instructions; {@code values} holds the locals of the inputs and receives those of
   * the others.
   */
  void compute(int[] values) {
    for (int i = 0; i < values.length; i++) {
      switch (program.get(i)) {
        case Instruction.Load load -> {}
        case Instruction.LoadConstant k -> values[i] = constants[i];
        case Instruction.Apply1 f -> {
          if (f.function() == UnaryFunction.EXP && writesOut && isNeverPositive(f.a())) {
            functions.expOfNegative(values[f.a()]);
          } else {
            unary(f.function(), values[f.a()]);
          }
          values[i] = store();
        }
        case Instruction.Apply2 f -> {
          if (!isComparison(i)) {
            binary(f, values);
            values[i] = store();
          } else if (usedAsValue[i]) {
            zero();
            number(1);
            compare(f, values);
            blend();
            values[i] = store();
          }
        }
        case Instruction.Choose s -> {
          code.aload(values[s.c()]).aload(values[s.b()]);
          condition(s.a(), values);
          blend();
          values[i] = store();
        }
      }
    }
  }

  /** Whether an instruction is −x² or −|x|, as in the slope of the error function. */
  private boolean isNeverPositive(int i) {
    if (program.get(i) instanceof Instruction.Apply1 minus
        && minus.function() == UnaryFunction.NEGATE) {
      return switch (program.get(minus.a())) {
        case Instruction.Apply1 f -> f.function() == UnaryFunction.ABS;
        case Instruction.Apply2 f -> f.function() == BinaryFunction.MULTIPLY && f.a() == f.b();
        default -> false;
      };
    }
    return false;
  }

  private int store() {
    int local = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(local);
    return local;
  }

  /** Pushes the mask of where instruction {@code i} is not 0. */
  private void condition(int i, int[] values) {
    if (isComparison(i)) {
      compare((Instruction.Apply2) program.get(i), values);
    } else {
      code.aload(values[i]).getstatic(OPERATORS, "NE", COMPARISON);
      zero();
      code.invokevirtual(FLOAT_VECTOR, "compare", MethodTypeDesc.of(MASK, COMPARISON, VECTOR));
    }
  }

  private void compare(Instruction.Apply2 f, int[] values) {
    String operator =
        switch (f.function()) {
          case LESS -> "LT";
          case LESS_OR_EQUAL -> "LE";
          case EQUAL -> "EQ";
          default -> throw new IllegalArgumentException("no comparison: " + f);
        };
    code.aload(values[f.a()]).getstatic(OPERATORS, operator, COMPARISON).aload(values[f.b()]);
    code.invokevirtual(FLOAT_VECTOR, "compare", MethodTypeDesc.of(MASK, COMPARISON, VECTOR));
  }

  private void unary(UnaryFunction function, int x) {
    switch (function) {
      case NEGATE -> code.aload(x).invokevirtual(FLOAT_VECTOR, "neg", PLAIN);
      case ABS -> code.aload(x).invokevirtual(FLOAT_VECTOR, "abs", PLAIN);
      case SQRT -> code.aload(x).invokevirtual(FLOAT_VECTOR, "sqrt", PLAIN);
      case EXP, TANH, SIGMOID -> {
        if (writesOut) {
          writeOut(function, x);
        } else {
          call(function, x);
        }
      }
      case EXPM1, LOG, SOFTPLUS, SIN, COS, FLOOR, CEIL, ROUND -> call(function, x);
      case ERF -> erf(x);
      case SIGN -> sign(x);
    }
  }

  private void call(UnaryFunction function, int x) {
    code.aload(x);
    math(function.name().toLowerCase(Locale.ROOT), UNARY);
  }

  private void writeOut(UnaryFunction function, int x) {
    switch (function) {
      case EXP -> functions.exp(x);
      case TANH -> functions.tanh(x);
      case SIGMOID -> functions.sigmoid(x);
      default -> throw new IllegalArgumentException("not written out: " + function);
    }
  }

  private void binary(Instruction.Apply2 f, int[] values) {
    if (f.function() == BinaryFunction.ADD
        && (fma(f.a(), f.b(), values) || fma(f.b(), f.a(), values))) {
      return;
    }
    code.aload(values[f.a()]);
    switch (f.function()) {
      case ADD -> code.aload(values[f.b()]).invokevirtual(FLOAT_VECTOR, "add", ON_VECTOR);
      case SUBTRACT -> code.aload(values[f.b()]).invokevirtual(FLOAT_VECTOR, "sub", ON_VECTOR);
      case MULTIPLY -> code.aload(values[f.b()]).invokevirtual(FLOAT_VECTOR, "mul", ON_VECTOR);
      case DIVIDE -> code.aload(values[f.b()]).invokevirtual(FLOAT_VECTOR, "div", ON_VECTOR);
      case MIN -> code.aload(values[f.b()]).invokevirtual(FLOAT_VECTOR, "min", ON_VECTOR);
      case MAX -> code.aload(values[f.b()]).invokevirtual(FLOAT_VECTOR, "max", ON_VECTOR);
      case POWER -> {
        code.aload(values[f.b()]);
        math("power", BINARY);
      }
      case FLOOR_DIVIDE -> {
        code.aload(values[f.b()]);
        math("floorDivide", BINARY);
      }
      case REMAINDER -> {
        code.aload(values[f.b()]);
        math("remainder", BINARY);
      }
      case LESS, LESS_OR_EQUAL, EQUAL -> throw new IllegalArgumentException("a comparison: " + f);
    }
  }

  /**
   * Emits {@code product + other} as one fused multiply-add, if {@code product} is a product that
   * nobody else needs.
   */
  private boolean fma(int product, int other, int[] values) {
    if (program.get(product) instanceof Instruction.Apply2 p
        && p.function() == BinaryFunction.MULTIPLY
        && uses[product] == 1) {
      code.aload(values[p.a()]).aload(values[p.b()]).aload(values[other]);
      fusedMultiplyAdd();
      return true;
    }
    return false;
  }

  /** Calls a function of {@link VectorMath}. */
  private void math(String name, MethodTypeDesc type) {
    code.invokestatic(ClassDesc.of(VectorMath.class.getName()), name, type);
  }

  private void sign(int x) {
    // NaN compares false with everything and stays itself, as do both zeros.
    code.aload(x);
    for (int side : new int[] {1, -1}) {
      number(side);
      code.aload(x).getstatic(OPERATORS, side > 0 ? "GT" : "LT", COMPARISON);
      zero();
      code.invokevirtual(FLOAT_VECTOR, "compare", MethodTypeDesc.of(MASK, COMPARISON, VECTOR));
      blend();
    }
  }

  /** erf(x) as a rational function, ±1 beyond its limit; see {@link RationalErf}. */
  private void erf(int x) {
    // Not clamped: that would take longer than the rest. What overflows lies in the tails.
    code.aload(x).aload(x).invokevirtual(FLOAT_VECTOR, "mul", ON_VECTOR);
    int square = store();
    polynomial(square, RationalErf.NUMERATOR);
    code.aload(x).invokevirtual(FLOAT_VECTOR, "mul", ON_VECTOR);
    polynomial(square, RationalErf.DENOMINATOR);
    code.invokevirtual(FLOAT_VECTOR, "div", ON_VECTOR);
    // Exactly ±1 in the tails: 1 + erf(x) is multiplied by a large x in the GELU.
    for (int side : new int[] {1, -1}) {
      number(side);
      code.aload(x).getstatic(OPERATORS, side > 0 ? "GE" : "LE", COMPARISON);
      number(side * RationalErf.LIMIT);
      code.invokevirtual(FLOAT_VECTOR, "compare", MethodTypeDesc.of(MASK, COMPARISON, VECTOR));
      blend();
    }
  }

  /** Pushes a polynomial of {@code x}, highest coefficient first, by Horner's rule. */
  private void polynomial(int x, float[] coefficients) {
    number(coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      code.aload(x);
      number(coefficients[i]);
      fusedMultiplyAdd();
    }
  }

  private void fusedMultiplyAdd() {
    code.invokevirtual(FLOAT_VECTOR, "fma", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, VECTOR));
  }

  private void blend() {
    code.invokevirtual(FLOAT_VECTOR, "blend", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, MASK));
  }

  private void number(float value) {
    species();
    code.loadConstant(value);
    broadcast();
  }

  /** Pushes the species: a constant for the JIT compiler. */
  void species() {
    code.getstatic(ClassDesc.of(Lanes.class.getName()), "F32", SPECIES);
  }

  /** Pops a species and a float; pushes a vector of that float. */
  void broadcast() {
    code.invokestatic(
        FLOAT_VECTOR, "broadcast", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, CD_float));
  }

  /** Pushes a vector of zeros. */
  void zero() {
    species();
    code.invokestatic(FLOAT_VECTOR, "zero", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES));
  }

  /** Pops a vector; pushes the sum of its lanes. */
  void sumOfLanes() {
    functions.sumOfLanes();
  }

  /** Pops a species and two ints; pushes the mask of the lanes inside. */
  void indexInRange() {
    code.invokeinterface(SPECIES, "indexInRange", MethodTypeDesc.of(MASK, CD_int, CD_int));
  }

  /**
   * Pops two vectors; pushes their sum, under the mask in local {@code mask} if that is not
   * negative.
   */
  void add(int mask) {
    if (mask < 0) {
      code.invokevirtual(FLOAT_VECTOR, "add", ON_VECTOR);
    } else {
      code.aload(mask)
          .invokevirtual(FLOAT_VECTOR, "add", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, MASK));
    }
  }

  /** Pops species, array and index; pushes the vector there. */
  void fromArray(int mask) {
    if (mask < 0) {
      code.invokestatic(
          FLOAT_VECTOR, "fromArray", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, FLOATS, CD_int));
    } else {
      code.aload(mask)
          .invokestatic(
              FLOAT_VECTOR,
              "fromArray",
              MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, FLOATS, CD_int, MASK));
    }
  }

  /** Pops vector, array and index; stores the vector there. */
  void intoArray(int mask) {
    if (mask < 0) {
      code.invokevirtual(FLOAT_VECTOR, "intoArray", MethodTypeDesc.of(CD_void, FLOATS, CD_int));
    } else {
      code.aload(mask)
          .invokevirtual(
              FLOAT_VECTOR, "intoArray", MethodTypeDesc.of(CD_void, FLOATS, CD_int, MASK));
    }
  }
}
