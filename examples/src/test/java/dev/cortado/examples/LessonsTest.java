package dev.cortado.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cortado.examples.drawings.FoodClass;
import dev.cortado.examples.drawings.FoodDrawings;
import dev.cortado.examples.lessons.TinyAutograd;
import dev.cortado.testkit.SharedData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** What the lessons print stands in docs/learn and is compared there; here are the pictures. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void everyLessonRunsAndDrawsItsPicture(int lesson) throws IOException {
    var run = Cli.run("learn", String.valueOf(lesson), "--pictures", folder.toString());
    assertThat(run.code()).isZero();
    assertThat(run.out().lines().count()).isGreaterThan(6);
    try (var files = Files.list(folder)) {
      var pictures = files.filter(f -> f.toString().endsWith(".png")).toList();
      assertThat(pictures).hasSize(1);
      assertThat(pictures.getFirst().getFileName().toString()).startsWith("learn-0" + lesson);
      assertThat(ImageIO.read(pictures.getFirst().toFile()).getWidth()).isGreaterThan(500);
    }
    assertThat(Cli.run("learn", "6").err()).contains("lessons 1 to 5");
  }

  @Test
  void tinyAutogradFollowsTheChainRuleAlongEveryPath() {
    var x = TinyAutograd.of(3);
    var y = x.times(x).plus(x); // x² + x: two paths through the product, one beside it
    y.backward();
    assertThat(y.value()).isEqualTo(12);
    assertThat(x.gradient()).isEqualTo(7);
    var z = TinyAutograd.of(0.3);
    var shared = z.tanh();
    shared.times(shared).backward();
    double t = Math.tanh(0.3);
    assertThat(z.gradient()).isCloseTo(2 * t * (1 - t * t), within(1e-15));
  }

  @Test
  void namePhotoKnowsAPizza() {
    var photo = SharedData.path("data/pizza_steak_sushi/test/pizza/1503858.jpg");
    assertThat(printed(() -> NamePhoto.main(new String[] {photo.toString()})))
        .matches("pizza \\(9\\d %\\)");
  }
}
