package dev.cortado.training;

import dev.cortado.autograd.Autograd;
import dev.cortado.nn.Losses;
import dev.cortado.nn.Randomness;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Tensor;
import dev.cortado.training.metrics.Accuracy;
import dev.cortado.training.metrics.RunningMean;
import dev.cortado.training.optim.Optimizer;
import java.util.Iterator;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * The training step from nothing: predict, measure the loss, ask autograd for its gradients, let
 * the optimiser move the parameters. Everything born in a step is recycled when it ends.
 */
public final class Trainer {
  private final UnaryOperator<Tensor> network;
  private final Optimizer optimizer;
  private final double labelSmoothing;
  private final RandomKey key;

  /**
   * Creates a trainer.
   *
   * @param network from inputs to logits [N, K]; its layers are in the mode that its owner has set
   * @param optimizer moves the parameters
   * @param labelSmoothing how much of each target is spread over all classes, 0 to 1
   * @param key decides dropout and stochastic depth
   */
  public Trainer(
      UnaryOperator<Tensor> network, Optimizer optimizer, double labelSmoothing, RandomKey key) {
    this.network = network;
    this.optimizer = optimizer;
    this.labelSmoothing = labelSmoothing;
    this.key = key;
  }

  /**
   * What a pass over a set of images came to.
   *
   * @param loss mean by image
   * @param accuracy share of images whose largest logit was the right one
   */
  public record Result(double loss, Accuracy accuracy) {}

  /**
   * Trains on every batch once.
   *
   * @param batches the epoch's batches
   * @param epoch the epoch, from 0
   * @param afterStep called after each step with the number of images and the mean loss so far
   * @throws CortadoException if the loss is no longer a number
   */
  public Result train(Iterator<Batch> batches, int epoch, BiConsumer<Integer, Double> afterStep) {
    var loss = new RunningMean();
    var accuracy = new Accuracy();
    var epochKey = key.split(epoch);
    for (int step = 0; batches.hasNext(); step++) {
      var batch = batches.next();
      step(batch, epochKey.split(step), loss, accuracy);
      if (!Double.isFinite(loss.value())) {
        throw new CortadoException(
            "the loss became "
                + loss.value()
                + " in epoch "
                + (epoch + 1)
                + ", step "
                + (step + 1)
                + ": a lower learning rate than "
                + optimizer.learningRate()
                + " may help");
      }
      afterStep.accept(batch.size(), loss.value());
    }
    return new Result(loss.value(), accuracy);
  }

  private void step(Batch batch, RandomKey stepKey, RunningMean mean, Accuracy accuracy) {
    try (var scope = Scope.open()) {
      var logits = Randomness.with(stepKey, () -> network.apply(batch.inputs()));
      var loss = Losses.crossEntropy(logits, batch.labels(), labelSmoothing);
      optimizer.step(Autograd.backward(loss));
      mean.add(loss.item(), batch.size());
      count(logits, batch, accuracy);
    }
  }

  /** Predicts every batch once, without gradients, and compares with the labels. */
  public static Result evaluate(
      UnaryOperator<Tensor> network,
      Iterator<Batch> batches,
      BiConsumer<Integer, Double> afterStep) {
    var mean = new RunningMean();
    var accuracy = new Accuracy();
    while (batches.hasNext()) {
      var batch = batches.next();
      try (var scope = Scope.open()) {
        var logits = Autograd.noGrad(() -> network.apply(batch.inputs()));
        mean.add(Losses.crossEntropy(logits, batch.labels(), 0).item(), batch.size());
        count(logits, batch, accuracy);
      }
      afterStep.accept(batch.size(), mean.value());
    }
    return new Result(mean.value(), accuracy);
  }

  private static void count(Tensor logits, Batch batch, Accuracy accuracy) {
    long[] predicted = logits.detach().argmax(1).toLongs();
    long[] actual = batch.labels().toLongs();
    long correct = 0;
    for (int i = 0; i < actual.length; i++) {
      correct += predicted[i] == actual[i] ? 1 : 0;
    }
    accuracy.add(correct, actual.length);
  }
}
