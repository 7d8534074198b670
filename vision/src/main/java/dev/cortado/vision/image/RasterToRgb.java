package dev.cortado.vision.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;

/**
 * Any decoded image as 8-bit RGB, from its stored samples: palettes looked up, alpha dropped, no
 * colour management (which {@code BufferedImage.getRGB} would apply to grey, and slowly).
 */
final class RasterToRgb {
  private RasterToRgb() {}

  static RgbImage convert(BufferedImage image, Gray16 gray16) {
    Raster raster = image.getRaster();
    SampleModel model = raster.getSampleModel();
    int type = model.getDataType();
    if (type == DataBuffer.TYPE_FLOAT
        || type == DataBuffer.TYPE_DOUBLE
        || type == DataBuffer.TYPE_SHORT) {
      throw new IllegalArgumentException(
          "its samples are floating-point or signed numbers, which have no 8-bit meaning");
    }
    int width = image.getWidth();
    int height = image.getHeight();
    var rgb = new byte[3 * width * height];
    if (image.getColorModel() instanceof IndexColorModel palette) {
      fromPalette(raster, palette, rgb);
    } else if (!copyBytes(raster, image.getColorModel(), rgb)) {
      fromSamples(raster, image.getColorModel(), gray16, rgb);
    }
    return RgbImage.of(width, height, rgb);
  }

  private static void fromPalette(Raster raster, IndexColorModel palette, byte[] rgb) {
    var colours = new int[palette.getMapSize()];
    palette.getRGBs(colours);
    var row = new int[raster.getWidth()];
    int to = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, 0, row);
      for (int index : row) {
        int colour =
            index < colours.length
                ? colours[index]
                : 0; // Pillow, too, shows black beyond the palette
        rgb[to++] = (byte) (colour >> 16);
        rgb[to++] = (byte) (colour >> 8);
        rgb[to++] = (byte) colour;
      }
    }
  }

  /**
   * The fast path: 8-bit red, green and blue in any order, with or without a fourth sample behind.
   */
  private static boolean copyBytes(Raster raster, ColorModel colours, byte[] rgb) {
    if (!(raster.getSampleModel() instanceof PixelInterleavedSampleModel model)
        || !(raster.getDataBuffer() instanceof DataBufferByte buffer)
        || buffer.getNumBanks() != 1
        || model.getNumBands() < 3
        || isCmyk(colours, model.getNumBands())) {
      return false;
    }
    byte[] data = buffer.getData();
    int[] offsets = model.getBandOffsets();
    int step = model.getPixelStride();
    int to = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      int from =
          buffer.getOffset()
              + (y - raster.getSampleModelTranslateY() + raster.getMinY())
                  * model.getScanlineStride()
              + (raster.getMinX() - raster.getSampleModelTranslateX()) * step;
      for (int x = 0; x < raster.getWidth(); x++, from += step, to += 3) {
        rgb[to] = data[from + offsets[0]];
        rgb[to + 1] = data[from + offsets[1]];
        rgb[to + 2] = data[from + offsets[2]];
      }
    }
    return true;
  }

  private static void fromSamples(Raster raster, ColorModel colours, Gray16 gray16, byte[] rgb) {
    SampleModel model = raster.getSampleModel();
    int bands = model.getNumBands();
    boolean grey = bands < 3;
    boolean cmyk = isCmyk(colours, bands);
    // Pillow clips only plain 16-bit grey; with alpha it, too, keeps the high byte.
    boolean clip = bands == 1 && gray16 == Gray16.CLIP;
    int[] bits = model.getSampleSize();
    var row = new int[bands * raster.getWidth()];
    int to = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
      for (int at = 0; at < row.length; at += bands, to += 3) {
        int first = to8(row[at], bits[0], clip);
        int second = grey ? first : to8(row[at + 1], bits[1], false);
        int third = grey ? first : to8(row[at + 2], bits[2], false);
        int light = cmyk ? 255 - to8(row[at + 3], bits[3], false) : 0;
        rgb[to] = cmyk ? Cmyk.mix(first, light) : (byte) first;
        rgb[to + 1] = cmyk ? Cmyk.mix(second, light) : (byte) second;
        rgb[to + 2] = cmyk ? Cmyk.mix(third, light) : (byte) third;
      }
    }
  }

  private static boolean isCmyk(ColorModel colours, int bands) {
    return bands >= 4 && colours.getColorSpace().getType() == ColorSpace.TYPE_CMYK;
  }

  private static int to8(int sample, int bits, boolean clip) {
    if (bits == 8) {
      return sample;
    }
    if (bits == 16) {
      return (clip ? Gray16.CLIP : Gray16.HIGH_BYTE).toByte(sample);
    }
    return bits > 16 ? sample >>> (bits - 8) : sample * 255 / ((1 << bits) - 1);
  }
}
