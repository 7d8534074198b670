package dev.cortado.vision.image;

import java.nio.charset.StandardCharsets;

/**
 * The bytes of one image file and the name it goes by in messages. Reading past the end means that
 * the file is truncated.
 */
final class Source {
  private final String name;
  private final byte[] bytes;

  Source(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  String name() {
    return name;
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return bytes.length;
  }

  int u8(long at) {
    if (at < 0 || at >= bytes.length) {
      throw truncated();
    }
    return bytes[(int) at] & 0xff;
  }

  int u16(long at, boolean littleEndian) {
    int first = u8(at);
    int second = u8(at + 1);
    return littleEndian ? first | second << 8 : first << 8 | second;
  }

  long u32(long at, boolean littleEndian) {
    long first = u16(at, littleEndian);
    long second = u16(at + 2, littleEndian);
    return littleEndian ? first | second << 16 : first << 16 | second;
  }

  int u16be(long at) {
    return u16(at, false);
  }

  long u32be(long at) {
    return u32(at, false);
  }

  int u16le(long at) {
    return u16(at, true);
  }

  long u32le(long at) {
    return u32(at, true);
  }

  /** Whether the text, in Latin-1, stands at this place; false near the end of the file. */
  boolean hasText(int at, String text) {
    byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
    if (at < 0 || at > bytes.length - wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (bytes[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  BrokenImageException broken(String reason) {
    return new BrokenImageException(name, reason);
  }

  BrokenImageException truncated() {
    return broken(
        "truncated: the file ends after " + bytes.length + " bytes, before the image does");
  }

  /** Refuses an image of more pixels than allowed, or than fit into an array. */
  void checkSize(long width, long height, long maxPixels) {
    if (width < 1 || height < 1) {
      throw broken("damaged: its size is given as " + width + "x" + height);
    }
    long limit = Math.min(maxPixels, (Integer.MAX_VALUE - 8) / 3);
    if (width > limit / height) {
      throw broken(
          "too large: %dx%d pixels, the limit is %,d pixels".formatted(width, height, limit));
    }
  }
}
