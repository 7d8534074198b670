package dev.cortado.tensor.io;

import dev.cortado.tensor.HostStorage;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.io.SafetensorsHeader.Entry;
import dev.cortado.tensor.io.SafetensorsHeader.Refused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Moves elements between little-endian bytes and Java arrays, one buffer at a time: no file is ever
 * in memory twice.
 */
final class Elements {
  /** A multiple of every element size. */
  private static final int BUFFER_BYTES = 1 << 20;

  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /** Where bytes come from: fills the buffer completely. */
  interface Source {
    void read(ByteBuffer into) throws IOException, Refused;
  }

  /** Where bytes go: takes all that is left in the buffer. */
  interface Sink {
    void write(ByteBuffer from) throws IOException;
  }

  /** Reads one tensor, whose bytes come next from {@code source}. */
  Object read(Entry entry, Source source) throws IOException, Refused {
    Object array =
        switch (entry.type().dtype()) {
          case F32 -> new float[entry.elements()];
          case F64 -> new double[entry.elements()];
          case I32 -> new int[entry.elements()];
          case I64 -> new long[entry.elements()];
          case F16, BF16 -> new short[entry.elements()];
          case BOOL -> new byte[entry.elements()];
        };
    int perBuffer = BUFFER_BYTES / entry.type().bytes();
    for (int at = 0; at < entry.elements(); at += perBuffer) {
      int count = Math.min(perBuffer, entry.elements() - at);
      buffer.clear().limit(count * entry.type().bytes());
      source.read(buffer);
      buffer.flip();
      get(entry, array, at, count);
    }
    return array;
  }

  private void get(Entry entry, Object array, int at, int count) throws Refused {
    switch (entry.type()) {
      case F64 -> buffer.asDoubleBuffer().get((double[]) array, at, count);
      case F32 -> buffer.asFloatBuffer().get((float[]) array, at, count);
      case F16, BF16 -> buffer.asShortBuffer().get((short[]) array, at, count);
      case I64 -> buffer.asLongBuffer().get((long[]) array, at, count);
      case I32 -> buffer.asIntBuffer().get((int[]) array, at, count);
      case I16 -> {
        for (int i = 0; i < count; i++) {
          ((int[]) array)[at + i] = buffer.getShort(2 * i);
        }
      }
      case I8 -> {
        for (int i = 0; i < count; i++) {
          ((int[]) array)[at + i] = buffer.get(i);
        }
      }
      case U8 -> {
        for (int i = 0; i < count; i++) {
          ((int[]) array)[at + i] = Byte.toUnsignedInt(buffer.get(i));
        }
      }
      case BOOL -> {
        buffer.get((byte[]) array, at, count);
        checkTruth(entry, (byte[]) array, at, count);
      }
    }
  }

  private static void checkTruth(Entry entry, byte[] array, int at, int count) throws Refused {
    for (int i = at; i < at + count; i++) {
      if ((array[i] & ~1) != 0) {
        throw new Refused(
            "BOOL tensor %s holds the byte %d; only 0 and 1 are truth values"
                .formatted(Quoted.of(entry.name()), Byte.toUnsignedInt(array[i])));
      }
    }
  }

  /** Writes the elements of {@code tensor} in row-major order. */
  void write(Tensor tensor, Sink sink) throws IOException {
    var dense = tensor.detach().contiguous();
    HostStorage host = dense.host();
    int from = dense.layout().offset();
    int perBuffer = BUFFER_BYTES / tensor.dtype().bytes();
    for (int at = 0; at < tensor.elements(); at += perBuffer) {
      int count = Math.min(perBuffer, tensor.elements() - at);
      buffer.clear().limit(count * tensor.dtype().bytes());
      switch (tensor.dtype()) {
        case F64 -> buffer.asDoubleBuffer().put(host.doubles(), from + at, count);
        case F32 -> buffer.asFloatBuffer().put(host.floats(), from + at, count);
        case F16, BF16 -> buffer.asShortBuffer().put(host.shorts(), from + at, count);
        case I64 -> buffer.asLongBuffer().put(host.longs(), from + at, count);
        case I32 -> buffer.asIntBuffer().put(host.ints(), from + at, count);
        case BOOL -> buffer.duplicate().put(host.bytes(), from + at, count);
      }
      sink.write(buffer);
    }
  }
}
