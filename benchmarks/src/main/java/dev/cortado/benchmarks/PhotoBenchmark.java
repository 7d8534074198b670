package dev.cortado.benchmarks;

import dev.cortado.vision.image.Images;
import dev.cortado.vision.image.Normalization;
import dev.cortado.vision.image.Preset;
import dev.cortado.vision.image.ReadOptions;
import dev.cortado.vision.image.Resampling;
import dev.cortado.vision.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The way of one photo into a batch on one thread: decoding a JPEG of 512 by 384 pixels, resizing
 * and cropping, normalising.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class PhotoBenchmark {
  private static final int WIDTH = 512;
  private static final int HEIGHT = 384;

  /** Filter of the resize. */
  @Param({"BILINEAR", "BICUBIC"})
  public Resampling resampling = Resampling.BILINEAR;

  private Preset preset = new Preset(256, 224, resampling, Normalization.IMAGENET);
  private RgbImage image = picture();
  private byte[] jpeg = jpeg(image);
  private float[] batch = new float[preset.length()];

  /** Brings the preset in line with the parameter. */
  @Setup
  public void setUp() {
    preset = new Preset(256, 224, resampling, Normalization.IMAGENET);
  }

  /** From the file's bytes to an image. */
  @Benchmark
  public RgbImage decode() {
    return Images.read(jpeg, "picture", ReadOptions.DEFAULT);
  }

  /** From the image to its resized centre. */
  @Benchmark
  public RgbImage resizeAndCrop() {
    return preset.cropped(image);
  }

  /** All of it, into a batch. */
  @Benchmark
  public float[] all() {
    preset.writeTo(decode(), batch, 0);
    return batch;
  }

  /** Waves of several lengths, so that the file is about as large as a photo's. */
  private static RgbImage picture() {
    var rgb = new byte[3 * WIDTH * HEIGHT];
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      int x = i % WIDTH;
      int y = i / WIDTH;
      double coarse = Math.sin(x / 37.0) * Math.cos(y / 23.0);
      double fine = Math.sin(x * y / 300.0) * Math.sin(x / 3.0 + y / 2.0);
      rgb[3 * i] = (byte) (128 + 80 * coarse + 30 * fine);
      rgb[3 * i + 1] = (byte) (128 + 60 * coarse * coarse + 40 * fine);
      rgb[3 * i + 2] = (byte) (128 - 70 * coarse + 20 * fine);
    }
    return RgbImage.of(WIDTH, HEIGHT, rgb);
  }

  private static byte[] jpeg(RgbImage image) {
    try (var out = new ByteArrayOutputStream()) {
      ImageIO.write(image.toBufferedImage(), "jpeg", out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
