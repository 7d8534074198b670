package dev.cortado.training.run;

import java.util.List;

/**
 * The data a run saw.
 *
 * @param path where it was
 * @param digest tells whether two runs saw the same data: {@link
 *     dev.cortado.vision.data.ImageSplits#digest}
 * @param classes the classes' names, in the order of the model's outputs
 * @param trainImages how many images there were to train with
 * @param testImages how many images there were to test with
 */
public record DataUsed(
    String path, String digest, List<String> classes, int trainImages, int testImages) {

  /** Makes the list unchangeable. */
  public DataUsed {
    classes = List.copyOf(classes);
  }
}
