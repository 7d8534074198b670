package dev.cortado.vision.weights;

import dev.cortado.nn.Layer;
import dev.cortado.nn.StateEntry;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.io.Safetensors;
import dev.cortado.tensor.io.TensorFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Loads files of weights into models: whatever names they use, in full or half precision, strictly.
 * Only the head may differ, in the number of classes; then the model keeps its own.
 */
public final class WeightsLoader {
  /** The last layer of every classifier of this library: its name decides what a head is. */
  private static final List<String> HEADS = List.of("classifier.1.", "heads.head.");

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
   * Loads a safetensors file. Either everything is loaded or nothing.
   *
   * @param model a model with numbers (see {@link Layer#initialize}); one without is enough if the
   *     head fits
   * @throws CortadoException if the file cannot be read, or its tensors do not fit the model; the
   *     message lists all that are missing, unexpected or of another shape, and says whose weights
   *     they seem to be
   */
  public static LoadResult load(Layer model, Path file) {
    return load(model, Safetensors.read(file), Sha256.of(file));
  }

  /**
   * Loads a file that has been read already, for example a resource.
   *
   * @param sha256 the file's SHA-256, 64 hex digits
   */
  public static LoadResult load(Layer model, TensorFile file, String sha256) {
    boolean half =
        file.tensors().values().stream()
            .anyMatch(t -> t.dtype() == DType.F16 || t.dtype() == DType.BF16);
    var wide = file.widened().tensors();
    var entries = model.entries();
    var named =
        entries.keySet().containsAll(wide.keySet())
            ? new NamedState(Naming.TORCHVISION, wide, List.of())
            : StateNames.convert(file.name(), wide);
    var state = new LinkedHashMap<>(named.tensors());
    var head = head(state.keySet());
    int classes = head.map(h -> state.get(h + "bias")).map(Tensor::elements).orElse(0);
    boolean replaced = head.isPresent() && onlyClassesDiffer(head.get(), state, entries);
    if (replaced) {
      keepOwnHead(head.get(), state, model);
    }
    try {
      model.load(state, true);
    } catch (CortadoException e) {
      throw new CortadoException(misfit(model, file.name(), named, e), e);
    }
    return new LoadResult(
        file.name(),
        sha256,
        WeightsCatalog.identify(sha256),
        named.naming(),
        half,
        state.size() - (replaced ? 2 : 0),
        replaced,
        classes,
        notes(named));
  }

  private static Optional<String> head(Set<String> names) {
    return HEADS.stream()
        .filter(h -> names.contains(h + "weight") && names.contains(h + "bias"))
        .findFirst();
  }

  private static boolean onlyClassesDiffer(
      String head, Map<String, Tensor> state, SequencedMap<String, StateEntry> entries) {
    var own = entries.get(head + "weight");
    var ownBias = entries.get(head + "bias");
    var given = state.get(head + "weight");
    var givenBias = state.get(head + "bias");
    if (own == null || ownBias == null || given == null || givenBias == null) {
      return false;
    }
    var shape = own.spec().shape();
    return given.rank() == 2
        && shape.rank() == 2
        && given.dim(1) == shape.dim(1)
        && given.dim(0) != shape.dim(0)
        && givenBias.elements() == given.dim(0);
  }

  /** Puts the model's own head into the state, so that loading leaves it as it is. */
  private static void keepOwnHead(String head, Map<String, Tensor> state, Layer model) {
    var own = model.state();
    for (var leaf : List.of("weight", "bias")) {
      var entry = model.entries().get(head + leaf);
      var tensor = own.get(head + leaf);
      if (entry == null || tensor == null || !entry.hasNumbers()) {
        throw new IllegalStateException("initialize the model before its head can be kept");
      }
      state.put(head + leaf, tensor);
    }
  }

  private static String misfit(
      Layer model, String file, NamedState named, CortadoException problems) {
    var text = new StringBuilder(file).append(" does not fit this ").append(model.kind());
    guess(named).ifPresent(g -> text.append(": these are weights of ").append(g.model()));
    var message = String.valueOf(problems.getMessage());
    int firstLine = message.indexOf('\n');
    return text.append(firstLine < 0 ? ": " + message : message.substring(firstLine)).toString();
  }

  /**
   * Returns the catalogue's entry of a model with as many parameters below the head, and a head as
   * wide. Parameter counts tell all known models apart.
   */
  static Optional<Weights> guess(NamedState named) {
    var tensors = named.tensors();
    var weight = head(tensors.keySet()).map(h -> tensors.get(h + "weight"));
    if (named.naming() == Naming.UNKNOWN || weight.isEmpty() || weight.get().rank() != 2) {
      return Optional.empty();
    }
    long rows = weight.get().dim(0);
    long width = weight.get().dim(1);
    long below = parameters(tensors) - rows * (width + 1);
    return WeightsCatalog.all().stream()
        .filter(w -> w.parameters() - w.categories().size() * (width + 1) == below)
        .findFirst();
  }

  private static long parameters(Map<String, Tensor> tensors) {
    return tensors.entrySet().stream()
        .filter(e -> !e.getKey().contains("running_") && !e.getKey().endsWith("_tracked"))
        .mapToLong(e -> e.getValue().elements())
        .sum();
  }

  private static List<String> notes(NamedState named) {
    boolean otherEpsilon =
        named.naming() == Naming.TIMM_EFFICIENTNET
            && guess(named).filter(g -> OTHER_EPSILON_AT_TIMM.contains(g.model())).isPresent();
    return otherEpsilon
        ? List.of(
            "timm trained these weights with a batch-norm eps of 1e-5; this architecture has 1e-3,"
                + " so results differ slightly")
        : List.of();
  }
}
