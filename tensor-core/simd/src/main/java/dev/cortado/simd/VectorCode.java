package dev.cortado.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;

/**
 * What generated loops are made of: Vector API calls, integer arithmetic and counting loops, and
 * the hidden class around them. Values live in local variables, so that the JIT compiler keeps
 * vectors in registers.
 */
final class VectorCode {
  private static final String PACKAGE = "jdk.incubator.vector.";
  private static final ClassDesc FLOAT_VECTOR = ClassDesc.of(PACKAGE + "FloatVector");
  private static final ClassDesc VECTOR = ClassDesc.of(PACKAGE + "Vector");
  private static final ClassDesc SPECIES = ClassDesc.of(PACKAGE + "VectorSpecies");
  private static final ClassDesc SHUFFLE = ClassDesc.of(PACKAGE + "VectorShuffle");
  private static final ClassDesc MASK = ClassDesc.of(PACKAGE + "VectorMask");
  private static final ClassDesc FLOATS = CD_float.arrayType();
  private static final ClassDesc LANES = ClassDesc.of(Lanes.class.getName());

  private final CodeBuilder code;
  private int mask = -1;

  private VectorCode(CodeBuilder code) {
    this.code = code;
  }

  /**
   * Returns an instance of a new hidden class that implements {@code type}, an interface with one
   * method {@code run} of type {@code method}, whose body {@code body} writes.
   */
  static <T> T compile(Class<T> type, MethodTypeDesc method, Consumer<VectorCode> body) {
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(type.getName() + "Compiled"),
                c ->
                    c.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                        .withInterfaceSymbols(ClassDesc.of(type.getName()))
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
                            "run",
                            method,
                            ClassFile.ACC_PUBLIC,
                            code -> {
                              body.accept(new VectorCode(code));
                              code.return_();
                            }));
    try {
      var lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
      var constructor =
          lookup.findConstructor(lookup.lookupClass(), MethodType.methodType(void.class));
      return type.cast(constructor.invoke());
    } catch (Throwable t) {
      throw new IllegalStateException("cannot compile a " + type.getSimpleName(), t);
    }
  }

  /** Returns what writes functions into this code. */
  FunctionCode functions() {
    return new FunctionCode(code);
  }

  /** Returns a new float variable that holds {@code array[index]}. */
  int scalar(int array, int index) {
    return scalar(array, index, 0);
  }

  /** Writes the float that {@code push} pushes to {@code array[index]}. */
  void storeScalar(int array, int index, Runnable push) {
    code.aload(array).iload(index);
    push.run();
    code.fastore();
  }

  /** Returns a new int variable that holds a constant. */
  int number(int value) {
    int local = code.allocateLocal(TypeKind.INT);
    code.loadConstant(value).istore(local);
    return local;
  }

  /** {@code to = from}. */
  void set(int to, int from) {
    code.iload(from).istore(to);
  }

  /** Replaces {@code array[index]} by its sum with the float that {@code push} pushes. */
  void addScalar(int array, int index, Runnable push) {
    code.aload(array).iload(index).dup2().faload();
    push.run();
    code.fadd().fastore();
  }

  /** Replaces {@code array[index]} by the float that {@code push} pushes if that is larger. */
  void raiseScalar(int array, int index, Runnable push) {
    code.aload(array).iload(index).dup2().faload();
    push.run();
    code.invokestatic(
        ClassDesc.of("java.lang.Math"), "max", MethodTypeDesc.of(CD_float, CD_float, CD_float));
    code.fastore();
  }

  /** Returns a new int variable that holds {@code a − b}. */
  int difference(int a, int b) {
    int local = code.allocateLocal(TypeKind.INT);
    code.iload(a).iload(b).isub().istore(local);
    return local;
  }

  /** Returns a new int variable that holds {@code of} rounded down to whole vectors. */
  int wholeVectors(int of) {
    int local = code.allocateLocal(TypeKind.INT);
    code.iload(of).loadConstant(-Lanes.COUNT).iand().istore(local);
    return local;
  }

  /** Emits {@code if (a < b) body}. */
  void ifLess(int a, int b, Runnable body) {
    Label end = code.newLabel();
    code.iload(a).iload(b).if_icmpge(end);
    body.run();
    code.labelBinding(end);
  }

  /** Restricts all loads and stores from here on to as many lanes as int {@code count} says. */
  void maskLanes(int count) {
    mask = code.allocateLocal(TypeKind.REFERENCE);
    code.iload(count).invokestatic(LANES, "first", MethodTypeDesc.of(MASK, CD_int)).astore(mask);
  }

  /** Emits {@code body}, whose loads and stores are restricted to the lanes of a mask variable. */
  void masked(int lanes, Runnable body) {
    int outside = mask;
    mask = lanes;
    body.run();
    mask = outside;
  }

  /** Returns a new int variable that holds {@code from}. */
  int copy(int from) {
    int local = code.allocateLocal(TypeKind.INT);
    code.iload(from).istore(local);
    return local;
  }

  /** Returns a new int variable that holds {@code a + b}. */
  int sum(int a, int b) {
    int local = copy(a);
    add(local, b);
    return local;
  }

  /** {@code to += by}. */
  void add(int to, int by) {
    code.iload(to).iload(by).iadd().istore(to);
  }

  /** {@code to += number}. */
  void increment(int to, int number) {
    code.iinc(to, number);
  }

  /** {@code to += by}, a constant of any size. */
  void shift(int to, int by) {
    if (by != 0) {
      code.iload(to).loadConstant(by).iadd().istore(to);
    }
  }

  /** {@code to += times · by}. */
  void add(int to, int times, int by) {
    if (times == 1) {
      add(to, by);
    } else if (times != 0) {
      code.iload(to).iload(by).loadConstant(times).imul().iadd().istore(to);
    }
  }

  /**
   * Emits {@code for (int i = 0; i < bound; i += step) body}; the body gets the variable {@code i}.
   */
  void loop(int bound, int step, java.util.function.IntConsumer body) {
    int i = code.allocateLocal(TypeKind.INT);
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.iconst_0().istore(i);
    code.labelBinding(top).iload(i).iload(bound).if_icmpge(end);
    body.accept(i);
    code.iinc(i, step).goto_(top).labelBinding(end);
  }

  /** Returns a new vector variable of zeros. */
  int zero() {
    species();
    code.invokestatic(FLOAT_VECTOR, "zero", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES));
    return store();
  }

  /** Returns a new vector variable that holds {@code vector}. */
  int copyVector(int vector) {
    code.aload(vector);
    return store();
  }

  /** Returns a new vector variable with what is in {@code array} from {@code index}. */
  int load(int array, int index) {
    species();
    code.aload(array).iload(index);
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
    return store();
  }

  /** Returns a new vector variable with what is in {@code array} from {@code index + ahead}. */
  int load(int array, int index, int ahead) {
    species();
    element(array, index, ahead);
    code.invokestatic(
        FLOAT_VECTOR, "fromArray", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, FLOATS, CD_int));
    return store();
  }

  /** Returns a new float variable that holds {@code array[index + ahead]}. */
  int scalar(int array, int index, int ahead) {
    element(array, index, ahead);
    int local = code.allocateLocal(TypeKind.FLOAT);
    code.faload().fstore(local);
    return local;
  }

  /** Returns a new vector variable with float {@code scalar} in all lanes. */
  int broadcast(int scalar) {
    species();
    code.fload(scalar);
    code.invokestatic(
        FLOAT_VECTOR, "broadcast", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, CD_float));
    return store();
  }

  /** Returns a new int variable that holds {@code array[first + i] + to}. */
  int element(int array, int first, int i, int to) {
    int local = code.allocateLocal(TypeKind.INT);
    code.aload(array).iload(first).iload(i).iadd().iaload().iload(to).iadd().istore(local);
    return local;
  }

  /** Returns a new int variable that holds {@code from + i·step}. */
  int place(int from, int i, int step) {
    int local = copy(from);
    add(local, step, i);
    return local;
  }

  /** Returns from the method if {@code count} is 0. */
  void returnIfZero(int count) {
    Label more = code.newLabel();
    code.iload(count).ifne(more).return_().labelBinding(more);
  }

  /** Writes vector {@code value} to {@code array} from {@code index + ahead}. */
  void store(int value, int array, int index, int ahead) {
    code.aload(value);
    element(array, index, ahead);
    code.invokevirtual(FLOAT_VECTOR, "intoArray", MethodTypeDesc.of(CD_void, FLOATS, CD_int));
  }

  /** {@code sum += value}. */
  void addTo(int sum, int value) {
    code.aload(sum).aload(value);
    code.invokevirtual(FLOAT_VECTOR, "add", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR));
    code.astore(sum);
  }

  private void element(int array, int index, int ahead) {
    code.aload(array).iload(index);
    if (ahead != 0) {
      code.loadConstant(ahead).iadd();
    }
  }

  /** Writes vector {@code value} to {@code array} from {@code index}. */
  void store(int value, int array, int index) {
    code.aload(value).aload(array).iload(index);
    if (mask < 0) {
      code.invokevirtual(FLOAT_VECTOR, "intoArray", MethodTypeDesc.of(CD_void, FLOATS, CD_int));
    } else {
      code.aload(mask)
          .invokevirtual(
              FLOAT_VECTOR, "intoArray", MethodTypeDesc.of(CD_void, FLOATS, CD_int, MASK));
    }
  }

  /** {@code sum += a · b}, rounded once. */
  void multiplyAdd(int a, int b, int sum) {
    code.aload(a).aload(b).aload(sum);
    code.invokevirtual(FLOAT_VECTOR, "fma", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, VECTOR));
    code.astore(sum);
  }

  /** Returns a new vector variable: {@code value} in the order of a static {@code shuffle}. */
  int rearrange(int value, ClassDesc owner, String shuffle) {
    code.aload(value).getstatic(owner, shuffle, SHUFFLE);
    code.invokevirtual(FLOAT_VECTOR, "rearrange", MethodTypeDesc.of(FLOAT_VECTOR, SHUFFLE));
    return store();
  }

  /** Returns a new vector variable: {@code b} in the lanes of a static {@code mask}, else a. */
  int blend(int a, int b, ClassDesc owner, String mask) {
    code.aload(a).aload(b).getstatic(owner, mask, MASK);
    code.invokevirtual(FLOAT_VECTOR, "blend", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, MASK));
    return store();
  }

  private void species() {
    code.getstatic(LANES, "F32", SPECIES);
  }

  private int store() {
    int local = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(local);
    return local;
  }
}
