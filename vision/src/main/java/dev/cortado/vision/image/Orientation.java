package dev.cortado.vision.image;

/**
 * How a stored image must be turned to stand upright: the eight values of the EXIF and TIFF tag
 * 0x0112. Source: TIFF 6.0, section 8, "Orientation".
 */
public enum Orientation {
  /** 1: as it is. */
  UPRIGHT,
  /** 2: left and right exchanged. */
  FLIPPED_HORIZONTALLY,
  /** 3: turned by half a circle. */
  TURNED_180,
  /** 4: top and bottom exchanged. */
  FLIPPED_VERTICALLY,
  /** 5: rows and columns exchanged. */
  TRANSPOSED,
  /** 6: to be turned clockwise by a quarter; the usual portrait of a phone. */
  TURNED_90,
  /** 7: rows and columns exchanged along the other diagonal. */
  TRANSVERSED,
  /** 8: to be turned clockwise by three quarters. */
  TURNED_270;

  /**
   * The orientation of a tag's value; values outside 1..8, which real photos have, mean upright.
   */
  public static Orientation ofTag(int value) {
    return value >= 1 && value <= 8 ? values()[value - 1] : UPRIGHT;
  }

  /** Whether width and height change places. */
  public boolean swapsSides() {
    return switch (this) {
      case UPRIGHT, FLIPPED_HORIZONTALLY, TURNED_180, FLIPPED_VERTICALLY -> false;
      case TRANSPOSED, TURNED_90, TRANSVERSED, TURNED_270 -> true;
    };
  }

  /** The upright image. */
  public RgbImage apply(RgbImage image) {
    if (this == UPRIGHT) {
      return image;
    }
    int w = image.width();
    int h = image.height();
    int outWidth = swapsSides() ? h : w;
    int outHeight = swapsSides() ? w : h;
    byte[] in = image.rgb();
    var out = new byte[in.length];
    // Pixel (x, y) of the result comes from pixel start + x * stepX + y * stepY of the source.
    int start =
        switch (this) {
          case UPRIGHT, TRANSPOSED -> 0;
          case FLIPPED_HORIZONTALLY, TURNED_270 -> w - 1;
          case FLIPPED_VERTICALLY, TURNED_90 -> (h - 1) * w;
          case TURNED_180, TRANSVERSED -> h * w - 1;
        };
    int stepX =
        switch (this) {
          case UPRIGHT, FLIPPED_VERTICALLY -> 1;
          case FLIPPED_HORIZONTALLY, TURNED_180 -> -1;
          case TRANSPOSED, TURNED_270 -> w;
          case TURNED_90, TRANSVERSED -> -w;
        };
    int stepY =
        switch (this) {
          case UPRIGHT, FLIPPED_HORIZONTALLY -> w;
          case FLIPPED_VERTICALLY, TURNED_180 -> -w;
          case TRANSPOSED, TURNED_90 -> 1;
          case TURNED_270, TRANSVERSED -> -1;
        };
    for (int y = 0, to = 0; y < outHeight; y++) {
      int from = 3 * (start + y * stepY);
      for (int x = 0; x < outWidth; x++, to += 3, from += 3 * stepX) {
        out[to] = in[from];
        out[to + 1] = in[from + 1];
        out[to + 2] = in[from + 2];
      }
    }
    return RgbImage.of(outWidth, outHeight, out);
  }
}
