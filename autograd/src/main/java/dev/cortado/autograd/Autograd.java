package dev.cortado.autograd;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

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
    refuseInference("track");
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
    refuseInference("backward");
    var start = Recorded.of(output);
    if (start == null) {
      throw new CortadoException(
          "backward: this "
              + output.spec()
              + " is not tracked; no op with a tracked input led to it"
              + (isRecording() ? "" : " (this is inside noGrad)"));
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
    refuseInference("gradients");
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
    return !Context.current().isPaused();
  }

  /**
   * Runs {@code body} without recording on this thread: its results are plain tensors. What is
   * tracked inside stays tracked, and can be used outside.
   */
  public static <T> T noGrad(Supplier<T> body) {
    return Context.current().paused(body);
  }

  /** Runs {@code body} without recording on this thread. */
  public static void noGrad(Runnable body) {
    noGrad(supplier(body));
  }

  /**
   * Runs {@code body} on this thread for its results alone: like {@link #noGrad}, and what belongs
   * to training is refused, {@link #track}, {@link #backward} and {@link #gradients}. Parameters of
   * layers are plain tensors inside, so that ops do not even look for a trace.
   *
   * <p>There is no more to switch off: results are plain tensors as any others. They may be tracked
   * afterwards, because nothing about a tensor depends on where it was made.
   */
  public static <T> T inference(Supplier<T> body) {
    return Context.current().inference(body);
  }

  /** Runs {@code body} as {@link #inference(Supplier)} does. */
  public static void inference(Runnable body) {
    inference(supplier(body));
  }

  /** Returns whether this thread is inside {@link #inference}. */
  public static boolean isInference() {
    return Context.current().isInference();
  }

  private static Supplier<Boolean> supplier(Runnable body) {
    return () -> {
      body.run();
      return true;
    };
  }

  private static void refuseInference(String what) {
    if (isInference()) {
      throw new CortadoException(
          what + " inside Autograd.inference, where nothing is recorded: use it outside");
    }
  }

  /**
   * Returns {@code tensor} with a hook on the way back: backward hands the gradient by what is
   * returned here to {@code hook} and goes on with what the hook returns, which has the same shape
   * and type: the gradient itself to look on, another one to replace it. Only what is computed from
   * the returned tensor passes the hook.
   *
   * <pre>{@code
   * x = Autograd.onGradient(x, g -> g.clamp(-1, 1));
   * }</pre>
   *
   * <p>Where {@code tensor} is not tracked no gradient will come by, and it is returned as it is.
   * For gradients of gradients the hook runs tensor ops.
   */
  public static Tensor onGradient(Tensor tensor, UnaryOperator<Tensor> hook) {
    return GradientHook.on(tensor, hook);
  }

  /**
   * Runs {@code body} and stops at the first NaN or infinity, in the result of an op or in a
   * gradient: the error names the op, the layer that applied it, the shapes and the element. A
   * search through every number: for finding out, not for every day.
   *
   * <p>An infinity that comes in from outside, like that of an attention mask, is let through, and
   * so is what it makes infinite; NaN is not.
   *
   * @throws CortadoException if one is found
   */
  public static <T> T detectAnomalies(Supplier<T> body) {
    return Anomalies.detect(body);
  }

  /** Runs {@code body} as {@link #detectAnomalies(Supplier)} does. */
  public static void detectAnomalies(Runnable body) {
    detectAnomalies(supplier(body));
  }

  /** Returns whether this thread is inside {@link #detectAnomalies}. */
  public static boolean isDetectingAnomalies() {
    return Context.current().detecting;
  }

  /**
   * Runs {@code body}; {@link #detectAnomalies} says of the ops in it that they come from {@code
   * place}.
   */
  public static <T> T at(Supplier<String> place, Supplier<T> body) {
    return Context.current().at(place, body);
  }

  /**
   * Returns {@code block} of {@code inputs}, of which only inputs and results are kept; backward
   * computes the block again to get at what is between. One more forward pass for less memory. The
   * gradients are the same to the bit, by inputs as by parameters that the block reads.
   *
   * <p>The block must compute the same both times. Random keys of layers come back by themselves,
   * running statistics move once. What it keeps for itself, such as a list that a hook fills, it
   * must not rely on: inside a {@link dev.cortado.tensor.Scope}, what is made in between ends with
   * the block.
   *
   * @throws CortadoException in backward, if a tensor that the block reads was overwritten since,
   *     or if the block computes something else than before
   */
  public static List<Tensor> checkpoint(UnaryOperator<List<Tensor>> block, List<Tensor> inputs) {
    return Checkpoint.apply(block, inputs);
  }

  /** Returns {@code block} of {@code x}; see {@link #checkpoint(UnaryOperator, List)}. */
  public static Tensor checkpoint(Tensor x, UnaryOperator<Tensor> block) {
    return checkpoint(in -> List.of(block.apply(in.getFirst())), List.of(x)).getFirst();
  }

  /**
   * Returns whether this thread computes a checkpoint's block for the second time. What a block
   * moves besides its results, such as running statistics, must stay then.
   */
  public static boolean isRecomputing() {
    return Context.current().isRecomputing();
  }

  /**
   * Has every {@link #checkpoint} bring back something that threads carry along besides tensors,
   * such as where the next random key comes from.
   *
   * @param bookmark called on the thread in question; returns what brings the present state back,
   *     as often as it is run
   */
  public static void recomputeWith(Supplier<Runnable> bookmark) {
    Checkpoint.CARRIED.add(bookmark);
  }

  private static void checkSeed(Tensor output, Tensor seed) {
    if (!seed.spec().equals(output.spec())) {
      throw new CortadoException(
          "the gradient to start with is " + seed.spec() + ", the output is " + output.spec());
    }
  }
}
