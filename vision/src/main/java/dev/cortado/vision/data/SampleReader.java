package dev.cortado.vision.data;

import dev.cortado.vision.image.BrokenImageException;
import dev.cortado.vision.image.Images;
import dev.cortado.vision.image.ReadOptions;
import dev.cortado.vision.image.RgbImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Reads the images of a data set and keeps account of those that cannot be read. May be shared by
 * any number of threads.
 */
public final class SampleReader {
  private final BadImagePolicy policy;
  private final ReadOptions options;
  private final Map<Path, String> broken = new ConcurrentSkipListMap<>();

  /** A reader that turns photos upright. */
  public SampleReader(BadImagePolicy policy) {
    this(policy, ReadOptions.DEFAULT);
  }

  /** A reader with options of its own. */
  public SampleReader(BadImagePolicy policy, ReadOptions options) {
    this.policy = policy;
    this.options = options;
  }

  /**
   * Reads one image.
   *
   * @return the image; empty if it is broken and broken images are skipped
   * @throws BrokenImageException if it is broken and broken images are not skipped
   * @throws dev.cortado.tensor.CortadoException if the file is gone or may not be read, whatever
   *     the policy
   */
  public Optional<RgbImage> read(Sample sample) {
    try {
      return Optional.of(Images.read(sample.path(), options));
    } catch (BrokenImageException e) {
      if (policy == BadImagePolicy.FAIL) {
        throw e;
      }
      broken.put(sample.path(), e.reason());
      return Optional.empty();
    }
  }

  /** The images skipped so far, each once, in the order of their paths. */
  public List<BrokenImage> skipped() {
    return broken.entrySet().stream().map(e -> new BrokenImage(e.getKey(), e.getValue())).toList();
  }

  /**
   * An image that was left out.
   *
   * @param path the file
   * @param reason what is wrong with it
   */
  public record BrokenImage(Path path, String reason) {
    @Override
    public String toString() {
      return path + ": " + reason;
    }
  }
}
