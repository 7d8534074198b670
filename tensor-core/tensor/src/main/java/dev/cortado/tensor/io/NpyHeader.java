package dev.cortado.tensor.io;

import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an npy file says of its elements.
 *
 * @param fortran whether the first axis varies fastest
 * @param elements the product of the sizes
 * @param begin the byte at which the elements begin
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record NpyHeader(
    ElementType type, ByteOrder order, boolean fortran, int[] shape, int elements, long begin) {
  /** The bytes before the header's text, in version 1; later ones have two more. */
  static final int FIXED = 10;

  /** Longer than any array of numbers needs, and what NumPy reads without being told to trust. */
  private static final int LONGEST = 10_000;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;

  /** How many bytes of text follow, and where they begin. */
  record Prefix(int begin, int length, boolean utf8) {}

  /** Returns whether a file that begins with these bytes is an npy file. */
  static boolean hasMagic(byte[] first) {
    return first.length >= MAGIC.length && Arrays.equals(Arrays.copyOf(first, MAGIC.length), MAGIC);
  }

  /**
   * Reads what comes before the text: magic, version, length.
   *
   * @param first the file's first 12 bytes, or all it has
   */
  static Prefix prefix(byte[] first, long size) throws Refused {
    if (size == 0) {
      throw new Refused("it is empty");
    }
    for (int i = 0; i < Math.min(MAGIC.length, first.length); i++) {
      if (first[i] != MAGIC[i]) {
        throw new Refused(
            "byte %d is 0x%02x, should be 0x%02x: it does not begin like an npy file%s"
                .formatted(i, first[i], MAGIC[i], FileProblem.likelyKind(first)));
      }
    }
    if (first.length < FIXED) {
      throw new Refused("it ends at byte " + first.length + ", inside the header");
    }
    int major = Byte.toUnsignedInt(first[6]);
    if (major < 1 || major > 3 || first[7] != 0) {
      throw new Refused(
          "byte 6 says it is of version %d.%d; versions 1.0, 2.0 and 3.0 are known"
              .formatted(major, Byte.toUnsignedInt(first[7])));
    }
    var bytes = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN);
    int begin = major == 1 ? FIXED : FIXED + 2;
    if (first.length < begin) {
      throw new Refused("it ends at byte " + first.length + ", inside the header");
    }
    long length =
        major == 1
            ? Short.toUnsignedInt(bytes.getShort(8))
            : Integer.toUnsignedLong(bytes.getInt(8));
    if (length > LONGEST) {
      throw new Refused(
          "byte 8 says the header is %d bytes long; at most %d are allowed"
              .formatted(length, LONGEST));
    }
    if (begin + length > size) {
      throw new Refused(
          "the header should end at byte %d, but the file ends at byte %d: it is cut short"
              .formatted(begin + length, size));
    }
    return new Prefix(begin, (int) length, major == 3);
  }

  /** Reads the text, a Python dictionary, and checks that it describes {@code size} bytes. */
  static NpyHeader parse(Prefix prefix, byte[] text, long size) throws Refused {
    var charset = prefix.utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    var header = new NpyLiteral(new String(text, charset), prefix.begin).header();
    var type = type(header.descr());
    long bytes = type.bytes(header.shape());
    if (bytes < 0) {
      throw new Refused(
          "shape "
              + Arrays.toString(header.shape())
              + " has more elements than the 2^31 - 17 that fit in a tensor");
    }
    long begin = prefix.begin + (long) text.length;
    if (begin + bytes != size) {
      throw new Refused(
          "%d elements of %s should end at byte %d, but the file ends at byte %d%s"
              .formatted(
                  bytes / type.bytes(),
                  Quoted.of(header.descr()),
                  begin + bytes,
                  size,
                  begin + bytes > size ? ": it is cut short" : ""));
    }
    boolean big = header.descr().startsWith(">");
    return new NpyHeader(
        type,
        big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
        header.fortran(),
        Arrays.stream(header.shape()).mapToInt(Math::toIntExact).toArray(),
        (int) (bytes / type.bytes()),
        begin);
  }

  private static ElementType type(String descr) throws Refused {
    var found = descr.length() == 3 ? find(descr.charAt(0), descr.substring(1)) : null;
    if (found != null) {
      return found;
    }
    String kind = descr.replaceFirst("^[<>|=]", "");
    String why =
        switch (kind.isEmpty() ? ' ' : kind.charAt(0)) {
          case 'O' -> "Python objects, which only Python can read, and running them is not safe";
          case 'c' -> "complex numbers";
          case 'S', 'U', 'a' -> "texts";
          case 'V' -> "records or raw bytes; bfloat16 may hide there: save it as float32";
          case 'M', 'm' -> "dates or durations: save them as int64";
          default -> "unknown to Cortado";
        };
    throw new Refused("its elements are " + Quoted.of(descr) + ", " + why);
  }

  /** Returns the type that NumPy calls {@code code}, or null. One byte has no order. */
  private static @Nullable ElementType find(char order, String code) {
    var type =
        switch (code) {
          case "f2" -> ElementType.F16;
          case "f4" -> ElementType.F32;
          case "f8" -> ElementType.F64;
          case "i1" -> ElementType.I8;
          case "i2" -> ElementType.I16;
          case "i4" -> ElementType.I32;
          case "i8" -> ElementType.I64;
          case "u1" -> ElementType.U8;
          case "u2" -> ElementType.U16;
          case "u4" -> ElementType.U32;
          case "u8" -> ElementType.U64;
          case "b1" -> ElementType.BOOL;
          default -> null;
        };
    boolean ordered = order == '<' || order == '>';
    return type != null && (ordered || (order == '|' && type.bytes() == 1)) ? type : null;
  }

  /** Returns magic, version 1.0, length and text for elements of this type, aligned to 64 bytes. */
  static byte[] encode(DType type, Shape shape, boolean fortran) {
    String sizes =
        Arrays.stream(shape.toArray())
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", "));
    String text =
        "{'descr': '%s', 'fortran_order': %s, 'shape': (%s%s), }"
            .formatted(
                descr(type), fortran ? "True" : "False", sizes, shape.rank() == 1 ? "," : "");
    int end = Math.ceilDiv(FIXED + text.length() + 1, ALIGNMENT) * ALIGNMENT;
    byte[] bytes = new byte[end];
    Arrays.fill(bytes, (byte) ' ');
    bytes[end - 1] = '\n';
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) (end - FIXED))
        .put(text.getBytes(StandardCharsets.US_ASCII));
    return bytes;
  }

  private static String descr(DType type) {
    return switch (type) {
      case F64 -> "<f8";
      case F32 -> "<f4";
      case F16 -> "<f2";
      case I64 -> "<i8";
      case I32 -> "<i4";
      case BOOL -> "|b1";
      case BF16 -> throw new IllegalArgumentException("NumPy has no bfloat16");
    };
  }
}
