package dev.cortado.examples.drawings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrawingsDatasetTest {
  private static final DrawingsDataset SMALL = new DrawingsDataset(3, 2, 7);

  @TempDir Path temp;

  @BeforeAll
  static void withoutDisplay() {
    System.setProperty("java.awt.headless", "true");
  }

  @Test
  void foldersOfClasses() throws IOException {
    var files = read(SMALL.write(temp.resolve("set"), 2));
    assertThat(files.keySet())
        .contains("train/pizza/pizza-0001.jpg", "train/steak/steak-0003.jpg")
        .contains("test/sushi/sushi-0002.jpg")
        .contains("drawings.txt")
        .hasSize(3 * (3 + 2) + 1);
  }

  @Test
  void picturesCanBeReadAndLookLikeTheDrawing() throws IOException {
    var folder = SMALL.write(temp.resolve("set"), 1);
    for (var entry : SMALL.entries()) {
      var read = ImageIO.read(folder.resolve(entry.path()).toFile());
      var drawn = entry.draw();
      assertThat(read.getWidth()).isEqualTo(drawn.getWidth());
      assertThat(read.getHeight()).isEqualTo(drawn.getHeight());
      double off = 0;
      for (int y = 0; y < read.getHeight(); y++) {
        for (int x = 0; x < read.getWidth(); x++) {
          off += Math.abs((read.getRGB(x, y) >> 8 & 255) - (drawn.getRGB(x, y) >> 8 & 255));
        }
      }
      double mean = off / (read.getWidth() * read.getHeight());
      assertThat(mean).as(entry.path()).isLessThan(8);
    }
  }

  @Test
  void sameFilesWhateverTheNumberOfThreads() throws IOException {
    var one = read(SMALL.write(temp.resolve("one"), 1));
    var four = read(SMALL.write(temp.resolve("four"), 4));
    assertThat(four).isEqualTo(one);
  }

  @Test
  void noPictureIsInTrainAndTest() {
    var seeds = new HashSet<Long>();
    var entries = DrawingsDataset.standard().entries();
    for (var entry : entries) {
      seeds.add(Dice.mix(entry.seed()) ^ entry.kind().stream);
    }
    assertThat(seeds).hasSameSizeAs(entries);
    assertThat(entries).filteredOn(e -> e.split().equals("train")).hasSizeGreaterThanOrEqualTo(600);
    assertThat(entries).filteredOn(e -> e.split().equals("test")).hasSizeGreaterThanOrEqualTo(150);
  }

  @Test
  void anotherSeedOtherPictures() {
    var first = SMALL.entries().getFirst();
    var other = new DrawingsDataset(3, 2, 8).entries().getFirst();
    assertThat(FoodDrawings.rgb(first.draw())).isNotEqualTo(FoodDrawings.rgb(other.draw()));
  }

  @Test
  void aCompleteSetIsLeftAlone() throws IOException {
    var folder = SMALL.write(temp.resolve("set"), 2);
    var picture = folder.resolve(SMALL.entries().getFirst().path());
    Files.writeString(picture, "mine");
    SMALL.write(folder, 2);
    assertThat(picture).hasContent("mine");
  }

  @Test
  void anInterruptedSetIsFinished() throws IOException {
    var whole = read(SMALL.write(temp.resolve("whole"), 2));
    var folder = SMALL.write(temp.resolve("part"), 2);
    var note = folder.resolve("drawings.txt");
    Files.writeString(note, Files.readString(note).replace("completely", "in part"));
    Files.delete(folder.resolve(SMALL.entries().getLast().path()));
    assertThat(read(SMALL.write(folder, 2))).isEqualTo(whole);
  }

  @Test
  void aFolderWithSomethingElseIsRefused() throws IOException {
    Files.writeString(temp.resolve("letter.txt"), "dear");
    assertThatThrownBy(() -> SMALL.write(temp, 1))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining(temp.toString())
        .hasMessageContaining("empty folder");
    assertThat(read(temp)).containsOnlyKeys("letter.txt");
  }

  @Test
  void otherDrawingsAreRefused() {
    var folder = new DrawingsDataset(1, 1, 9).write(temp.resolve("set"), 1);
    assertThatThrownBy(() -> SMALL.write(folder, 1))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("other drawings")
        .hasMessageContaining("seed 9");
  }

  @Test
  void nothingToDrawIsRefused() {
    assertThatThrownBy(() -> new DrawingsDataset(0, 5, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 0 and 5");
  }

  private static Map<String, String> read(Path folder) throws IOException {
    var files = new TreeMap<String, String>();
    try (var walk = Files.walk(folder)) {
      for (var file : walk.filter(Files::isRegularFile).toList()) {
        var name = folder.relativize(file).toString().replace('\\', '/');
        files.put(name, java.util.HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return files;
  }
}
