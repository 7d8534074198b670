package dev.cortado.vision.image;

import java.io.ByteArrayOutputStream;

/**
 * The segments of a JPEG file, walked from start to end: the frame's size, how its colours are
 * coded, the EXIF orientation, and whether the file ends where the image does. Sources: ITU-T T.81
 * annex B, JFIF 1.02, Adobe technical note 5116.
 *
 * <p>{@link #essence} is the file without everything that does not make pixels (profiles, comments,
 * thumbnails, junk between segments), so that the decoder behind has nothing to interpret but the
 * image.
 */
final class JpegStructure {
  /** How samples are coded, by the rules of the IJG's library. */
  enum Colours {
    GREY,
    RGB,
    YCC,
    CMYK,
    YCCK
  }

  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;

  private final Source source;
  private final ByteArrayOutputStream essence;
  private Orientation orientation = Orientation.UPRIGHT;
  private boolean orientationSeen;
  private boolean jfif;
  private int adobeTransform = -1;
  private int frameMarker = -1;
  private int width;
  private int height;
  private int[] componentIds = {};
  private int endOfLastScan;

  private JpegStructure(Source source) {
    this.source = source;
    this.essence = new ByteArrayOutputStream(source.size());
  }

  /**
   * Walks a file.
   *
   * @throws BrokenImageException if it is truncated or of a kind that is not supported
   */
  static JpegStructure of(Source source) {
    var structure = new JpegStructure(source);
    structure.walk();
    structure.checkFrame();
    return structure;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  Orientation orientation() {
    return orientation;
  }

  /** Whether the samples are stored without loss (SOF3), which the JDK's decoder cannot read. */
  boolean lossless() {
    return frameMarker == 0xc3;
  }

  byte[] essence() {
    return essence.toByteArray();
  }

  Colours colours() {
    return switch (componentIds.length) {
      case 1 -> Colours.GREY;
      case 3 -> {
        boolean rgb =
            !jfif
                && (adobeTransform >= 0
                    ? adobeTransform == 0
                    : componentIds[0] == 'R' && componentIds[1] == 'G' && componentIds[2] == 'B');
        yield rgb ? Colours.RGB : Colours.YCC;
      }
      default -> adobeTransform <= 0 ? Colours.CMYK : Colours.YCCK;
    };
  }

  private void walk() {
    mark(SOI);
    int at = 2;
    boolean scanned = false;
    while (true) {
      at = nextMarker(at);
      int marker = source.u8(at - 1L);
      if (marker == EOI) {
        break;
      }
      if (marker == 0x00 || marker == 0x01 || (marker >= 0xd0 && marker <= SOI)) {
        continue; // markers without a segment, of no meaning here
      }
      int end = at + source.u16be(at);
      if (end < at + 2) {
        throw source.broken("damaged: a JPEG segment of impossible length");
      }
      if (end > source.size()) {
        throw source.truncated();
      }
      segment(marker, at, end);
      at = end;
      if (marker == SOS) {
        scanned = true;
        at = endOfScan(end);
        endOfLastScan = at;
        essence.write(source.bytes(), end, at - end);
      }
    }
    if (!scanned) {
      throw source.broken("damaged: the JPEG holds no image data");
    }
    mark(EOI);
  }

  /** The place behind the next marker's two bytes, past anything that is no marker. */
  private int nextMarker(int from) {
    int at = from;
    while (source.u8(at) != 0xff || source.u8(at + 1L) == 0xff) {
      at++;
    }
    return at + 2;
  }

  /**
   * Whether the bytes before the final marker are padding, as some cameras write it: all alike. The
   * decoder stumbles over padding and over the remains of damaged data in the same words.
   */
  boolean endsInPadding(int count) {
    int end = endOfLastScan;
    for (int at = Math.max(end - count, 0); at < end; at++) {
      if (source.u8(at) != source.u8(end - 1L)) {
        return false;
      }
    }
    return true;
  }

  private int endOfScan(int from) {
    byte[] bytes = source.bytes();
    for (int at = from; at < bytes.length - 1; at++) {
      if (bytes[at] == (byte) 0xff) {
        int next = bytes[at + 1] & 0xff;
        if (next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7)) {
          return at;
        }
      }
    }
    throw source.truncated();
  }

  private void segment(int marker, int at, int end) {
    boolean frame =
        marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    if (frame) {
      frame(marker, at, end);
    } else if (marker == 0xe0) {
      jfif |= end - at >= 16 && source.hasText(at + 2, "JFIF\0");
    } else if (marker == 0xe1 && !orientationSeen && source.hasText(at + 2, "Exif\0")) {
      orientationSeen = true;
      orientation = TiffDirectory.exifOrientation(source, at + 8);
    } else if (marker == 0xee && end - at >= 14 && source.hasText(at + 2, "Adobe")) {
      adobeTransform = source.u8(at + 13L);
    }
    boolean makesPixels =
        frame
            || marker == SOS
            || marker == 0xc4
            || marker == 0xcc
            || (marker >= 0xdb && marker <= 0xdd);
    if (makesPixels) {
      mark(marker);
      essence.write(source.bytes(), at, end - at);
    }
  }

  private void frame(int marker, int at, int end) {
    if (frameMarker >= 0) {
      throw source.broken("damaged: the JPEG has two frames");
    }
    frameMarker = marker;
    int precision = source.u8(at + 2L);
    height = source.u16be(at + 3L);
    width = source.u16be(at + 5L);
    componentIds = new int[source.u8(at + 7L)];
    if (end - at < 8 + 3 * componentIds.length) {
      throw source.broken("damaged: the JPEG's frame header is too short");
    }
    for (int i = 0; i < componentIds.length; i++) {
      componentIds[i] = source.u8(at + 8L + 3L * i);
    }
    if (precision != 8) {
      throw source.broken("JPEG of " + precision + " bits per sample is not supported, only 8");
    }
  }

  private void checkFrame() {
    switch (frameMarker) {
      case -1 -> throw source.broken("damaged: the JPEG has no frame header");
      case 0xc0, 0xc1, 0xc2, 0xc3 -> {}
      case 0xc9, 0xca, 0xcb ->
          throw source.broken("arithmetic-coded JPEG is not supported; save it as ordinary JPEG");
      default ->
          throw source.broken("hierarchical JPEG is not supported; save it as ordinary JPEG");
    }
    int components = componentIds.length;
    if (components != 1 && components != 3 && components != 4) {
      throw source.broken("JPEG of " + components + " components is not supported, only 1, 3 or 4");
    }
  }

  private void mark(int marker) {
    essence.write(0xff);
    essence.write(marker);
  }
}
