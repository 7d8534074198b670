package dev.cortado.examples.lessons;

import dev.cortado.autograd.Autograd;
import dev.cortado.examples.lessons.HowALayerLearns.Crescents;
import dev.cortado.nn.Layer;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.formula.Derivative;
import dev.cortado.tensor.formula.Formula;
import dev.cortado.tensor.formula.Program;
import dev.cortado.tensor.op.Activation;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The lessons' pictures. */
final class Pictures {
  private static final Color INK = new Color(0x333333);
  private static final Color GRID = new Color(0xE6E6E6);
  private static final Color[] COLORS = {
    new Color(0x2A6FBB), new Color(0xD9762B), new Color(0x4C9A4C)
  };

  private Pictures() {}

  static void write(Path file, BufferedImage picture) {
    try {
      ImageIO.write(picture, "png", file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    System.out.println("(picture: " + file.getFileName() + ")");
  }

  /** A photo, and its red, green and blue numbers as greys. */
  static BufferedImage channels(BufferedImage photo) {
    int side = 180;
    var result = new BufferedImage(4 * side + 30, side, BufferedImage.TYPE_INT_RGB);
    var graphics = graphics(result);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, result.getWidth(), result.getHeight());
    graphics.drawImage(photo, 0, 0, side, side, null);
    for (int channel = 0; channel < 3; channel++) {
      int shift = 16 - 8 * channel;
      var grey = new BufferedImage(photo.getWidth(), photo.getHeight(), BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < grey.getHeight(); y++) {
        for (int x = 0; x < grey.getWidth(); x++) {
          grey.setRGB(x, y, 0x010101 * (photo.getRGB(x, y) >> shift & 0xFF));
        }
      }
      graphics.drawImage(grey, (channel + 1) * (side + 10), 0, side, side, null);
    }
    graphics.dispose();
    return result;
  }

  /** SiLU and its slope. */
  static BufferedImage silu() {
    return withSlope("silu", new Activation.Silu().formula(), -6, 6);
  }

  /** The bump of lesson 5 and its slope. */
  static BufferedImage bump() {
    return withSlope("bump", new HowToAddAnOp.Bump().formula(), -3, 3);
  }

  private static BufferedImage withSlope(String name, Formula formula, double from, double to) {
    var value = Program.of(formula);
    var slope = Program.of(Derivative.of(formula, 0));
    var chart = chart(name + " and its derivative", "x", "");
    curve(chart, name + "(x)", from, to, x -> value.evaluate(x)[0]);
    curve(chart, name + "'(x)", from, to, x -> slope.evaluate(x)[0]);
    return paint(chart);
  }

  private static void curve(
      XYChart chart, String name, double from, double to, DoubleUnaryOperator f) {
    int points = 200;
    double[] x = new double[points + 1];
    double[] y = new double[points + 1];
    for (int i = 0; i <= points; i++) {
      x[i] = from + (to - from) * i / points;
      y[i] = f.applyAsDouble(x[i]);
    }
    add(chart, name, x, y);
  }

  /** How far measured derivatives of tanh are off, by the step with which they were measured. */
  static BufferedImage differences() {
    double at = 0.5;
    double exact = 1 - Math.pow(Math.tanh(at), 2);
    int count = 57;
    double[] steps = new double[count];
    double[][] errors = new double[3][count];
    for (int i = 0; i < count; i++) {
      double h = Math.pow(10, -14 + i / 4.0);
      double near = Math.tanh(at + h) - Math.tanh(at - h);
      double far = Math.tanh(at + 2 * h) - Math.tanh(at - 2 * h);
      double[] found = {
        (Math.tanh(at + h) - Math.tanh(at)) / h, near / (2 * h), (8 * near - far) / (12 * h)
      };
      steps[i] = Math.log10(h);
      for (int k = 0; k < 3; k++) {
        errors[k][i] = Math.log10(Math.max(Math.abs(found[k] - exact), 1e-15));
      }
    }
    var chart =
        chart(
            "Error of a measured derivative", "step, as a power of 10", "error, as a power of 10");
    chart.getStyler().setXAxisMin(-14.0).setXAxisMax(0.0);
    chart.getStyler().setXAxisDecimalPattern("0.#").setYAxisDecimalPattern("0");
    add(chart, "two points, one side", steps, errors[0]);
    add(chart, "two points, both sides", steps, errors[1]);
    add(chart, "four points", steps, errors[2]);
    return paint(chart);
  }

  /**
   * Adds a line. Of values at equal distances the chart would label every n-th, odd or not: half
   * way to the second one there is another, so that round numbers are labelled.
   */
  private static void add(XYChart chart, String name, double[] x, double[] y) {
    var series = chart.addSeries(name, halfway(x), halfway(y));
    series.setMarker(SeriesMarkers.NONE);
    series.setLineStyle(new BasicStroke(2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
  }

  private static double[] halfway(double[] values) {
    double[] more = new double[values.length + 1];
    more[0] = values[0];
    more[1] = (values[0] + values[1]) / 2;
    System.arraycopy(values, 1, more, 2, values.length - 1);
    return more;
  }

  private static XYChart chart(String title, String x, String y) {
    var chart =
        new XYChartBuilder()
            .width(600)
            .height(330)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    var styler = chart.getStyler();
    styler
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBackgroundColor(Color.WHITE)
        .setPlotBorderVisible(false)
        .setChartFontColor(INK)
        .setChartTitleBoxVisible(false)
        .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14))
        .setLegendBorderColor(Color.WHITE)
        .setSeriesColors(COLORS);
    styler.setPlotGridLinesColor(GRID).setAxisTicksMarksVisible(false).setPlotMargin(0);
    styler.setLocale(Locale.ROOT);
    return chart;
  }

  private static BufferedImage paint(XYChart chart) {
    var image = new BufferedImage(chart.getWidth(), chart.getHeight(), BufferedImage.TYPE_INT_RGB);
    var graphics = graphics(image);
    chart.paint(graphics, chart.getWidth(), chart.getHeight());
    graphics.dispose();
    return image;
  }

  /** What a network says about every place of the plane, and the points that it learned from. */
  static BufferedImage regions(Layer network, Crescents data) {
    int width = 600;
    int height = 360;
    double scale = width / 4.0;
    float[] xy = new float[2 * width * height];
    for (int i = 0; i < width * height; i++) {
      xy[2 * i] = (float) (i % width / scale - 1.5);
      xy[2 * i + 1] = (float) (1.45 - i / width / scale);
    }
    var places = Tensor.of(xy, width * height, 2);
    float[] second =
        Autograd.noGrad(() -> network.apply(places)).softmax(1).select(1, 1).toFloats();
    var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < second.length; i++) {
      image.setRGB(
          i % width, i / width, between(new Color(0xC9DDF2), new Color(0xF7DCC4), second[i]));
    }
    var graphics = graphics(image);
    float[] points = data.points().toFloats();
    long[] labels = data.labels().toLongs();
    for (int i = 0; i < labels.length; i++) {
      graphics.setColor(COLORS[(int) labels[i]]);
      double x = (points[2 * i] + 1.5) * scale;
      double y = (1.45 - points[2 * i + 1]) * scale;
      graphics.fill(new Ellipse2D.Double(x - 4, y - 4, 8, 8));
    }
    graphics.dispose();
    return image;
  }

  private static int between(Color a, Color b, float share) {
    int red = Math.round(a.getRed() + share * (b.getRed() - a.getRed()));
    int green = Math.round(a.getGreen() + share * (b.getGreen() - a.getGreen()));
    int blue = Math.round(a.getBlue() + share * (b.getBlue() - a.getBlue()));
    return red << 16 | green << 8 | blue;
  }

  private static Graphics2D graphics(BufferedImage image) {
    var graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    return graphics;
  }
}
