package dev.cortado.vision.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageReader;

/**
 * Everything but ordinary JPEG, through ImageIO's plugins. Whatever a plugin throws becomes a
 * message about the file.
 */
final class PluginDecoder {
  private PluginDecoder() {}

  static RgbImage decode(Source source, ImageFormat format, ReadOptions options) {
    ImageReader reader = Decoders.of(format);
    try (var input = new ByteArrayInput(source.bytes())) {
      // Metadata is ignored: nothing of it is needed, and compressed text may unpack to gigabytes.
      reader.setInput(input, true, true);
      source.checkSize(reader.getWidth(0), reader.getHeight(0), options.maxPixels());
      BufferedImage image = reader.read(0);
      return RasterToRgb.convert(image, options.gray16());
    } catch (BrokenImageException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new BrokenImageException(
          source.name(), "cannot be read as " + format + ": " + reason(e), e);
    } finally {
      reader.dispose();
    }
  }

  private static String reason(Exception e) {
    Throwable last = e;
    for (Throwable next = e.getCause(); next != null; next = next.getCause()) {
      last = next;
    }
    String message = last.getMessage();
    return message == null || message.isBlank()
        ? "the file is damaged (" + last.getClass().getSimpleName() + ")"
        : message.strip().lines().findFirst().orElse(message);
  }
}
