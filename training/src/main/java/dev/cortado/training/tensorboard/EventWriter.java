package dev.cortado.training.tensorboard;

import dev.cortado.tensor.CortadoException;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Writes TensorBoard's event files: {@code tensorboard --logdir runs} shows what is in them, while
 * the run is still going on.
 *
 * <p>A file is only ever appended to, and {@link #flush()} leaves whole records, so a killed run
 * keeps everything up to its last epoch. Tags with a slash ({@code loss/train}) are grouped by what
 * stands before it. Methods may be called from any thread.
 */
public final class EventWriter implements AutoCloseable {
  private static final AtomicInteger FILES = new AtomicInteger();

  private final Path file;
  private final Clock clock;
  private final OutputStream out;

  /**
   * Starts a new event file in a folder, beside any others.
   *
   * @throws CortadoException if it cannot be written
   */
  public EventWriter(Path folder) {
    this(folder, Clock.systemUTC());
  }

  EventWriter(Path folder, Clock clock) {
    this.clock = clock;
    file = folder.resolve(fileName(clock));
    try {
      Files.createDirectories(folder);
      out = new BufferedOutputStream(new FileOutputStream(file.toFile(), true));
    } catch (IOException e) {
      throw cannotWrite(e);
    }
    write(Summaries.version(wallTime()));
    flush();
  }

  /** The file that is written. */
  public Path file() {
    return file;
  }

  /**
   * Adds a point to a curve.
   *
   * @param tag the curve's name, such as {@code loss/train}
   * @param step the point's place: an epoch or a count of steps
   * @param value its height; NaN and infinities are allowed
   * @throws CortadoException if the file cannot be written
   */
  public void scalar(String tag, long step, double value) {
    write(Summaries.event(wallTime(), step, Summaries.scalar(tag, (float) value)));
  }

  /**
   * Adds a picture.
   *
   * @param tag the picture's name
   * @param step its place
   * @param image the picture; transparency is dropped
   * @throws CortadoException if the file cannot be written
   */
  public void image(String tag, long step, BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    var value = Summaries.image(tag, width, height, png(image));
    write(Summaries.event(wallTime(), step, value));
  }

  /**
   * Adds a text, which TensorBoard reads as Markdown.
   *
   * @param tag the text's name
   * @param step its place
   * @param markdown the text
   * @throws CortadoException if the file cannot be written
   */
  public void text(String tag, long step, String markdown) {
    write(Summaries.event(wallTime(), step, Summaries.text(tag, markdown)));
  }

  /**
   * Adds the distribution of some values, as counts in 30 equal intervals.
   *
   * @param tag the distribution's name, such as a parameter's
   * @param step its place
   * @param values the values; those that are not finite are left out
   * @throws CortadoException if the file cannot be written
   */
  public void histogram(String tag, long step, float[] values) {
    var histogram = Summaries.Histogram.of(values);
    write(Summaries.event(wallTime(), step, Summaries.histogram(tag, histogram)));
  }

  /**
   * Hands everything added so far to the operating system, for TensorBoard to see.
   *
   * @throws CortadoException if the file cannot be written
   */
  public synchronized void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /**
   * Flushes and closes the file.
   *
   * @throws CortadoException if the file cannot be written
   */
  @Override
  public synchronized void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  private synchronized void write(byte[] event) {
    try {
      Frame.write(out, event);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  private CortadoException cannotWrite(IOException e) {
    return new CortadoException("cannot write the event file " + file + ": " + e.getMessage(), e);
  }

  private double wallTime() {
    return clock.millis() / 1000.0;
  }

  private static byte[] png(BufferedImage image) {
    var rgb = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
    var graphics = rgb.createGraphics();
    graphics.drawImage(image, 0, 0, null);
    graphics.dispose();
    var bytes = new ByteArrayOutputStream();
    // The stream is given, not left to ImageIO, which would put a cache file on the disk.
    try (var stream = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(rgb, "png", stream);
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  /**
   * The name TensorFlow and PyTorch give: {@code events.out.tfevents.SECONDS.HOST.PID.NUMBER}.
   * TensorBoard recognises the file by "tfevents" and orders files by name.
   */
  private static String fileName(Clock clock) {
    return "events.out.tfevents.%010d.%s.%d.%d"
        .formatted(
            clock.millis() / 1000, host(), ProcessHandle.current().pid(), FILES.getAndIncrement());
  }

  private static String host() {
    for (var variable : new String[] {"HOSTNAME", "COMPUTERNAME"}) {
      var name = System.getenv(variable);
      if (name != null && !name.isBlank()) {
        return safe(name);
      }
    }
    try {
      return safe(Files.readString(Path.of("/proc/sys/kernel/hostname")));
    } catch (IOException e) {
      return hostFromNetwork();
    }
  }

  // Asked last: where the name is not known to the resolver, this waits for a time-out.
  private static String hostFromNetwork() {
    try {
      return safe(InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private static String safe(String name) {
    var safe = name.strip().replaceAll("[^A-Za-z0-9._-]", "_");
    return safe.isEmpty() ? "localhost" : safe.toLowerCase(Locale.ROOT);
  }
}
