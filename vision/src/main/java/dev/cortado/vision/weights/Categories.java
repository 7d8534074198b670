package dev.cortado.vision.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The classes that a classifier tells apart, in the order of its outputs.
 *
 * @param name what the set of classes is called
 * @param names one name per class; names may occur twice (ImageNet has two cranes)
 */
public record Categories(String name, List<String> names) {
  /** The 1,000 classes of ImageNet-1k (ILSVRC 2012), in the order everybody uses. */
  public static final Categories IMAGENET = new Categories("ImageNet-1k", read("imagenet.txt"));

  /** Copies the names. */
  public Categories {
    names = List.copyOf(names);
  }

  /** Returns the number of classes. */
  public int size() {
    return names.size();
  }

  /** Returns name and number of classes, not all of them. */
  @Override
  public String toString() {
    return name + " (" + names.size() + " classes)";
  }

  private static List<String> read(String resource) {
    try (var in = Categories.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
