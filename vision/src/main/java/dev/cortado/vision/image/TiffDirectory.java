package dev.cortado.vision.image;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The whole numbers in the first directory of a TIFF structure, which is also what EXIF is. Entries
 * of other types, and entries that make no sense, are left out. Source: TIFF 6.0, section 2.
 */
final class TiffDirectory {
  static final int ORIENTATION = 0x0112;
  static final int STRIP_OFFSETS = 0x0111;
  static final int STRIP_BYTES = 0x0117;
  static final int TILE_OFFSETS = 0x0144;
  static final int TILE_BYTES = 0x0145;

  private static final int SHORT = 3;
  private static final int LONG = 4;

  private final Map<Integer, List<Long>> entries = new HashMap<>();

  private TiffDirectory() {}

  /**
   * Reads the directory of the structure that begins at {@code start}.
   *
   * @throws BrokenImageException if the file ends inside the directory
   */
  static TiffDirectory read(Source source, int start) {
    var directory = new TiffDirectory();
    boolean little = source.hasText(start, "II");
    if (!little && !source.hasText(start, "MM")) {
      return directory;
    }
    long at = start + source.u32(start + 4L, little);
    int count = source.u16(at, little);
    for (int i = 0; i < count; i++) {
      directory.readEntry(source, start, at + 2 + 12L * i, little);
    }
    return directory;
  }

  /** The orientation in EXIF data; upright where the data is damaged or says nothing. */
  static Orientation exifOrientation(Source source, int start) {
    try {
      return read(source, start).orientation();
    } catch (BrokenImageException e) {
      return Orientation.UPRIGHT; // damaged EXIF is common, and the picture itself is fine
    }
  }

  Orientation orientation() {
    List<Long> values = numbers(ORIENTATION);
    return values.isEmpty()
        ? Orientation.UPRIGHT
        : Orientation.ofTag((int) Math.min(values.getFirst(), 9));
  }

  /** The values of a tag, empty if it is not there. */
  List<Long> numbers(int tag) {
    return entries.getOrDefault(tag, List.of());
  }

  private void readEntry(Source source, int start, long at, boolean little) {
    int tag = source.u16(at, little);
    int type = source.u16(at + 2, little);
    long count = source.u32(at + 4, little);
    if (type != SHORT && type != LONG) {
      return;
    }
    int size = type == SHORT ? 2 : 4;
    boolean inline = count * size <= 4;
    long from = inline ? at + 8 : start + source.u32(at + 8, little);
    if (count > source.size() / size || from + count * size > source.size()) {
      if (tag == ORIENTATION) {
        return;
      }
      // A directory that points outside the file: only the image's own tags matter to whoever asks.
      entries.put(tag, List.of(Long.MAX_VALUE));
      return;
    }
    var values = new ArrayList<Long>((int) count);
    for (long i = 0; i < count; i++) {
      values.add(
          type == SHORT ? source.u16(from + 2 * i, little) : source.u32(from + 4 * i, little));
    }
    entries.putIfAbsent(tag, values);
  }
}
