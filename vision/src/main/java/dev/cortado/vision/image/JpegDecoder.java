package dev.cortado.vision.image;

import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageReader;

/**
 * JPEG through the JDK's decoder. It delivers the samples as they are stored, and the colours are
 * computed here by the IJG's formulas: faster than ImageIO's way, and free of its guesses about
 * colour spaces. Colour profiles are not applied, as in Pillow.
 */
final class JpegDecoder {
  private static final int HALF = 1 << 15;
  // round(c * 2^16) of the JFIF equations R = Y + 1.402 Cr, G = Y - 0.34414 Cb - 0.71414 Cr, B = Y
  // + 1.772 Cb
  private static final int CR_TO_R = 91881;
  private static final int CB_TO_G = 22554;
  private static final int CR_TO_G = 46802;
  private static final int CB_TO_B = 116130;

  private static final Pattern BYTES_BEFORE_END =
      Pattern.compile("(\\d{1,9}) extraneous bytes before marker 0xd9");

  private JpegDecoder() {}

  static RgbImage decode(Source source, JpegStructure structure) {
    Raster raster = readRaster(source, structure);
    int width = raster.getWidth();
    int height = raster.getHeight();
    if (width != structure.width() || height != structure.height()) {
      throw source.broken("damaged: the JPEG's frame and its image differ in size");
    }
    byte[] samples = samples(raster);
    byte[] rgb =
        switch (structure.colours()) {
          case GREY -> grey(samples);
          case RGB -> samples;
          case YCC -> ycc(samples, 3);
          case CMYK -> Cmyk.invertedToRgb(samples);
          case YCCK -> Cmyk.invertedToRgb(yccToInvertedCmy(samples));
        };
    return RgbImage.of(width, height, rgb);
  }

  private static Raster readRaster(Source source, JpegStructure structure) {
    ImageReader reader = Decoders.jdkJpeg();
    var damage = new ArrayList<String>();
    try (var input = new ByteArrayInput(structure.essence())) {
      reader.addIIOReadWarningListener(
          (from, warning) -> {
            if (!harmless(warning, structure)) {
              damage.add(warning);
            }
          });
      reader.setInput(input, true, true);
      Raster raster = reader.readRaster(0, null);
      if (!damage.isEmpty()) {
        throw source.broken("damaged: " + damage.getFirst());
      }
      return raster;
    } catch (IOException | RuntimeException e) {
      if (e instanceof BrokenImageException broken) {
        throw broken;
      }
      throw new BrokenImageException(source.name(), "damaged: " + e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }

  /**
   * Whether a warning leaves the pixels right. After all others the decoder goes on with grey or
   * with displaced blocks.
   */
  private static boolean harmless(String warning, JpegStructure structure) {
    Matcher padding = BYTES_BEFORE_END.matcher(warning);
    return padding.find()
        ? structure.endsInPadding(Integer.parseInt(padding.group(1)))
        : warning.contains("16 bit DQT");
  }

  private static byte[] samples(Raster raster) {
    int bands = raster.getNumBands();
    int length = bands * raster.getWidth() * raster.getHeight();
    if (raster.getSampleModel() instanceof PixelInterleavedSampleModel model
        && raster.getDataBuffer() instanceof DataBufferByte buffer
        && model.getPixelStride() == bands
        && model.getScanlineStride() == bands * raster.getWidth()
        && buffer.getOffset() == 0
        && buffer.getData().length == length
        && inOrder(model.getBandOffsets())) {
      return buffer.getData();
    }
    int[] values = raster.getPixels(0, 0, raster.getWidth(), raster.getHeight(), (int[]) null);
    var bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static boolean inOrder(int[] offsets) {
    for (int band = 0; band < offsets.length; band++) {
      if (offsets[band] != band) {
        return false;
      }
    }
    return true;
  }

  private static byte[] grey(byte[] grey) {
    var rgb = new byte[3 * grey.length];
    for (int i = 0, to = 0; i < grey.length; i++, to += 3) {
      rgb[to] = grey[i];
      rgb[to + 1] = grey[i];
      rgb[to + 2] = grey[i];
    }
    return rgb;
  }

  /** Converts the first three of every {@code step} samples, in place. */
  private static byte[] ycc(byte[] samples, int step) {
    for (int i = 0; i < samples.length; i += step) {
      int y = samples[i] & 0xff;
      int cb = (samples[i + 1] & 0xff) - 128;
      int cr = (samples[i + 2] & 0xff) - 128;
      samples[i] = clamp(y + ((CR_TO_R * cr + HALF) >> 16));
      samples[i + 1] = clamp(y + ((HALF - CB_TO_G * cb - CR_TO_G * cr) >> 16));
      samples[i + 2] = clamp(y + ((CB_TO_B * cb + HALF) >> 16));
    }
    return samples;
  }

  private static byte[] yccToInvertedCmy(byte[] samples) {
    byte[] converted = ycc(samples, 4);
    for (int i = 0; i < converted.length; i += 4) {
      converted[i] = (byte) ~converted[i];
      converted[i + 1] = (byte) ~converted[i + 1];
      converted[i + 2] = (byte) ~converted[i + 2];
    }
    return converted;
  }

  private static byte clamp(int value) {
    return (byte) ((value & ~255) == 0 ? value : value < 0 ? 0 : 255);
  }
}
