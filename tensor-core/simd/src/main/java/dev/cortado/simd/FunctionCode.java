package dev.cortado.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;

/**
 * Writes the functions of {@link VectorMath} into a generated loop, operation by operation, so that
 * they give the same bits. A call would do the same as long as the JIT compiler puts the function
 * in its place. It does not always, depending on what it has compiled before and on how large the
 * loop is already; then vectors are handed over as objects and the loop runs at a third of its
 * speed for good. The Vector API's own methods are always put in place.
 *
 * <p>Methods without a result work on the operand stack, as the instructions of the JVM do.
 */
final class FunctionCode {
  private static final String PACKAGE = "jdk.incubator.vector.";
  private static final ClassDesc FLOAT_VECTOR = ClassDesc.of(PACKAGE + "FloatVector");
  private static final ClassDesc INT_VECTOR = ClassDesc.of(PACKAGE + "IntVector");
  private static final ClassDesc VECTOR = ClassDesc.of(PACKAGE + "Vector");
  private static final ClassDesc SPECIES = ClassDesc.of(PACKAGE + "VectorSpecies");
  private static final ClassDesc SHUFFLE = ClassDesc.of(PACKAGE + "VectorShuffle");
  private static final ClassDesc MASK = ClassDesc.of(PACKAGE + "VectorMask");
  private static final ClassDesc OPERATORS = ClassDesc.of(PACKAGE + "VectorOperators");
  private static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");
  private static final ClassDesc BINARY = OPERATORS.nested("Binary");
  private static final ClassDesc ASSOCIATIVE = OPERATORS.nested("Associative");
  private static final ClassDesc MATH = ClassDesc.of(VectorMath.class.getName());
  private static final MethodTypeDesc OF_VECTOR = MethodTypeDesc.of(FLOAT_VECTOR, VECTOR);

  private final CodeBuilder code;

  FunctionCode(CodeBuilder code) {
    this.code = code;
  }

  /** Pushes a vector variable. */
  FunctionCode get(int local) {
    code.aload(local);
    return this;
  }

  /** Pops a vector into a new variable. */
  int set() {
    int local = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(local);
    return local;
  }

  /** Pops a vector into an existing variable. */
  void set(int local) {
    code.astore(local);
  }

  /** Returns a new variable with the mask of as many first lanes as int {@code count} says. */
  int firstLanes(int count) {
    code.iload(count)
        .invokestatic(
            ClassDesc.of(Lanes.class.getName()), "first", MethodTypeDesc.of(MASK, CD_int));
    return set();
  }

  /** Pushes the species: a constant for the JIT compiler. */
  private void species() {
    code.getstatic(ClassDesc.of(Lanes.class.getName()), "F32", SPECIES);
  }

  /** Pushes a vector of one number. */
  FunctionCode number(float value) {
    species();
    code.loadConstant(value);
    return broadcast();
  }

