package dev.cortado.examples.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContactSheetTest {
  private static final int SKY = 0x3366CC;

  @TempDir Path temp;

  @BeforeAll
  static void withoutDisplay() {
    System.setProperty("java.awt.headless", "true");
  }

  @Test
  void sizeFollowsTheGrid() {
    var sheet = ContactSheet.draw("seven", seven(), 3);
    assertThat(sheet.getWidth())
        .isEqualTo(ContactSheet.GAP + 3 * (ContactSheet.SIDE + ContactSheet.GAP));
    assertThat(sheet.getHeight())
        .isEqualTo(
            ContactSheet.HEADER
                + 3 * (ContactSheet.SIDE + ContactSheet.CAPTION + ContactSheet.GAP));
  }

  @Test
  void fewPicturesMakeANarrowSheet() {
    var sheet = ContactSheet.draw("one", List.of(tile(40, 30, "steak", "steak")), 6);
    assertThat(sheet.getWidth()).isEqualTo(2 * ContactSheet.GAP + ContactSheet.SIDE);
  }

  @Test
  void greenForRightAndRedForWrong() {
    var tiles = List.of(tile(40, 40, "pizza", "pizza"), tile(40, 40, "pizza", "sushi"));
    var sheet = ContactSheet.draw("two", tiles, 2);
    int middle = ContactSheet.HEADER + ContactSheet.SIDE / 2;
    int right = ContactSheet.RIGHT.getRGB() & 0xFFFFFF;
    int wrong = ContactSheet.WRONG.getRGB() & 0xFFFFFF;
    assertThat(rgb(sheet, ContactSheet.GAP - 2, middle)).isEqualTo(right);
    assertThat(rgb(sheet, 2 * ContactSheet.GAP + ContactSheet.SIDE - 2, middle)).isEqualTo(wrong);
  }

  @Test
  void picturesKeepTheirColoursWhateverTheirSize() {
    for (int side : new int[] {1, 17, 184, 369, 1500}) {
      var tall = List.of(tile(side, 2 * side, "a", "a"));
      var wide = List.of(tile(2 * side, side, "a", "a"));
      int centre = ContactSheet.GAP + ContactSheet.SIDE / 2;
      int middle = ContactSheet.HEADER + ContactSheet.SIDE / 2;
      assertThat(rgb(ContactSheet.draw("", tall, 1), centre, middle)).isEqualTo(SKY);
      assertThat(rgb(ContactSheet.draw("", wide, 1), centre, middle)).isEqualTo(SKY);
    }
  }

  @Test
  void withoutFontsColoursAndMarksRemain() {
    var tiles = List.of(tile(40, 40, "pizza", "pizza"), tile(40, 40, "pizza", "sushi"));
    var sheet = ContactSheet.draw("title", tiles, 2, null);
    assertThat(countInk(sheet, 0, ContactSheet.HEADER - 6)).isZero();
    int captions = ContactSheet.HEADER + ContactSheet.SIDE + 6;
    assertThat(countInk(sheet, captions, sheet.getHeight())).isZero();
    int middle = ContactSheet.HEADER + ContactSheet.SIDE / 2;
    assertThat(rgb(sheet, ContactSheet.GAP - 2, middle))
        .isEqualTo(ContactSheet.RIGHT.getRGB() & 0xFFFFFF);
  }

  @Test
  void longNamesStayInTheirColumn() {
    var tiles = List.of(tile(40, 40, "a very long name of a class indeed, far too long", "b"));
    var sheet = ContactSheet.draw("a title that is much longer than one picture is wide", tiles, 1);
    for (int y = 0; y < sheet.getHeight(); y++) {
      assertThat(rgb(sheet, sheet.getWidth() - 3, y))
          .isEqualTo(ContactSheet.PAPER.getRGB() & 0xFFFFFF);
    }
  }

  @Test
  void writesAPng() throws IOException {
    var file = temp.resolve("new/folder/sheet.png");
    ContactSheet.write(file, "seven", seven(), 4);
    var read = ImageIO.read(file.toFile());
    var drawn = ContactSheet.draw("seven", seven(), 4);
    assertThat(read.getWidth()).isEqualTo(drawn.getWidth());
    assertThat(rgb(read, 30, 90)).isEqualTo(rgb(drawn, 30, 90));
  }

  @Test
  void refusesWhatMakesNoSheet() {
    assertThatThrownBy(() -> ContactSheet.draw("none", List.of(), 3))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("at least 1 picture");
    assertThatThrownBy(() -> new ContactSheet.Tile(2, 2, new byte[11], "a", "b", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("12 bytes, not 11");
  }

  private static List<ContactSheet.Tile> seven() {
    return IntStream.range(0, 7)
        .mapToObj(i -> tile(60, 50, "pizza", i % 3 == 0 ? "steak" : "pizza"))
        .toList();
  }

  private static ContactSheet.Tile tile(int width, int height, String truth, String guess) {
    var rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = (byte) (SKY >> 16);
      rgb[i + 1] = (byte) (SKY >> 8);
      rgb[i + 2] = (byte) SKY;
    }
    return new ContactSheet.Tile(width, height, rgb, truth, guess, 0.75);
  }

  private static int rgb(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xFFFFFF;
  }

  private static int countInk(BufferedImage image, int from, int to) {
    int paper = ContactSheet.PAPER.getRGB() & 0xFFFFFF;
    int ink = 0;
    for (int y = from; y < to; y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        ink += rgb(image, x, y) == paper ? 0 : 1;
      }
    }
    return ink;
  }
}
