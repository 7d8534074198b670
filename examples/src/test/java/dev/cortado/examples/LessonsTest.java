package dev.cortado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.examples.drawings.FoodClass;
import dev.cortado.examples.drawings.FoodDrawings;
import dev.cortado.testkit.SharedData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples do what they say. */
class LessonsTest {
  @TempDir Path folder;

  private static String printed(Runnable body) {
    var before = System.out;
    var bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      body.run();
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8).strip();
  }

  @Test
  void learnXorLearnsIt() {
    assertThat(printed(() -> LearnXor.main(new String[0]))).isEqualTo("Tensor I64[4] [0, 1, 1, 0]");
  }

  @Test
  void namePhotoSaysWhatTheNetworkTakesADrawingFor() throws IOException {
    var drawing = folder.resolve("dinner.png");
    ImageIO.write(FoodDrawings.draw(FoodClass.PIZZA, 5), "png", drawing.toFile());
    // To a network that has only seen photos, a drawn pizza is a bowl of soup.
    assertThat(printed(() -> NamePhoto.main(new String[] {drawing.toString()})))
        .matches("soup bowl \\(4\\d %\\)");
  }

  @Test
  void namePhotoKnowsAPizza() {
    var photo = SharedData.path("data/pizza_steak_sushi/test/pizza/1503858.jpg");
    assertThat(printed(() -> NamePhoto.main(new String[] {photo.toString()})))
        .matches("pizza \\(9\\d %\\)");
  }
}
