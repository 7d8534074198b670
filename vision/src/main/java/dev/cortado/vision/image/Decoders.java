package dev.cortado.vision.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/**
 * ImageIO's decoders, looked up once. Each image gets a reader of its own, because readers must not
 * be shared by threads.
 */
final class Decoders {
  private static final List<ImageReaderSpi> ALL = all();
  private static final ImageReaderSpi JDK_JPEG =
      ALL.stream()
          .filter(
              spi ->
                  spi.getClass()
                      .getName()
                      .equals("com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi"))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      "this Java runtime has no JPEG decoder (module java.desktop)"));

  private Decoders() {}

  private static List<ImageReaderSpi> all() {
    ImageIO.setUseCache(false); // no temporary files, should a plugin open a stream of its own
    ImageIO.scanForPlugins();
    var found = new ArrayList<ImageReaderSpi>();
    Iterator<ImageReaderSpi> providers =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    providers.forEachRemaining(found::add);
    return List.copyOf(found);
  }

  /** A new instance of the JDK's own JPEG decoder, the IJG's library. */
  static ImageReader jdkJpeg() {
    return instance(JDK_JPEG);
  }

  /** A new reader for a format: the preferred one of ImageIO's registry. */
  static ImageReader of(ImageFormat format) {
    return instance(
        ALL.stream()
            .filter(
                spi ->
                    Arrays.stream(spi.getFormatNames())
                        .anyMatch(n -> n.toUpperCase(Locale.ROOT).equals(format.name())))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "no ImageIO plugin for " + format + " on the class path")));
  }

  private static ImageReader instance(ImageReaderSpi spi) {
    try {
      return spi.createReaderInstance();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
