package dev.cortado.examples.command;

import dev.cortado.tensor.CortadoException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * A sheet of pictures with what a model took them for: green where it is right, red where it is
 * wrong.
 *
 * <p>Needs no display. On a machine without any fonts the sheet has no words, but still its colours
 * and its ticks and crosses.
 */
public final class ContactSheet {
  static final Color RIGHT = new Color(0x2E8B57);
  static final Color WRONG = new Color(0xC8372D);
  static final Color PAPER = new Color(0xFAF8F4);
  static final int SIDE = 184;
  static final int GAP = 18;
  static final int CAPTION = 30;
  static final int HEADER = 58;
  private static final Color INK = new Color(0x2B2A28);
  private static final Color FAINT = new Color(0x77736C);
  private static final int CORNER = 10;
  private static final float SMALLEST = 10;

  private ContactSheet() {}

  /**
   * One picture and what became of it.
   *
   * @param width in pixels
   * @param height in pixels
   * @param rgb {@code 3 · width · height} bytes, row by row: red, green, blue
   * @param truth what it shows
   * @param guess what the model took it for
   * @param probability how sure the model was of its guess, 0 to 1
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares tiles; a copy would cost a picture.
  public record Tile(
      int width, int height, byte[] rgb, String truth, String guess, double probability) {
    /** Checks that the bytes fit the size. */
    public Tile {
      if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
        throw new IllegalArgumentException(
            "a picture of %d×%d pixels has %d bytes, not %d"
                .formatted(width, height, 3L * width * height, rgb.length));
      }
    }

    boolean isRight() {
      return truth.equals(guess);
    }
  }

  /**
   * Writes a sheet as a PNG file, in place of an earlier one.
   *
   * @param file where to; its folder is made if need be
   * @param title the line above the pictures, for instance the accuracy
   * @param tiles at least one picture
   * @param columns pictures side by side, at least 1
   * @throws UncheckedIOException if the file cannot be written
   */
  public static void write(Path file, String title, List<Tile> tiles, int columns) {
    var bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(draw(title, tiles, columns), "png", bytes);
      var folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.write(file, bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the contact sheet " + file, e);
    }
  }

  /**
   * Draws a sheet.
   *
   * @param title the line above the pictures
   * @param tiles at least one picture
   * @param columns pictures side by side, at least 1
   * @return the sheet, type {@link BufferedImage#TYPE_INT_RGB}
   */
  public static BufferedImage draw(String title, List<Tile> tiles, int columns) {
    return draw(title, tiles, columns, font());
  }

  static BufferedImage draw(String title, List<Tile> tiles, int columns, @Nullable Font font) {
    if (tiles.isEmpty() || columns < 1) {
      throw new CortadoException(
          "a contact sheet needs at least 1 picture and 1 column, not %d and %d"
              .formatted(tiles.size(), columns));
    }
    int across = Math.min(columns, tiles.size());
    int down = (tiles.size() + across - 1) / across;
    int width = GAP + across * (SIDE + GAP);
    int height = HEADER + down * (SIDE + CAPTION + GAP);
    var sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    var pen = sheet.createGraphics();
    smooth(pen);
    pen.setColor(PAPER);
    pen.fillRect(0, 0, width, height);
    if (font != null) {
      pen.setColor(INK);
      write(pen, font.deriveFont(Font.BOLD, 22f), title, GAP, HEADER - 22, width - 2 * GAP);
    }
    for (int i = 0; i < tiles.size(); i++) {
      int x = GAP + i % across * (SIDE + GAP);
      int y = HEADER + i / across * (SIDE + CAPTION + GAP);
      draw(pen, tiles.get(i), x, y, font);
    }
    pen.dispose();
    return sheet;
  }

  private static void draw(Graphics2D pen, Tile tile, int x, int y, @Nullable Font font) {
    var colour = tile.isRight() ? RIGHT : WRONG;
    pen.setColor(colour);
    pen.fill(rounded(x - 4, y - 4, SIDE + 8, CORNER + 4));
    var clip = pen.getClip();
    pen.clip(rounded(x, y, SIDE, CORNER));
    pen.drawImage(square(tile), x, y, null);
    pen.setClip(clip);
    badge(pen, colour, tile.isRight(), x + SIDE - 14, y + 14);
    if (font != null) {
      caption(pen, tile, colour, x, y + SIDE + 23, font);
    }
  }

  private static Shape rounded(int x, int y, int side, int corner) {
    return new RoundRectangle2D.Float(x, y, side, side, 2f * corner, 2f * corner);
  }

  /**
   * A tick or a cross on a disc, so that the sheet speaks to those who see no red and green too.
   */
  private static void badge(Graphics2D pen, Color colour, boolean right, int x, int y) {
    pen.setColor(colour);
    pen.fillOval(x - 10, y - 10, 20, 20);
    var mark = new Path2D.Float();
    if (right) {
      mark.moveTo(x - 4.5, y + 0.5);
      mark.lineTo(x - 1.5, y + 4);
      mark.lineTo(x + 5, y - 3.5);
    } else {
      mark.moveTo(x - 3.8, y - 3.8);
      mark.lineTo(x + 3.8, y + 3.8);
      mark.moveTo(x + 3.8, y - 3.8);
      mark.lineTo(x - 3.8, y + 3.8);
    }
    pen.setColor(Color.WHITE);
    pen.setStroke(new BasicStroke(2.4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    pen.draw(mark);
  }

  private static void caption(Graphics2D pen, Tile tile, Color colour, int x, int y, Font font) {
    var share = String.format(Locale.ROOT, "%.1f %%", 100 * tile.probability());
    var detail = tile.isRight() ? share : share + ", is " + tile.truth();
    var plain = font.deriveFont(Font.PLAIN, 14f);
    int wanted = pen.getFontMetrics(plain).stringWidth(detail);
    pen.setColor(colour);
    int room = Math.max(SIDE - wanted - 8, SIDE / 3);
    int used = write(pen, font.deriveFont(Font.BOLD, 15f), tile.guess(), x, y, room);
    pen.setColor(FAINT);
    write(pen, plain, detail, x + used + 8, y, SIDE - used - 8);
  }

  /**
   * Writes a line, smaller if it has to be, cut short if even that is too long; returns its width.
   */
  private static int write(Graphics2D pen, Font font, String text, int x, int y, int room) {
    var fit = font;
    while (fit.getSize2D() > SMALLEST && pen.getFontMetrics(fit).stringWidth(text) > room) {
      fit = fit.deriveFont(fit.getSize2D() - 1);
    }
    pen.setFont(fit);
    var line = text;
    int end = text.length();
    while (end > 0 && pen.getFontMetrics().stringWidth(line) > room) {
      end = text.offsetByCodePoints(end, -1);
      line = text.substring(0, end) + "…";
    }
    pen.drawString(line, x, y);
    return pen.getFontMetrics().stringWidth(line);
  }

  /** The middle of the picture, scaled to a square. */
  private static BufferedImage square(Tile tile) {
    int side = Math.min(tile.width(), tile.height());
    var image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    var pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    int left = (tile.width() - side) / 2;
    int top = (tile.height() - side) / 2;
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        int from = 3 * ((top + y) * tile.width() + left + x);
        pixels[y * side + x] =
            (tile.rgb()[from] & 255) << 16
                | (tile.rgb()[from + 1] & 255) << 8
                | (tile.rgb()[from + 2] & 255);
      }
    }
    // Step by step: one big step would skip pixels.
    while (image.getWidth() > 2 * SIDE) {
      image = scaled(image, image.getWidth() / 2);
    }
    return scaled(image, SIDE);
  }

  private static BufferedImage scaled(BufferedImage image, int side) {
    var smaller = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    var pen = smaller.createGraphics();
    smooth(pen);
    pen.drawImage(image, 0, 0, side, side, null);
    pen.dispose();
    return smaller;
  }

  private static void smooth(Graphics2D pen) {
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    pen.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
  }

  /** The machine's sans-serif font, or null where there is no font at all. */
  private static @Nullable Font font() {
    try {
      var font = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
      var probe = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
      int width = probe.getFontMetrics(font).stringWidth("pizza");
      probe.dispose();
      return width > 0 ? font : null;
    } catch (RuntimeException | LinkageError | InternalError e) {
      // Without fonts (or the library that reads them) the JDK fails in one of several ways here.
      return null;
    }
  }
}
