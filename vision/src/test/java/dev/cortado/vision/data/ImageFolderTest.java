package dev.cortado.vision.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import dev.cortado.vision.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  @TempDir Path root;

  @BeforeEach
  void twoClasses() throws IOException {
    photo("train/steak/2.PNG", 2);
    photo("train/steak/10.png", 3);
    photo("train/pizza/deep/er/a.png", 4);
    photo("train/pizza/b.png", 5);
    photo("test/pizza/c.png", 6);
    photo("test/steak/d.png", 7);
    photo("train/steak/.hidden.png", 8);
    photo("train/.cache/e.png", 9);
    photo("train/__MACOSX/f.png", 9);
    Files.writeString(root.resolve("train/steak/notes.txt"), "no image");
    Files.writeString(root.resolve("train/readme.md"), "no class");
  }

  @Test
  void sortsClassesAndFiles() {
    ImageFolder folder = ImageFolder.open(root.resolve("train"));
    assertThat(folder.classes()).containsExactly("pizza", "steak");
    assertThat(folder.samples())
        .containsExactly(
            new Sample(root.resolve("train/pizza/b.png"), 0),
            new Sample(root.resolve("train/pizza/deep/er/a.png"), 0),
            new Sample(root.resolve("train/steak/10.png"), 1),
            new Sample(root.resolve("train/steak/2.PNG"), 1));
    assertThat(folder.classSizes()).containsExactly(2, 2);
    assertThat(folder.size()).isEqualTo(4);
  }

  @Test
  void findsTheTestPart() {
    ImageSplits splits = ImageSplits.open(root);
    assertThat(splits.train().size()).isEqualTo(4);
    assertThat(splits.test().orElseThrow().samples())
        .containsExactly(
            new Sample(root.resolve("test/pizza/c.png"), 0),
            new Sample(root.resolve("test/steak/d.png"), 1));
    assertThat(ImageSplits.open(root.resolve("train")).test()).isEmpty();
  }

  @Test
  void theDigestChangesWithNamesAndContentsOnly() throws IOException {
    String before = ImageSplits.open(root).digest();
    assertThat(before).matches("[0-9a-f]{64}");
    Files.writeString(root.resolve("train/steak/notes.txt"), "still no image");
    assertThat(ImageSplits.open(root).digest()).isEqualTo(before);
    Path photo = root.resolve("test/pizza/c.png");
    byte[] content = Files.readAllBytes(photo);
    content[content.length - 1] ^= 1;
    Files.write(photo, content);
    String changed = ImageSplits.open(root).digest();
    assertThat(changed).isNotEqualTo(before);
    content[content.length - 1] ^= 1;
    Files.write(photo, content);
    assertThat(ImageSplits.open(root).digest()).isEqualTo(before);
    Files.move(photo, root.resolve("test/pizza/cc.png"));
    assertThat(ImageSplits.open(root).digest()).isNotEqualTo(before);
  }

  @Test
  void theDigestDoesNotDependOnThePlace(@TempDir Path elsewhere) throws IOException {
    for (Sample sample : ImageFolder.open(root.resolve("train")).samples()) {
      Path copy = elsewhere.resolve(root.resolve("train").relativize(sample.path()));
      Files.createDirectories(copy.getParent());
      Files.copy(sample.path(), copy);
    }
    assertThat(ImageFolder.open(elsewhere).digest())
        .isEqualTo(ImageFolder.open(root.resolve("train")).digest());
  }

  @Test
  void saysWhatIsWrongWithAFolder() throws IOException {
    Path missing = root.resolve("nowhere");
    assertMessage(missing, "there is no data folder " + missing);
    Path empty = Files.createDirectory(root.resolve("empty"));
    assertMessage(empty, empty + " is empty; expected one folder of images per class in it");
    Path file = root.resolve("train/readme.md");
    assertMessage(file, file + " is a file, not a folder of classes");
    Path flat = Files.createDirectory(root.resolve("flat"));
    Files.writeString(flat.resolve("a.jpg"), "");
    assertMessage(
        flat, flat + " holds no class folders; expected one folder of images per class in it");
    Files.createDirectory(flat.resolve("pages"));
    assertMessage(
        flat,
        "there are no photos in "
            + flat
            + ", only folders without any: pages; expected one folder of images per class, such as "
            + flat.resolve("CLASS").resolve("photo.jpg")
            + ", ending in bmp, gif, jpeg, jpg, png, tif, tiff, webp");
    Path sushi = Files.createDirectory(root.resolve("train/sushi"));
    assertMessage(
        root.resolve("train"),
        "class sushi has no images: no file in "
            + sushi
            + " ends in bmp, gif, jpeg, jpg, png, tif, tiff, webp; every folder in "
            + root.resolve("train")
            + " is taken for a class");
    Files.delete(sushi);
    photo("test/sushi/s.png", 3);
    assertThatThrownBy(() -> ImageSplits.open(root))
        .isInstanceOf(CortadoException.class)
        .hasMessage(
            root.resolve("test")
                + " must hold the class folders pizza, steak, but holds pizza, steak, sushi");
  }

  private static void assertMessage(Path folder, String message) {
    assertThatThrownBy(() -> ImageFolder.open(folder))
        .isInstanceOf(CortadoException.class)
        .hasMessage(message);
  }

  private void photo(String name, int size) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(
        RgbImage.of(size, size, new byte[3 * size * size]).toBufferedImage(), "png", file.toFile());
  }
}
