package dev.cortado.training.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.tensor.RandomKey;
import dev.cortado.training.Batch;
import dev.cortado.training.data.LoaderOptions;
import dev.cortado.vision.data.ImageFolder;
import dev.cortado.vision.image.Images;
import dev.cortado.vision.image.Normalization;
import dev.cortado.vision.image.Preset;
import dev.cortado.vision.image.Resampling;
import dev.cortado.vision.transform.RandomHorizontalFlip;
import dev.cortado.vision.transform.RandomResizedCrop;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoSetTest {
  private static final Preset PRESET =
      new Preset(36, 32, Resampling.BICUBIC, Normalization.IMAGENET);

  @TempDir Path folder;

  @BeforeEach
  void writePhotos() throws IOException {
    for (var name : List.of("cat/1.png", "dog/1.png")) {
      var file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      var photo = new BufferedImage(50, 40, BufferedImage.TYPE_INT_RGB);
      var key = RandomKey.of(7).split(name);
      for (int i = 0; i < 50 * 40; i++) {
        photo.setRGB(i % 50, i / 50, (int) key.word(i) & 0xFFFFFF);
      }
      ImageIO.write(photo, "png", file.toFile());
    }
  }

  private Batch first(PhotoSet photos, int epoch) {
    try (var batches = photos.loader(LoaderOptions.of(2)).epoch(epoch)) {
      return batches.next();
    }
  }

  /** A network has to see in training what it will see when it is asked. */
  @Test
  void preparesPhotosOnceAsPredictionDoes() {
    var data = ImageFolder.open(folder);
    var photos = new PhotoSet(data, PRESET, Optional.empty());
    var asked = PRESET.batch(data.samples().stream().map(s -> Images.read(s.path())).toList());
    for (int epoch = 0; epoch < 2; epoch++) { // read first, then from the cache
      var batch = first(photos, epoch);
      assertThat(batch.inputs().toFloats()).isEqualTo(asked.toFloats());
      assertThat(batch.labels().toLongs()).containsExactly(0, 1);
    }
  }

  @Test
  void augmentedPhotosAreTakenAsTheyCome() {
    var data = ImageFolder.open(folder);
    var augmentation =
        new RandomResizedCrop(PRESET.crop(), PRESET.resampling()).then(new RandomHorizontalFlip());
    var photos = new PhotoSet(data, PRESET, Optional.of(augmentation));
    var key = RandomKey.of(3);
    var photo = photos.read(0, key);
    assertThat(photo.image())
        .isEqualTo(augmentation.apply(Images.read(data.samples().getFirst().path()), key));
    assertThat(first(photos, 1).inputs().toFloats())
        .isNotEqualTo(first(photos, 2).inputs().toFloats());
  }
}
