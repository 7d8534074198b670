package dev.cortado.training.classify;

import dev.cortado.tensor.RandomKey;
import dev.cortado.vision.image.Normalization;
import dev.cortado.vision.image.Preset;
import dev.cortado.vision.image.Resampling;
import dev.cortado.vision.model.EfficientNetArchitecture;
import dev.cortado.vision.model.EfficientNetArchitecture.Block;
import dev.cortado.vision.model.EfficientNetArchitecture.Stage;
import dev.cortado.vision.model.Model;
import dev.cortado.vision.model.Models;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** A network and photos so small that a test can train on them. */
final class Small {
  static final int SIDE = 32;
  static final Preset PRESET = new Preset(SIDE, SIDE, Resampling.BILINEAR, Normalization.HALF);

  private Small() {}

  /** An EfficientNet of two stages, with batch norm, dropout and stochastic depth. */
  static Model network(int classes) {
    var base = (EfficientNetArchitecture) Models.architecture("efficientnet_b0");
    var stages =
        List.of(
            new Stage(Block.FUSED, 1, 3, 2, 8, 16, 1), new Stage(Block.MBCONV, 4, 3, 2, 16, 16, 2));
    var model =
        new EfficientNetArchitecture(
                "small", SIDE, 8, stages, 32, 0.3, 0.3, base.norm(), base.activation(), true, false)
            .build(classes);
    model.initialize(RandomKey.of(5));
    return model;
  }

  /** Writes photos that are told apart by their colour: {@code root/train/red/0.png}, … */
  static void writePhotos(Path root, int each) throws IOException {
    var colours = List.of(Color.RED, Color.GREEN, Color.BLUE);
    var names = List.of("red", "green", "blue");
    for (var split : List.of("train", "test")) {
      for (int c = 0; c < names.size(); c++) {
        var folder = Files.createDirectories(root.resolve(split).resolve(names.get(c)));
        for (int i = 0; i < each; i++) {
          var image = new BufferedImage(SIDE + 8, SIDE + i, BufferedImage.TYPE_INT_RGB);
          var key = RandomKey.of(c).split(split).split(i);
          for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
              int noise = (int) key.word(y * 64L + x) & 0x7F7F7F;
              image.setRGB(x, y, colours.get(c).getRGB() ^ noise);
            }
          }
          ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
        }
      }
    }
  }
}
