package dev.cortado.training.classify;

import dev.cortado.tensor.CortadoException;
import dev.cortado.training.data.BadSamples;
import dev.cortado.training.optim.GradientClip;
import dev.cortado.training.optim.Schedule;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a user may choose about a training.
 *
 * @param epochs how often every photo is seen
 * @param batchSize photos in one step
 * @param learningRate the largest step size; it falls along a cosine to 0 at the end
 * @param weightDecay AdamW's
 * @param labelSmoothing how much of each target is spread over all classes
 * @param clipNorm the largest norm of all gradients together; infinite for any
 * @param seed decides the head's first numbers, the order of the photos, augmentation and dropout
 * @param augment whether training photos are cropped and flipped at random
 * @param badImages what becomes of a photo that cannot be read
 * @param unfreezing what is trained only from a later epoch on
 */
public record Settings(
    int epochs,
    int batchSize,
    double learningRate,
    double weightDecay,
    double labelSmoothing,
    double clipNorm,
    long seed,
    boolean augment,
    BadSamples badImages,
    Unfreezing unfreezing) {
  /** With nothing that is unfrozen on the way. */
  public Settings(
      int epochs,
      int batchSize,
      double learningRate,
      double weightDecay,
      double labelSmoothing,
      double clipNorm,
      long seed,
      boolean augment,
      BadSamples badImages) {
    this(
        epochs,
        batchSize,
        learningRate,
        weightDecay,
        labelSmoothing,
        clipNorm,
        seed,
        augment,
        badImages,
        Unfreezing.NONE);
  }

  /** Checks the numbers. */
  public Settings {
    atLeastOne("--epochs", epochs);
    atLeastOne("--batch-size", batchSize);
    if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
      throw new CortadoException(
          "--lr must be a positive number such as 0.001, got " + learningRate);
    }
    if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
      throw new CortadoException(
          "--weight-decay must be 0 or a positive number, got " + weightDecay);
    }
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new CortadoException(
          "--label-smoothing must be at least 0 and below 1, got " + labelSmoothing);
    }
    if (!(clipNorm > 0)) {
      throw new CortadoException(
          "--clip-norm must be a positive number such as 1, got " + clipNorm);
    }
  }

  private static void atLeastOne(String option, int value) {
    if (value < 1) {
      throw new CortadoException(option + " must be at least 1, got " + value);
    }
  }

  /** The default for a head alone, on features that were learned before. */
  public static final double HEAD_RATE = 0.005;

  /** The default when more than the head is trained. */
  public static final double WHOLE_RATE = 0.0005;

  /**
   * Returns the learning rate after {@code done} of {@code total} steps: half a cosine from the
   * largest to 0.
   */
  public double learningRateAfter(long done, long total) {
    return new Schedule.Cosine(Math.max(1, total), 0).rate(learningRate, done);
  }

  /** Returns what is done to gradients that are too large. */
  public GradientClip clip() {
    return Double.isInfinite(clipNorm) ? GradientClip.NONE : new GradientClip.ByNorm(clipNorm);
  }

  /** Returns the choices by option name, for the record. */
  public Map<String, Object> toMap() {
    var map = new LinkedHashMap<String, Object>();
    map.put("epochs", epochs);
    map.put("batch_size", batchSize);
    map.put("learning_rate", learningRate);
    map.put("weight_decay", weightDecay);
    map.put("label_smoothing", labelSmoothing);
    if (Double.isFinite(clipNorm)) {
      map.put("clip_norm", clipNorm);
    }
    map.put("augment", augment);
    if (!unfreezing.stages().isEmpty()) {
      map.put("unfreeze", unfreezing.toString());
    }
    map.put("bad_images", badImages.name().toLowerCase(java.util.Locale.ROOT));
    return map;
  }
}
