package dev.cortado.vision.model;

import dev.cortado.nn.Dropout;
import dev.cortado.nn.Layer;
import dev.cortado.nn.Linear;
import dev.cortado.nn.StochasticDepth;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An image classifier: a trunk that turns images into features, and a head that turns features into
 * one number (logit) per class.
 *
 * <p>In patterns for {@link #freeze}, {@code features} means everything below the head and {@code
 * head} the head, in every model; {@code stage.2} is one of its {@link #stages}, {@code stage.0-5}
 * several.
 */
public abstract class Model extends Layer {
  private static final Pattern STAGES = Pattern.compile("stage\\.(\\d{1,6})(?:-(\\d{1,6}))?");

  private final Architecture architecture;
  private final String headName;

  /**
   * Creates a model without layers.
   *
   * @param headName the child that holds the head
   */
  protected Model(Architecture architecture, String headName) {
    this.architecture = architecture;
    this.headName = headName;
  }

  /**
   * Returns the features [N, {@link #featureSize}] of a batch.
   *
   * @param images [N, 3, H, W], normalised as the weights ask for
   */
  public abstract Tensor features(Tensor images);

  /** Returns the logits [N, {@link #classes}] of features [N, {@link #featureSize}]. */
  public abstract Tensor head(Tensor features);

  /** Returns the last linear layer, whose outputs are the logits. */
  public abstract Linear classifier();

  /** Returns the dotted name of {@link #classifier()}. */
  public abstract String classifierName();

  /**
   * Returns the parts below the head from the image on, each as a pattern: what is frozen from the
   * first to some stage stands still together.
   */
  public abstract List<String> stages();

  /** Puts another last linear layer in. */
  protected abstract void replaceClassifier(Linear classifier);

  /** Returns {@code head(features(images))}. */
  @Override
  public final Tensor forward(Tensor images) {
    return head(features(images));
  }

  /** Returns the record this model was built from. */
  public Architecture architecture() {
    return architecture;
  }

  /** Returns the name under which {@link Models} knows it. */
  public final String name() {
    return architecture().name();
  }

  /** Returns the height and width, in pixels, of the images it was made for. */
  public final int inputSize() {
    return architecture().inputSize();
  }

  /** Returns the number of features of an image. */
  public abstract int featureSize();

  /** Returns the number of classes. */
  public final int classes() {
    return classifier().out();
  }

  /**
   * Puts a new last layer for another number of classes in, with weights drawn as for any linear
   * layer, uniform in ±1/√inputs.
   */
  public final void replaceHead(int classes, RandomKey key) {
    checkClasses(classes);
    var linear = new Linear(classifier().in(), classes);
    linear.to(classifier().weight().spec().dtype());
    linear.initialize(key.split(classifierName()));
    replaceClassifier(linear);
  }

  /** Returns whether training changes nothing below the head, statistics included. */
  public final boolean featuresFrozen() {
    return ownParameters().values().stream().noneMatch(p -> p.trainable())
        && children().entrySet().stream()
            .filter(child -> !child.getKey().equals(headName))
            .flatMap(child -> child.getValue().layers().values().stream())
            .allMatch(layer -> layer.isFrozen() || standsStill(layer));
  }

  /** Returns whether a layer does the same in training as in evaluation, and learns nothing. */
  private static boolean standsStill(Layer layer) {
    return switch (layer) {
      case Dropout dropout -> dropout.p() == 0;
      case StochasticDepth depth -> depth.p() == 0;
      default -> layer.ownParameters().isEmpty() && layer.ownBuffers().isEmpty();
    };
  }

  @Override
  protected final String expandPattern(String pattern) {
    if (pattern.equals("head")) {
      return headName;
    }
    var range = STAGES.matcher(pattern);
    if (range.matches()) {
      return stages(
          Integer.parseInt(range.group(1)),
          Integer.parseInt(range.group(range.group(2) == null ? 1 : 2)));
    }
    if (!pattern.equals("features")) {
      return pattern;
    }
    var names = new ArrayList<>(ownParameters().keySet());
    names.addAll(children().keySet());
    names.remove(headName);
    return String.join(",", names);
  }

  private String stages(int first, int last) {
    var stages = stages();
    if (first > last || last >= stages.size()) {
      throw new CortadoException(
          "%s has the stages 0 to %d, not %d to %d"
              .formatted(name(), stages.size() - 1, first, last));
    }
    return String.join(",", stages.subList(first, last + 1));
  }

  @Override
  public String kind() {
    return name();
  }

  /** Throws unless {@code classes} is a number of classes. */
  static void checkClasses(int classes) {
    if (classes < 1) {
      throw new CortadoException("a model needs at least one class, got " + classes);
    }
  }

  /** Throws unless {@code images} is a batch of colour images. */
  static void checkImages(Model model, Tensor images) {
    if (images.rank() != 4 || images.dim(1) != 3) {
      throw new CortadoException(
          model.name() + " expects images [N, 3, height, width], got " + images.spec());
    }
  }

  /** Returns the names of the state entries of the last linear layer. */
  public final List<String> classifierKeys() {
    return List.of(classifierName() + ".weight", classifierName() + ".bias");
  }
}
