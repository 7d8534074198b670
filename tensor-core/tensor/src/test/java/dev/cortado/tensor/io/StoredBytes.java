package dev.cortado.tensor.io;

import dev.cortado.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The bytes a tensor had in its file, worked out one element at a time. */
final class StoredBytes {
  private StoredBytes() {}

  static String sha256(Tensor tensor, ElementType stored) {
    var bytes =
        ByteBuffer.allocate(tensor.elements() * stored.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < tensor.elements(); i++) {
      var host = tensor.host();
      switch (stored) {
        case F64 -> bytes.putDouble(host.doubles()[i]);
        case F32 -> bytes.putFloat(host.floats()[i]);
        case F16, BF16 -> bytes.putShort(host.shorts()[i]);
        case F8_E5M2, F8_E4M3 -> throw new AssertionError("no such golden file");
        case I64, U64 -> bytes.putLong(host.longs()[i]);
        case U32 -> bytes.putInt((int) host.longs()[i]);
        case I32 -> bytes.putInt(host.ints()[i]);
        case I16, U16 -> bytes.putShort((short) host.ints()[i]);
        case I8, U8 -> bytes.put((byte) host.ints()[i]);
        case BOOL -> bytes.put(host.bytes()[i]);
      }
    }
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
