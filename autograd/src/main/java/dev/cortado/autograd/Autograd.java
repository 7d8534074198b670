package dev.cortado.autograd;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Automatic differentiation.
 *
 * <pre>{@code
 * var w = Autograd.track(Tensor.of(new float[] {3, 4}, 2));
 * var loss = w.square().sum();
 * var gradients = Autograd.backward(loss);
 * gradients.of(w);                                          // [6, 8]
 * }</pre>
 *
 * <p>Recording is implicit: an op with a tracked input is recorded, all others cost nothing extra.
 * Only floating tensors are tracked. Independent graphs may be built and differentiated in several
 * threads at once.
 */
public final class Autograd {
  private Autograd() {}

  /**
   * Returns {@code tensor} as a leaf: a tensor whose gradient is wanted. The elements are shared;
   * what {@code tensor} itself was made from is forgotten.
   *
   * @throws CortadoException if it is not F32 or F64
   */
  public static Tensor track(Tensor tensor) {
    var type = tensor.dtype();
    if (!type.isFloating() || !type.isComputable()) {
      throw new CortadoException(
          "only F32 and F64 tensors have gradients, this is " + tensor.spec());
    }
    return tensor.withTrace(new Recorded(new Leaf(), 0));
  }

  /** Returns whether ops on {@code tensor} are recorded. */
  public static boolean isTracked(Tensor tensor) {
    return Recorded.of(tensor) != null;
  }

  /**
   * Returns the gradient of {@code loss}, a single number, by every leaf that it depends on. The
   * graph lets go of its saved tensors on the way: this can be done once.
   *
   * @throws CortadoException if the loss is not one number or is not tracked, or if a tensor that a
   *     derivative needs was overwritten
   */
  public static Gradients backward(Tensor loss) {
    if (loss.elements() != 1) {
      throw new CortadoException(
          "backward needs a loss of one element, this is "
              + loss.spec()
              + ": reduce it with sum() or mean(), or give the gradient to start with");
    }
    return backward(loss, Tensor.full(loss.shape(), loss.dtype(), 1));
  }

  /**
   * Returns the gradient of Σ {@code output} · {@code seed} by every leaf.
   *
   * @param seed the gradient to start with, of the output's shape and type
   */
  public static Gradients backward(Tensor output, Tensor seed) {
    var start = Recorded.of(output);
    if (start == null) {
      throw new CortadoException(
          "backward: this "
              + output.spec()
              + " is not tracked; no op with a tracked input led to it"
              + (Recorder.isPaused() ? " (this is inside noGrad)" : ""));
    }
    checkSeed(output, seed);
    var pass = new BackwardPass(false, true);
    pass.seed(start, seed.detach());
    pass.run();
    return Gradients.of(pass.leaves());
  }

  /**
   * Returns the gradients of Σₖ {@code outputs[k]} · {@code seeds[k]} by {@code inputs}, which may
   * be leaves or anything in between: zeros by those that the outputs do not depend on. The graph
   * stays, so that further gradients can be asked of it.
   *
   * @param createGraph whether the gradients are to be tracked themselves, for derivatives of
   *     higher order
   * @throws CortadoException if an input is not tracked
   */
  public static List<Tensor> gradients(
      List<Tensor> outputs, List<Tensor> inputs, List<Tensor> seeds, boolean createGraph) {
    if (outputs.size() != seeds.size()) {
      throw new CortadoException(
          "gradients: " + outputs.size() + " outputs need as many seeds, got " + seeds.size());
    }
    var targets = new ArrayList<Recorded>();
    for (var input : inputs) {
      var target = Recorded.of(input);
      if (target == null) {
        throw new CortadoException(
            "gradients: input " + targets.size() + ", " + input.spec() + ", is not tracked");
      }
      targets.add(target);
    }
    var starts = outputs.stream().map(Recorded::of).filter(o -> o != null).toList();
    var pass = new BackwardPass(createGraph, false);
    pass.restrict(starts, targets);
    for (int k = 0; k < outputs.size(); k++) {
      checkSeed(outputs.get(k), seeds.get(k));
      var start = Recorded.of(outputs.get(k));
      if (start != null) {
        pass.seed(start, createGraph ? seeds.get(k) : seeds.get(k).detach());
      }
    }
    pass.run();
    var results = new ArrayList<Tensor>();
    for (int i = 0; i < inputs.size(); i++) {
      var found = pass.found(targets.get(i));
      var input = inputs.get(i);
      results.add(found != null ? found : Tensor.full(input.shape(), input.dtype(), 0));
    }
    return results;
  }

  /**
   * Returns the gradient of {@code loss}, a single number, by {@code input}.
   *
   * @see #gradients(List, List, List, boolean)
   */
  public static Tensor gradient(Tensor loss, Tensor input, boolean createGraph) {
    var seed = Tensor.full(loss.shape(), loss.dtype(), 1);
    return gradients(List.of(loss), List.of(input), List.of(seed), createGraph).getFirst();
  }

  /** Returns whether ops with tracked inputs are recorded on this thread now. */
  public static boolean isRecording() {
    return !Recorder.isPaused();
  }

  /** Runs {@code body} without recording on this thread. */
  public static <T> T noGrad(Supplier<T> body) {
    Recorder.pause();
    try {
      return body.get();
    } finally {
      Recorder.resume();
    }
  }

  /** Runs {@code body} without recording on this thread. */
  public static void noGrad(Runnable body) {
    Recorder.pause();
    try {
      body.run();
    } finally {
      Recorder.resume();
    }
  }

  private static void checkSeed(Tensor output, Tensor seed) {
    if (!seed.spec().equals(output.spec())) {
      throw new CortadoException(
          "the gradient to start with is " + seed.spec() + ", the output is " + output.spec());
    }
  }
}
