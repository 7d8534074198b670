package dev.cortado.training.classify;

import dev.cortado.autograd.Autograd;
import dev.cortado.nn.TrainingMemory;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Memory;
import dev.cortado.tensor.Shape;
import dev.cortado.vision.model.Model;
import java.util.Locale;

/**
 * How much memory a model needs, estimated before any of it is taken: the model runs on tensors
 * that have shapes but no numbers, and somebody counts the bytes of the results.
 *
 * <p>A step keeps every result until it ends, for the backward pass, and that needs about half as
 * much again for its gradients and temporaries (measured: 0.45 to 0.55 for EfficientNets and
 * transformers).
 *
 * @param fixed bytes that do not depend on the batch: parameters, gradients, the optimiser's memory
 * @param perImage bytes for each image in a batch
 */
public record StepMemory(long fixed, long perImage) {
  /** Images as numbers: the batch in work, and those that the loader has ready or prepares. */
  private static final int BATCHES_AHEAD = 4;

  private static final double BACKWARD = 0.5;

  /** What neither grows with the batch nor is counted: code, decoded photos, garbage. */
  private static final double RESERVE = 1.1;

  /**
   * Estimates a training step with AdamW.
   *
   * @param model may be without numbers; what is frozen in it decides what has to be kept, and it
   *     should be in training mode
   */
  public static StepMemory ofTraining(Model model) {
    if (model.featuresFrozen()) {
      var once = ofPrediction(model, model.inputSize(), model.inputSize());
      return new StepMemory(once.fixed + 12 * model.trainableCount(), once.perImage);
    }
    int size = model.inputSize();
    long results = Math.round((1 + BACKWARD) * resultsForOneImage(model, size, size));
    // A gradient and two moments for each trained number.
    return of(
        4 * model.parameterCount() + 12 * model.trainableCount(), results + image(size, size));
  }

  /**
   * Estimates a prediction.
   *
   * @param model may be without numbers; it is in evaluation mode afterwards
   * @throws CortadoException if the model does not take images of this size
   */
  public static StepMemory ofPrediction(Model model, int height, int width) {
    model.eval();
    long results = Autograd.noGrad(() -> resultsForOneImage(model, height, width));
    // Matrices are held once more in the order in which the kernels want them.
    return of(8 * model.parameterCount(), results + image(height, width));
  }

  private static StepMemory of(long fixed, long perImage) {
    return new StepMemory(Math.round(RESERVE * fixed), Math.round(RESERVE * perImage));
  }

  private static long image(int height, int width) {
    return BATCHES_AHEAD * 4L * 3 * height * width;
  }

  private static long resultsForOneImage(Model model, int height, int width) {
    return TrainingMemory.resultsOf(model, Shape.of(1, 3, height, width));
  }

  /** Returns the bytes for a batch. */
  public long bytes(int batch) {
    return fixed + batch * perImage;
  }

  /** Returns the largest batch that so many bytes allow; 0 if not even one image fits. */
  public int largestBatch(long bytes) {
    return Math.clamp((bytes - fixed) / perImage, 0, Integer.MAX_VALUE);
  }

  /**
   * Checks that the heap has room for a batch.
   *
   * @param what what is to be done, the subject of the message: "a training step of vit_b_16"
   * @param smaller how to ask for a smaller batch, such as "--batch-size %d"
   * @throws CortadoException that says how much is needed, how much there is, and which batch would
   *     fit
   */
  public void require(String what, int batch, String smaller) {
    try {
      Memory.require(what + " with " + batch + (batch == 1 ? " image" : " images"), bytes(batch));
    } catch (CortadoException e) {
      int fits = largestBatch(Memory.available());
      var advice = fits < 1 ? "" : ", or use " + String.format(Locale.ROOT, smaller, fits);
      throw new CortadoException(e.getMessage() + advice, e);
    }
  }
}
