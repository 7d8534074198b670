package dev.cortado.vision.data;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The images to train on and those to test on, with the same classes in the same order.
 *
 * @param train to learn from
 * @param test to be judged by; empty if the data set has no such part
 */
public record ImageSplits(ImageFolder train, Optional<ImageFolder> test) {
  private static final List<String> TEST_NAMES = List.of("test", "val", "valid", "validation");

  /**
   * The data set in a folder that holds a folder {@code train} and beside it {@code test} (or
   * {@code val}, {@code valid}, {@code validation}), each with one folder per class; or that holds
   * the class folders itself.
   *
   * @throws CortadoException if the folder is missing or empty, the parts differ in classes, or a
   *     class holds no image
   */
  public static ImageSplits open(Path root) {
    Path train = root.resolve("train");
    Optional<Path> test =
        TEST_NAMES.stream().map(root::resolve).filter(Files::isDirectory).findFirst();
    if (Files.isDirectory(train)) {
      ImageFolder training = ImageFolder.open(train);
      return new ImageSplits(
          training, test.map(folder -> ImageFolder.open(folder, training.classes())));
    }
    if (test.isPresent()
        && ImageFolder.filesOf(root).stream().filter(Files::isDirectory).count() == 1) {
      throw new CortadoException(
          root + " has a folder " + test.get().getFileName() + " but no folder train beside it");
    }
    return new ImageSplits(ImageFolder.open(root), Optional.empty());
  }

  /** A digest of all files' names and contents. */
  public String digest() {
    String testDigest = test.map(ImageFolder::digest).orElse("none");
    return Sha256.bytes(
        ("train " + train.digest() + "\ntest " + testDigest + "\n")
            .getBytes(StandardCharsets.UTF_8));
  }
}