  private FunctionCode broadcast() {
    code.invokestatic(
        FLOAT_VECTOR, "broadcast", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, CD_float));
    return this;
  }

  /** Pops b and a; pushes a + b. */
  FunctionCode add() {
    return binary("add");
  }

  /** Pops b and a; pushes a − b. */
  FunctionCode sub() {
    return binary("sub");
  }

  /** Pops b and a; pushes a · b. */
  FunctionCode mul() {
    return binary("mul");
  }

  /** Pops b and a; pushes a / b. */
  FunctionCode div() {
    return binary("div");
  }

  private FunctionCode binary(String name) {
    code.invokevirtual(FLOAT_VECTOR, name, OF_VECTOR);
    return this;
  }

  /** Pops c, b and a; pushes a · b + c, rounded once. */
  FunctionCode fma() {
    code.invokevirtual(FLOAT_VECTOR, "fma", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, VECTOR));
    return this;
  }

  private FunctionCode unary(String name) {
    code.invokevirtual(FLOAT_VECTOR, name, MethodTypeDesc.of(FLOAT_VECTOR));
    return this;
  }

  /** Pops mask, b and a; pushes b where the mask is set, a elsewhere. */
  FunctionCode blend() {
    code.invokevirtual(FLOAT_VECTOR, "blend", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, MASK));
    return this;
  }

  /** Pushes the mask of where {@code x operator limit}. */
  FunctionCode compare(int x, String operator, float limit) {
    code.aload(x).getstatic(OPERATORS, operator, COMPARISON);
    number(limit);
    return compared();
  }

  /** Pushes the mask of where {@code x operator y}. */
  FunctionCode compare(int x, String operator, int y) {
    code.aload(x).getstatic(OPERATORS, operator, COMPARISON).aload(y);
    return compared();
  }

  private FunctionCode compared() {
    code.invokevirtual(FLOAT_VECTOR, "compare", MethodTypeDesc.of(MASK, COMPARISON, VECTOR));
    return this;
  }

  /** Pops a; pushes a polynomial of {@code x} that begins with it, by Horner's rule. */
  FunctionCode horner(int x, float... coefficients) {
    for (float coefficient : coefficients) {
      get(x).number(coefficient).fma();
    }
    return this;
  }

  /** Pops a vector; pushes its bits as integers, shifted to where floats have their exponent. */
  private void exponent() {
    code.invokevirtual(FLOAT_VECTOR, "reinterpretAsInts", MethodTypeDesc.of(INT_VECTOR));
    code.getstatic(OPERATORS, "LSHL", BINARY).loadConstant(VectorMath.MANTISSA);
    code.invokevirtual(INT_VECTOR, "lanewise", MethodTypeDesc.of(INT_VECTOR, BINARY, CD_int));
  }

  /** Pops integers; pushes them as the bits of floats. */
  private void asFloats() {
    code.invokevirtual(INT_VECTOR, "reinterpretAsFloats", MethodTypeDesc.of(FLOAT_VECTOR));
  }

  /** Pushes 2ⁿ of what {@link VectorMath#BIASED_ROUNDER} was added to. */
  private FunctionCode power(int shifted) {
    get(shifted).exponent();
    asFloats();
    return this;
  }

  /** Pushes what is left of x: x − n · ln 2; {@code sign} −1 for −x − n · ln 2, negated. */
  private int rest(int x, int shifted, float rounder, int sign) {
    int n = get(shifted).number(rounder).sub().set();
    get(n).number(-sign * VectorMath.LN2_REST);
    return get(n).number(-sign * VectorMath.LN2).get(x).fma().fma().set();
  }

  /** Pushes {@link VectorMath#exp}. */
  FunctionCode exp(int x) {
    int shifted = get(x).number(VectorMath.LOG2_E).number(VectorMath.ROUNDER).fma().set();
    int r = rest(x, shifted, VectorMath.ROUNDER, 1);
    get(x).number(Float.POSITIVE_INFINITY).mul();
    number(0.0013814599f);
    horner(r, 0.008368717f, 0.04166839f, 0.16666521f, 0.49999994f, 1, 1);
    code.invokevirtual(FLOAT_VECTOR, "reinterpretAsInts", MethodTypeDesc.of(INT_VECTOR));
    get(shifted).exponent();
    code.invokevirtual(INT_VECTOR, "add", MethodTypeDesc.of(INT_VECTOR, VECTOR));
    asFloats();
    compare(x, "LE", VectorMath.LARGEST_EXPONENT).blend();
    return number(0).compare(x, "LT", VectorMath.LEAST_EXPONENT).blend();
  }

  /** Pushes {@link VectorMath#expOfNegative}. */
  FunctionCode expOfNegative(int x) {
    int shifted = get(x).number(VectorMath.LOG2_E).number(VectorMath.BIASED_ROUNDER).fma().set();
    int r = rest(x, shifted, VectorMath.BIASED_ROUNDER, 1);
    number(0.0013814599f).horner(r, 0.008368717f, 0.04166839f, 0.16666521f, 0.49999994f, 1, 1);
    power(shifted).mul();
    return number(0).compare(x, "LT", VectorMath.LEAST_EXPONENT).blend();
  }

  /** Pushes {@link VectorMath#exp2}. */
  FunctionCode exp2(int x) {
    get(x).number(VectorMath.LARGEST_POWER).compare(x, "GT", VectorMath.LARGEST_POWER).blend();
    return exp2UpTo128(set());
  }

  /** Pushes {@link VectorMath#exp2} of what is not larger than 128. */
  FunctionCode exp2UpTo128(int x) {
    int shifted = get(x).number(VectorMath.BIASED_ROUNDER).add().set();
    int n = get(shifted).number(VectorMath.BIASED_ROUNDER).sub().set();
    int r = get(x).get(n).sub().set();
    number(VectorMath.EXP2[0]);
    horner(r, Arrays.copyOfRange(VectorMath.EXP2, 1, VectorMath.EXP2.length));
    power(shifted).mul();
    return number(0).compare(x, "LT", VectorMath.LEAST_POWER).blend();
  }

  /** Pushes {@link VectorMath#sigmoid}. */
  FunctionCode sigmoid(int x) {
    get(x).number(VectorMath.SIGMOID_ZERO).compare(x, "LT", VectorMath.SIGMOID_ZERO).blend();
    number(VectorMath.SIGMOID_ONE).compare(x, "GT", VectorMath.SIGMOID_ONE).blend();
    int inside = set();
    int shifted =
        get(inside).number(-VectorMath.LOG2_E).number(VectorMath.BIASED_ROUNDER).fma().set();
    int r = rest(inside, shifted, VectorMath.BIASED_ROUNDER, -1);
    number(1).number(-0.008290272f);
    horner(r, 0.04189816f, -0.16667639f, 0.49999148f, -0.9999997f, 1);
    return power(shifted).number(1).fma().div();
  }

  /** Pushes {@link VectorMath#tanh}. */
  FunctionCode tanh(int x) {
    int size = get(x).unary("abs").set();
    int twice = get(size).get(size).add().set();
    number(1).number(2).exp(twice).number(1).add().div().sub();
    int large = set();
    get(large).get(large).unary("neg").compare(x, "LT", 0f).blend();
    int square = get(x).get(x).mul().set();
    number(-0.005704986f);
    horner(square, 0.020639086f, -0.053739715f, 0.13331442f, -0.3333328f, 1).get(x).mul();
    return compare(size, "LT", 0.625f).blend();
  }

  /** Pops a vector; pushes {@link VectorMath#sum}, a float. */
  void sumOfLanes() {
    for (int by = 8; by > 0; by /= 2) {
      if (Lanes.COUNT > by) {
        int sum = set();
        get(sum).get(sum);
        code.getstatic(MATH, "BY_" + by, SHUFFLE);
        code.invokevirtual(FLOAT_VECTOR, "rearrange", MethodTypeDesc.of(FLOAT_VECTOR, SHUFFLE));
        add();
      }
    }
    code.iconst_0().invokevirtual(FLOAT_VECTOR, "lane", MethodTypeDesc.of(CD_float, CD_int));
  }

  /** Pops a float; pushes 1 / it. */
  void inverse() {
    code.fconst_1().swap().fdiv();
  }

  /** Pops a vector; pushes its largest lane, a float. */
  void largestLane() {
    code.getstatic(OPERATORS, "MAX", ASSOCIATIVE);
    code.invokevirtual(FLOAT_VECTOR, "reduceLanes", MethodTypeDesc.of(CD_float, ASSOCIATIVE));
  }
}
