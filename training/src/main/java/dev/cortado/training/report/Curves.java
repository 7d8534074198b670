package dev.cortado.training.report;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.io.AtomicFile;
import dev.cortado.training.run.EpochFigures;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws loss and accuracy over the epochs, side by side, as a PNG. Needs no display. */
public final class Curves {
  private static final int WIDTH = 520;
  private static final int HEIGHT = 360;
  // Pixels to a point, so that the picture is sharp on today's screens.
  private static final int SCALE = 2;
  private static final int MARKED_EPOCHS = 40;
  private static final int TICK_PIXELS = 40;

  private static final Color INK = new Color(0x333A42);
  private static final Color GRID = new Color(0xE3E7EB);
  // Blue and orange that people with any colour vision can tell apart (Okabe and Ito, 2008).
  private static final Color TRAIN = new Color(0x0072B2);
  private static final Color TEST = new Color(0xD55E00);

  private Curves() {}

  /**
   * Draws the curves and writes them to a PNG file, replacing it as a whole.
   *
   * @param title what to write above them: the model and the data, say
   * @param epochs the figures, at least one epoch
   * @throws CortadoException if the file cannot be written, or this Java installation cannot draw
   *     text
   */
  public static void write(Path file, String title, List<EpochFigures> epochs) {
    var bytes = new ByteArrayOutputStream();
    try (var stream = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(draw(title, epochs), "png", stream);
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot fail", e);
    }
    AtomicFile.write(file, bytes.toByteArray());
  }

  /**
   * Draws the curves.
   *
   * @param title what to write above them
   * @param epochs the figures, at least one epoch
   * @throws CortadoException if there is no epoch, or this Java installation cannot draw text
   */
  public static BufferedImage draw(String title, List<EpochFigures> epochs) {
    if (epochs.isEmpty()) {
      throw new CortadoException("there are no curves to draw before the first epoch");
    }
    try {
      var loss = chart(title + ": loss", "loss");
      addSeries(loss, epochs, EpochFigures::trainLoss, EpochFigures::testLoss);
      loss.getStyler().setLegendPosition(LegendPosition.InsideNE);
      loss.getStyler().setYAxisMin(0.0);
      var accuracy = chart(title + ": accuracy", "accuracy (%)");
      addSeries(accuracy, epochs, e -> 100 * e.trainAccuracy(), e -> 100 * e.testAccuracy());
      accuracy.getStyler().setLegendPosition(LegendPosition.InsideSE);
      accuracy.getStyler().setYAxisMax(100.0);
      return sideBySide(loss, accuracy);
    } catch (InternalError | UnsatisfiedLinkError | NoClassDefFoundError e) {
      // What Java2D throws on a machine without fonts or without its native libraries.
      throw new CortadoException(
          "cannot draw the curves: this Java installation has no fonts (%s)"
              .formatted(e.getMessage()),
          e);
    }
  }

  private static XYChart chart(String title, String unit) {
    var chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("epoch")
            .yAxisTitle(unit)
            .build();
    var plain = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    var styler = chart.getStyler();
    styler
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBackgroundColor(Color.WHITE)
        .setPlotBorderVisible(false)
        .setChartFontColor(INK)
        .setChartTitleBoxVisible(false)
        .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14))
        .setLegendFont(plain)
        .setLegendBorderColor(Color.WHITE)
        .setLegendBackgroundColor(new Color(255, 255, 255, 210))
        .setSeriesColors(new Color[] {TRAIN, TEST});
    styler
        .setAxisTickLabelsFont(plain)
        .setAxisTitleFont(plain)
        .setAxisTickLabelsColor(INK)
        .setPlotGridLinesColor(GRID)
        .setPlotGridLinesStroke(new BasicStroke(1))
        .setPlotGridVerticalLinesVisible(false)
        .setAxisTicksMarksVisible(false)
        .setPlotMargin(0);
    styler.setYAxisDecimalPattern("#.###");
    styler.setLocale(Locale.ROOT);
    return chart;
  }

  private static void addSeries(
      XYChart chart,
      List<EpochFigures> epochs,
      ToDoubleFunction<EpochFigures> train,
      ToDoubleFunction<EpochFigures> test) {
    var x = epochs.stream().mapToDouble(EpochFigures::epoch).toArray();
    addSeries(chart, "train", x, epochs.stream().mapToDouble(train).toArray());
    addSeries(chart, "test", x, epochs.stream().mapToDouble(test).toArray());
    double first = x[0];
    double last = x[x.length - 1];
    double margin = last == first ? 0.75 : Math.max(0.25, 0.02 * (last - first));
    var styler = chart.getStyler().setXAxisMin(first - margin).setXAxisMax(last + margin);
    // Half an epoch has no figures: ticks keep at least a whole epoch's distance.
    int epochPixels = (int) Math.ceil(WIDTH / (last - first + 2 * margin));
    styler.setXAxisTickMarkSpacingHint(Math.max(TICK_PIXELS, epochPixels));
    styler.setXAxisDecimalPattern("0");
  }

  private static void addSeries(XYChart chart, String name, double[] x, double[] y) {
    // The library takes NaN for a gap but chokes on infinities, and on a curve of gaps alone.
    var drawable = new double[y.length];
    boolean any = false;
    for (int i = 0; i < y.length; i++) {
      drawable[i] = Double.isFinite(y[i]) ? y[i] : Double.NaN;
      any |= Double.isFinite(y[i]);
    }
    if (!any) {
      return;
    }
    var series = chart.addSeries(name, x, drawable);
    series.setLineStyle(new BasicStroke(2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    series.setMarker(y.length <= MARKED_EPOCHS ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
  }

  private static BufferedImage sideBySide(XYChart left, XYChart right) {
    var image = new BufferedImage(2 * WIDTH * SCALE, HEIGHT * SCALE, BufferedImage.TYPE_INT_RGB);
    var graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
      graphics.scale(SCALE, SCALE);
      left.paint(graphics, WIDTH, HEIGHT);
      graphics.translate(WIDTH, 0);
      right.paint(graphics, WIDTH, HEIGHT);
    } finally {
      graphics.dispose();
    }
    return image;
  }
}
