package dev.cortado.examples.drawings;

import dev.cortado.tensor.CortadoException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;

/**
 * A folder of drawings to learn from: {@code train/pizza/pizza-0001.jpg}, …, {@code
 * test/sushi/sushi-0060.jpg}, as photographs would be kept.
 *
 * @param trainPerClass pictures of each class to learn from
 * @param testPerClass pictures of each class to be tested with; none is drawn from a training seed
 * @param seed which pictures: the same seed gives the same files, byte for byte
 */
public record DrawingsDataset(int trainPerClass, int testPerClass, long seed) {
  private static final String NOTE = "drawings.txt";
  private static final float JPEG_QUALITY = 0.9f;

  /** Checks that there is something to draw. */
  public DrawingsDataset {
    if (trainPerClass < 1 || testPerClass < 1) {
      throw new IllegalArgumentException(
          "a class needs at least 1 picture to learn from and 1 to be tested with, not %d and %d"
              .formatted(trainPerClass, testPerClass));
    }
  }

  /**
   * The set that {@code cortado train} uses when it is given no photos.
   *
   * @return 200 training and 60 test pictures of each class
   */
  public static DrawingsDataset standard() {
    return new DrawingsDataset(200, 60, 2024);
  }

  /**
   * One picture of the set.
   *
   * @param split {@code train} or {@code test}
   * @param kind what it shows
   * @param number counted from 1 within split and class
   * @param seed what it is drawn from
   */
  public record Entry(String split, FoodClass kind, int number, long seed) {
    /**
     * Where the picture is kept.
     *
     * @return the path within the set's folder, for instance {@code train/pizza/pizza-0001.jpg}
     */
    public String path() {
      return String.format(
          Locale.ROOT, "%s/%s/%s-%04d.jpg", split, kind.label(), kind.label(), number);
    }

    /**
     * Draws the picture.
     *
     * @return the picture before it is compressed
     */
    public BufferedImage draw() {
      return FoodDrawings.draw(kind, seed);
    }
  }

  /**
   * All pictures of the set.
   *
   * @return the training pictures, then the test pictures, each by class and number
   */
  public List<Entry> entries() {
    var entries = new ArrayList<Entry>();
    for (var split : List.of("train", "test")) {
      boolean train = split.equals("train");
      for (var kind : FoodClass.values()) {
        for (int i = 1; i <= (train ? trainPerClass : testPerClass); i++) {
          long lot = 0x10000L * kind.stream + i;
          entries.add(new Entry(split, kind, i, Dice.mix(seed * 2 + (train ? 0 : 1)) + lot));
        }
      }
    }
    return entries;
  }

  /**
   * Draws the whole set into a folder, unless it is there already.
   *
   * @param folder an empty folder, one to be made, or one that holds this set
   * @param threads how many pictures are drawn at a time; has no influence on what they show
   * @return the folder
   * @throws CortadoException if the folder holds something else
   * @throws UncheckedIOException if the folder cannot be written
   */
  public Path write(Path folder, int threads) {
    return write(folder, threads, () -> {});
  }

  /** Like {@link #write(Path, int)}; {@code afterEach} is called after each picture. */
  public Path write(Path folder, int threads, Runnable afterEach) {
    try {
      if (isComplete(folder)) {
        return folder;
      }
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(NOTE), note(false));
      for (var split : List.of("train", "test")) {
        for (var kind : FoodClass.values()) {
          Files.createDirectories(folder.resolve(split).resolve(kind.label()));
        }
      }
      drawAll(folder, threads, afterEach);
      Files.writeString(folder.resolve(NOTE), note(true));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the drawings to " + folder, e);
    }
  }

  private boolean isComplete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return false;
    }
    if (!Files.isDirectory(folder)) {
      throw new CortadoException("%s is a file; the drawings need a folder".formatted(folder));
    }
    var note = folder.resolve(NOTE);
    if (Files.exists(note)) {
      var text = Files.readString(note);
      if (!text.equals(note(true)) && !text.equals(note(false))) {
        throw new CortadoException(
            "%s holds other drawings (%s); name another folder or delete it"
                .formatted(folder, text.lines().findFirst().orElse("no description")));
      }
      return text.equals(note(true));
    }
    try (var files = Files.list(folder)) {
      if (files.findAny().isPresent()) {
        throw new CortadoException(
            "%s holds something else; the drawings need an empty folder".formatted(folder));
      }
    }
    return false;
  }

  private String note(boolean complete) {
    return String.format(
        Locale.ROOT,
        """
        %d training and %d test pictures of each class, seed %d, version 1
        Drawn by Cortado; free of rights (CC0). Written %s.
        """,
        trainPerClass,
        testPerClass,
        seed,
        complete ? "completely" : "in part");
  }

  private void drawAll(Path folder, int threads, Runnable afterEach) throws IOException {
    try (var pool = Executors.newFixedThreadPool(threads)) {
      var pictures = new ArrayList<Future<?>>();
      for (var entry : entries()) {
        pictures.add(
            pool.submit(() -> Files.write(folder.resolve(entry.path()), jpeg(entry.draw()))));
      }
      try {
        for (var picture : pictures) {
          picture.get();
          afterEach.run();
        }
      } catch (ExecutionException e) {
        pool.shutdownNow();
        if (e.getCause() instanceof IOException io) {
          throw io;
        }
        throw new IllegalStateException("a picture could not be drawn", e.getCause());
      } catch (InterruptedException e) {
        pool.shutdownNow();
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while drawing", e);
      }
    }
  }

  /**
   * Compresses a picture as a camera would, at quality 90.
   *
   * @param image the picture
   * @return the bytes of a JPEG file
   */
  static byte[] jpeg(BufferedImage image) throws IOException {
    var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    var bytes = new ByteArrayOutputStream(1 << 16);
    try (var out = new javax.imageio.stream.MemoryCacheImageOutputStream(bytes)) {
      var settings = writer.getDefaultWriteParam();
      settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      settings.setCompressionQuality(JPEG_QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), settings);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
