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
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Writes a {@link Tile}: a hidden class whose methods are unrolled over the tile's rows and
 * vectors. C2 keeps vectors in registers only as local variables, so each accumulator is a variable
 * of its own, and each size of tile a class of its own.
 */
final class TileCompiler {
  private static final ClassDesc SELF = ClassDesc.of("dev.cortado.simd.CompiledTile");
  private static final ClassDesc TILE = ClassDesc.of(Tile.class.getName());
  private static final ClassDesc SIZE = ClassDesc.of(Tile.Size.class.getName());
  private static final MethodTypeDesc OF_SIZE = MethodTypeDesc.of(CD_void, SIZE);
  private static final ClassDesc LANES = ClassDesc.of(Lanes.class.getName());
  private static final String PACKAGE = "jdk.incubator.vector.";
  private static final ClassDesc FLOAT_VECTOR = ClassDesc.of(PACKAGE + "FloatVector");
  private static final ClassDesc VECTOR = ClassDesc.of(PACKAGE + "Vector");
  private static final ClassDesc SPECIES = ClassDesc.of(PACKAGE + "VectorSpecies");
  private static final ClassDesc MASK = ClassDesc.of(PACKAGE + "VectorMask");
  private static final ClassDesc FLOAT = ClassDesc.of("java.lang.Float");
  private static final ClassDesc FLOATS = CD_float.arrayType();
  private static final MethodTypeDesc WRITE =
      MethodTypeDesc.of(CD_void, FLOAT_VECTOR, FLOATS, CD_int, MASK, ConstantDescs.CD_boolean);
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_int, CD_int, FLOATS, CD_int, FLOATS, CD_int, FLOATS, CD_int, CD_int, FLOATS, CD_int);

  private final int mr;
  private final int vectors;
  private final Tile.Code size;
  private final CodeBuilder code;
  private final int[][] sums;
  private final int[] row;
  private final int x;
  private final int k;
  private final int seen;

  private TileCompiler(Tile.Code size, CodeBuilder code) {
    this.mr = size.rows();
    this.vectors = size.vectors();
    this.size = size;
    this.code = code;
    this.sums = new int[mr][vectors];
    this.row = new int[vectors];
    for (int v = 0; v < vectors; v++) {
      row[v] = code.allocateLocal(TypeKind.REFERENCE);
      for (int r = 0; r < mr; r++) {
        sums[r][v] = code.allocateLocal(TypeKind.REFERENCE);
      }
    }
    this.x = code.allocateLocal(TypeKind.REFERENCE);
    this.k = code.allocateLocal(TypeKind.INT);
    this.seen = code.allocateLocal(TypeKind.INT);
  }

  /** Returns what makes tiles of that code. */
  static Tile.Maker compile(Tile.Code size) {
    byte[] bytes =
        ClassFile.of()
            .build(
                SELF,
                type ->
                    type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                        .withSuperclass(TILE)
                        .withMethodBody(
                            ConstantDescs.INIT_NAME,
                            OF_SIZE,
                            0,
                            code ->
                                code.aload(0)
                                    .aload(1)
                                    .invokespecial(TILE, ConstantDescs.INIT_NAME, OF_SIZE)
                                    .return_())
                        .withMethodBody(
                            "packed", RUN, 0, code -> new TileCompiler(size, code).packed())
                        .withMethodBody(
                            "spaced", RUN, 0, code -> new TileCompiler(size, code).spaced()));
    try {
      var lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
      var constructor =
          lookup.findConstructor(
              lookup.lookupClass(), MethodType.methodType(void.class, Tile.Size.class));
      return new Tile.Maker(size, tile -> make(constructor, tile));
    } catch (Throwable t) {
      throw new IllegalStateException("cannot compile a tile of " + size, t);
    }
  }

  private static Tile make(MethodHandle constructor, Tile.Size size) {
    try {
      return (Tile) constructor.invoke(size);
    } catch (Throwable t) {
      throw new IllegalStateException("cannot make a tile of " + size, t);
    }
  }

  /** Parameters: kc, a, ao, b, bo, c, co, ldc, next, nextAt. */
  private void packed() {
    clear();
    code.iconst_0().istore(k);
    loop(
        1,
        () -> {
          step(
              2,
              4,
              5,
              r -> code.iload(3).iload(k).loadConstant(mr).imul().iadd().loadConstant(r).iadd());
          touch(9, 10);
        });
    finish(6, 7, 8);
    code.iload(seen).ireturn();
  }

  /**
   * As {@link #packed}; k runs as the index of the first row, so that the others are a constant
   * away.
   */
  private void spaced() {
    clear();
    int end = code.allocateLocal(TypeKind.INT);
    int bs = code.allocateLocal(TypeKind.INT);
    code.iload(3).istore(k).iload(3).iload(1).iadd().istore(end);
    code.iload(5).iload(3).loadConstant(nr()).imul().isub().istore(bs);
    loop(
        end,
        () -> {
          step(2, 4, bs, r -> code.iload(k).loadConstant(r * size.rowStride()).iadd());
          touch(9, 10);
        });
    finish(6, 7, 8);
    code.iload(seen).ireturn();
  }

  /**
   * Reads one number of what comes next and goes on some steps, so that the processor notices that
   * somebody walks there, and fetches from far away while multiplications go on. (Java has no
   * instruction that fetches ahead.)
   */
  private void touch(int next, int at) {
    if (!size.ahead()) {
      return;
    }
    code.iload(seen).aload(next).iload(at).faload();
    code.invokestatic(FLOAT, "floatToRawIntBits", MethodTypeDesc.of(CD_int, CD_float));
    code.ior().istore(seen);
    code.iinc(at, size.step());
  }

  private int nr() {
    return vectors * Lanes.COUNT;
  }

  /** Pushes the index of a row's number for the current k. */
  private interface RowIndex {
    void push(int r);
  }

  /** Returns if there is less than nothing to do, and sets the sums to zero. */
  private void clear() {
    code.iconst_0().istore(seen);
    Label some = code.newLabel();
    code.iload(1).ifge(some);
    code.iload(seen).ireturn();
    code.labelBinding(some);
    species();
    code.invokestatic(FLOAT_VECTOR, "zero", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES));
    code.astore(x);
    for (int[] vector : sums) {
      for (int sum : vector) {
        code.aload(x).astore(sum);
      }
    }
  }

  /** Emits {@code for (k = 0; k < bound; k++) body}. */
  private void loop(int bound, Runnable body) {
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.labelBinding(top).iload(k).iload(bound).if_icmpge(end);
    body.run();
    code.iinc(k, 1).goto_(top).labelBinding(end);
  }

  /** Emits what is done for one k. */
  private void step(int a, int b, int bo, RowIndex index) {
    for (int v = 0; v < vectors; v++) {
      species();
      code.aload(b).iload(bo).iload(k).loadConstant(nr()).imul().iadd();
      if (v > 0) {
        code.loadConstant(v * Lanes.COUNT).iadd();
      }
      fromArray();
      code.astore(row[v]);
    }
    for (int r = 0; r < mr; r++) {
      species();
      code.aload(a);
      index.push(r);
      code.faload();
      code.invokestatic(
          FLOAT_VECTOR, "broadcast", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, CD_float));
      code.astore(x);
      for (int v = 0; v < vectors; v++) {
        code.aload(x).aload(row[v]).aload(sums[r][v]);
        code.invokevirtual(FLOAT_VECTOR, "fma", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, VECTOR));
        code.astore(sums[r][v]);
      }
    }
  }

  /**
   * Adds what the result holds, if wanted, and writes the sums. A last vector with fewer lanes goes
   * through {@link Lanes#write}: unrolled here, its masks were too much for C1, which then leaves
   * the tile without the profile that C2 waits for.
   */
  private void finish(int c, int co, int ldc) {
    int mask = -1;
    if (size.masked()) {
      mask = code.allocateLocal(TypeKind.REFERENCE);
      code.aload(0).getfield(TILE, "tail", CD_int);
      code.invokestatic(LANES, "first", MethodTypeDesc.of(MASK, CD_int)).astore(mask);
    }
    int whole = mask < 0 ? vectors : vectors - 1;
    for (int r = 0; r < mr && size.add(); r++) {
      for (int v = 0; v < whole; v++) {
        code.aload(sums[r][v]);
        species();
        code.aload(c);
        place(co, ldc, r, v);
        fromArray();
        code.invokevirtual(FLOAT_VECTOR, "add", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR));
        code.astore(sums[r][v]);
      }
    }
    for (int r = 0; r < mr; r++) {
      for (int v = 0; v < whole; v++) {
        code.aload(sums[r][v]).aload(c);
        place(co, ldc, r, v);
        code.invokevirtual(FLOAT_VECTOR, "intoArray", MethodTypeDesc.of(CD_void, FLOATS, CD_int));
      }
      if (whole < vectors) {
        code.aload(sums[r][whole]).aload(c);
        place(co, ldc, r, whole);
        code.aload(mask).loadConstant(size.add() ? 1 : 0);
        code.invokestatic(LANES, "write", WRITE);
      }
    }
  }

  private void place(int co, int ldc, int r, int v) {
    code.iload(co);
    if (r > 0) {
      code.iload(ldc);
      if (r > 1) {
        code.loadConstant(r).imul();
      }
      code.iadd();
    }
    if (v > 0) {
      code.loadConstant(v * Lanes.COUNT).iadd();
    }
  }

  private void fromArray() {
    code.invokestatic(
        FLOAT_VECTOR, "fromArray", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, FLOATS, CD_int));
  }

  private void species() {
    code.getstatic(LANES, "F32", SPECIES);
  }
}
