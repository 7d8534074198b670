package dev.cortado.examples;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;

/** Folders of little pictures. */
final class Samples {
  static final Map<String, Color> CLASSES =
      new TreeMap<>(Map.of("leaf", Color.GREEN, "sea", Color.BLUE, "tomato", Color.RED));

  private Samples() {}

  /** Writes {@code folder/train/CLASS/0.jpg}, … and the same for test; returns the folder. */
  static Path photos(Path folder, int each) throws IOException {
    for (var split : List.of("train", "test")) {
      for (var name : CLASSES.keySet()) {
        for (int i = 0; i < each; i++) {
          jpeg(folder.resolve(split).resolve(name).resolve(i + ".jpg"), CLASSES.get(name), i);
        }
      }
    }
    return folder;
  }

  /** Writes a picture of stripes in a colour. */
  static Path jpeg(Path file, Color colour, int variant) throws IOException {
    var image = new BufferedImage(80 + 8 * variant, 72, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        boolean stripe = (x + variant * y) / 9 % 3 == 0;
        image.setRGB(x, y, (stripe ? colour.darker() : colour).getRGB());
      }
    }
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "jpg", file.toFile());
    return file;
  }
}
