package dev.cortado.vision.image;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.io.FileProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads photos: JPEG (baseline and progressive; grey, RGB, CMYK), PNG, WebP, TIFF, BMP and GIF (the
 * first picture of several), told apart by content.
 *
 * <p>The result is what Pillow's {@code convert("RGB")} gives, turned upright by the EXIF
 * orientation: palettes are looked up, alpha is dropped without compositing, grey is replicated,
 * 16-bit samples keep the high byte, CMYK is converted without a profile, colour profiles are not
 * applied. Files that end too early or whose damage a decoder notices are refused, never filled up.
 * All methods may be called from any number of threads.
 */
public final class Images {
  private Images() {}

  /**
   * Reads an image file, upright.
   *
   * @throws BrokenImageException if the file is damaged, truncated, too large, or no image of a
   *     supported kind
   * @throws CortadoException if there is no such file or it cannot be read
   */
  public static RgbImage read(Path file) {
    return read(file, ReadOptions.DEFAULT);
  }

  /**
   * Reads an image file.
   *
   * @throws BrokenImageException if the file is damaged, truncated, too large, or no image of a
   *     supported kind
   * @throws CortadoException if there is no such file or it cannot be read
   */
  public static RgbImage read(Path file, ReadOptions options) {
    return read(bytes(file), file.toString(), options);
  }

  /**
   * Reads an image from memory.
   *
   * @param bytes the whole content of an image file
   * @param name what to call the image in messages
   * @throws BrokenImageException if it is damaged, truncated, too large, or no image of a supported
   *     kind
   */
  public static RgbImage read(byte[] bytes, String name, ReadOptions options) {
    var source = new Source(name, bytes);
    ImageFormat format = ImageFormat.of(source);
    if (format == ImageFormat.JPEG) {
      var structure = JpegStructure.of(source);
      source.checkSize(structure.width(), structure.height(), options.maxPixels());
      RgbImage image =
          structure.lossless()
              ? PluginDecoder.decode(source, format, options)
              : JpegDecoder.decode(source, structure);
      return options.applyOrientation() ? structure.orientation().apply(image) : image;
    }
    Orientation orientation = StructureCheck.check(source, format);
    RgbImage image = PluginDecoder.decode(source, format, options);
    return options.applyOrientation() ? orientation.apply(image) : image;
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      if (Files.isDirectory(file)) {
        throw new CortadoException(file + " is a folder, not an image file", e);
      }
      if (Files.notExists(file)) {
        throw new CortadoException("there is no file " + file, e);
      }
      throw new CortadoException("cannot read " + file + ": " + FileProblem.reason(e), e);
    }
  }
}
