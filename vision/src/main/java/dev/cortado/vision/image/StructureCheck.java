package dev.cortado.vision.image;

import java.util.List;
import java.util.zip.CRC32;

/**
 * Walks the parts of a file other than JPEG before it is decoded: is it complete, are its checksums
 * right, how is it oriented? Decoders are often content with half an image.
 */
final class StructureCheck {
  private StructureCheck() {}

  /**
   * The image's orientation, if the file is complete.
   *
   * @throws BrokenImageException if it is not
   */
  static Orientation check(Source source, ImageFormat format) {
    return switch (format) {
      case PNG -> png(source);
      case WEBP -> webp(source);
      case TIFF -> tiff(source);
      case GIF -> gif(source);
      case BMP -> bmp(source);
      case JPEG -> Orientation.UPRIGHT; // JpegStructure's task
    };
  }

  /** Chunks up to IEND; the checksums of those that make pixels. */
  private static Orientation png(Source source) {
    var orientation = Orientation.UPRIGHT;
    long at = 8;
    while (true) {
      long length = source.u32be(at);
      long end = at + 12 + length;
      if (end > source.size()) {
        throw source.truncated();
      }
      int data = (int) at + 8;
      if (source.hasText(data - 4, "IEND")) {
        return orientation;
      }
      boolean critical = (source.u8(at + 4) & 0x20) == 0;
      if (critical) {
        var crc = new CRC32();
        crc.update(source.bytes(), data - 4, (int) length + 4);
        if (crc.getValue() != source.u32be(end - 4)) {
          throw source.broken("damaged: a checksum in the PNG is wrong");
        }
      } else if (source.hasText(data - 4, "eXIf")) {
        orientation = TiffDirectory.exifOrientation(source, data);
      }
      at = end;
    }
  }

  /** RIFF chunks, which must fill the file. */
  private static Orientation webp(Source source) {
    var orientation = Orientation.UPRIGHT;
    long fileEnd = 8 + source.u32le(4);
    if (fileEnd > source.size()) {
      throw source.truncated();
    }
    long at = 12;
    while (at + 8 <= fileEnd) {
      long length = source.u32le(at + 4);
      int data = (int) at + 8;
      if (data + length > fileEnd) {
        throw source.truncated();
      }
      if (source.hasText(data - 8, "EXIF")) {
        int start = source.hasText(data, "Exif\0\0") ? data + 6 : data;
        orientation = TiffDirectory.exifOrientation(source, start);
      }
      at = data + length + (length & 1);
    }
    return orientation;
  }

  /** Strips or tiles of the first page, which must lie inside the file. */
  private static Orientation tiff(Source source) {
    var directory = TiffDirectory.read(source, 0);
    checkInside(
        source,
        directory.numbers(TiffDirectory.STRIP_OFFSETS),
        directory.numbers(TiffDirectory.STRIP_BYTES));
    checkInside(
        source,
        directory.numbers(TiffDirectory.TILE_OFFSETS),
        directory.numbers(TiffDirectory.TILE_BYTES));
    return directory.orientation();
  }

  private static void checkInside(Source source, List<Long> offsets, List<Long> lengths) {
    for (int i = 0; i < offsets.size(); i++) {
      long length = i < lengths.size() ? lengths.get(i) : 0;
      if (offsets.get(i) > source.size() - length) {
        throw source.truncated();
      }
    }
  }

  /** Blocks up to the end of the first picture. */
  private static Orientation gif(Source source) {
    long at = 13L + paletteBytes(source.u8(10));
    while (true) {
      int kind = source.u8(at);
      if (kind == 0x21) {
        at = endOfBlocks(source, at + 2);
      } else if (kind == 0x2c) {
        endOfBlocks(source, at + 11 + paletteBytes(source.u8(at + 9)));
        return Orientation.UPRIGHT;
      } else {
        throw source.broken("damaged: the GIF holds no picture");
      }
    }
  }

  private static int paletteBytes(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  private static long endOfBlocks(Source source, long from) {
    long at = from;
    for (int length = source.u8(at); length != 0; length = source.u8(at)) {
      at += 1 + length;
    }
    return at + 1;
  }

  /** The rows of an uncompressed bitmap. */
  private static Orientation bmp(Source source) {
    long headerSize = source.u32le(14);
    if (headerSize >= 40 && source.u32le(30) == 0) {
      long width = source.u32le(18);
      long height = Math.abs((int) source.u32le(22));
      long rowBytes = (width * source.u16le(28) + 31) / 32 * 4;
      if (source.u32le(10) + rowBytes * height > source.size()) {
        throw source.truncated();
      }
    }
    return Orientation.UPRIGHT;
  }
}
