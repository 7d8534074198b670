package dev.cortado.vision.weights;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.io.Safetensors;
import dev.cortado.tensor.io.Sha256;
import dev.cortado.tensor.io.TensorFile;
import dev.cortado.vision.model.Model;
import dev.cortado.vision.model.Models;
import dev.cortado.vision.model.PositionEmbeddings;
import dev.cortado.vision.model.VisionTransformerArchitecture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Loads files of weights into models: whatever names they use, in full or half precision, strictly.
 * Only the head may differ, in the number of classes; then the model keeps its own. Position
 * embeddings of a transformer for images of another size are interpolated.
 */
public final class WeightsLoader {
  /** Published by timm with batch-norm eps 1e-5, where torchvision's architecture has 1e-3. */
  private static final Set<String> OTHER_EPSILON_AT_TIMM =
      Set.of(
          "efficientnet_b5",
          "efficientnet_b6",
          "efficientnet_b7",
          "efficientnet_v2_s",
          "efficientnet_v2_m",
          "efficientnet_v2_l");

  private WeightsLoader() {}

  /**
   * Loads a safetensors file. Either everything is loaded or nothing. If the file's head is for
   * another number of classes, the model keeps its own; a model that has no numbers yet (see {@link
   * Models#define}) gets a head drawn from seed 0.
   *
   * @throws CortadoException if the file cannot be read, or its tensors do not fit the model; the
   *     message lists all that are missing, unexpected or of another shape, and says whose weights
   *     they seem to be
   */
  public static LoadResult load(Model model, Path file) {
    return load(model, file, RandomKey.of(0));
  }

  /** Like {@link #load(Model, Path)}, with the key from which a new head is drawn. */
  public static LoadResult load(Model model, Path file, RandomKey newHead) {
    return load(model, Safetensors.read(file), Sha256.file(file), newHead);
  }

  /**
   * Like {@link #load(Model, Path)} for a file that has been read already, for example a resource.
   *
   * @param sha256 the file's SHA-256, 64 hex digits
   * @param newHead the key from which a new head is drawn
   */
  public static LoadResult load(Model model, TensorFile file, String sha256, RandomKey newHead) {
    boolean half =
        file.tensors().values().stream()
            .anyMatch(t -> t.dtype() == DType.F16 || t.dtype() == DType.BF16);
    var named = StateNames.convert(file.name(), file.widened().tensors());
    var fitted = fitted(model, named.tensors());
    var state = new LinkedHashMap<>(fitted);
    var bias = state.get(model.classifierName() + ".bias");
    boolean ownHead = onlyClassesDiffer(model, state);
    if (ownHead) {
      var own = model.state();
      model.classifierKeys().forEach(key -> state.put(key, require(own, key)));
    }
    try {
      model.load(state, true);
    } catch (CortadoException e) {
      throw new CortadoException(misfit(model, file.name(), named, e), e);
    }
    if (!model.classifier().weight().hasNumbers()) {
      model.replaceHead(model.classes(), newHead);
    }
    return new LoadResult(
        file.name(),
        sha256,
        WeightsCatalog.identify(sha256),
        named.naming(),
        half,
        state.size() - (ownHead ? model.classifierKeys().size() : 0),
        ownHead,
        bias == null ? 0 : bias.elements(),
        notes(model, named, fitted));
  }

  /** Returns the tensors with position embeddings for the size of the model's images. */
  private static Map<String, Tensor> fitted(Model model, Map<String, Tensor> tensors) {
    return model.architecture() instanceof VisionTransformerArchitecture transformer
        ? PositionEmbeddings.fit(tensors, transformer)
        : tensors;
  }

  private static boolean onlyClassesDiffer(Model model, Map<String, Tensor> state) {
    var weight = state.get(model.classifierName() + ".weight");
    var bias = state.get(model.classifierName() + ".bias");
    return weight != null
        && bias != null
        && weight.rank() == 2
        && weight.dim(1) == model.classifier().in()
        && weight.dim(0) != model.classes()
        && bias.shape().equals(Shape.of(weight.dim(0)));
  }

  private static String misfit(
      Model model, String file, NamedState named, CortadoException problems) {
    var text = new StringBuilder(file).append(" does not fit ").append(model.name());
    guess(named)
        .filter(guess -> !guess.equals(model.name()))
        .ifPresent(guess -> text.append(": these are weights of ").append(guess));
    if (named.naming() == Naming.UNKNOWN) {
      text.append(": its names are not those of any known library's EfficientNet or transformer");
    }
    var message = String.valueOf(problems.getMessage());
    int firstLine = message.indexOf('\n');
    return text.append(firstLine < 0 ? ": " + message : message.substring(firstLine)).toString();
  }

  /** Returns the name of the model whose entries these are, whatever the number of classes. */
  static Optional<String> guess(NamedState named) {
    var shapes = new HashMap<String, Shape>();
    named.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    return Models.names().stream().filter(name -> isStateOf(name, shapes)).findFirst();
  }

  private static boolean isStateOf(String name, Map<String, Shape> shapes) {
    var model = Models.define(name, 1);
    var entries = model.entries();
    var head = model.classifierKeys();
    return entries.keySet().containsAll(shapes.keySet())
        && entries.entrySet().stream()
            .filter(e -> e.getValue().required() && !head.contains(e.getKey()))
            .allMatch(e -> Objects.equals(e.getValue().spec().shape(), shapes.get(e.getKey())));
  }

  private static List<String> notes(Model model, NamedState named, Map<String, Tensor> fitted) {
    var notes = new ArrayList<String>();
    var positions = named.tensors().get(PositionEmbeddings.KEY);
    if (positions != null && model.architecture() instanceof VisionTransformerArchitecture vit) {
      int before = (int) Math.round(Math.sqrt(positions.dim(1) - 1.0)) * vit.patch();
      if (fitted.get(PositionEmbeddings.KEY) != positions) {
        notes.add(
            "position embeddings for images of %d pixels were interpolated for %d"
                .formatted(before, vit.inputSize()));
      }
    }
    boolean otherEpsilon =
        named.naming() == Naming.TIMM_EFFICIENTNET && OTHER_EPSILON_AT_TIMM.contains(model.name());
    if (otherEpsilon) {
      notes.add(
          "timm trained these weights with a batch-norm eps of 1e-5; this architecture has 1e-3,"
              + " so results differ slightly");
    }
    return notes;
  }

  private static Tensor require(Map<String, Tensor> state, String key) {
    return Objects.requireNonNull(state.get(key), key);
  }
}
