package dev.cortado.benchmarks;

import dev.cortado.autograd.Autograd;
import dev.cortado.nn.Losses;
import dev.cortado.nn.Randomness;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.training.optim.Optimizer;
import dev.cortado.training.optim.UpdateRule;
import dev.cortado.vision.model.Model;
import dev.cortado.vision.model.Models;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A batch of images through a model: prediction, and a whole training step with Adam. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 10)
@Measurement(iterations = 3, time = 10)
@Fork(value = 1, jvmArgsAppend = "-Xmx8g")
public class ModelBenchmark {
  private static final int CLASSES = 3;

  /** The model. */
  @Param({"efficientnet_b0"})
  public String name = "efficientnet_b0";

  /** Images in the batch. */
  @Param({"32"})
  public int batchSize = 32;

  private Model model = Models.define(name, CLASSES);
  private Tensor images = Tensor.zeros(0);
  private Tensor labels = Tensor.zeros(0);
  private Optimizer optimizer = optimizer(Models.create(name, CLASSES));

  /** Draws the weights and a batch. */
  @Setup
  public void setUp() {
    model = Models.create(name, CLASSES, RandomKey.of(1));
    int size = model.inputSize();
    images = Tensor.uniform(RandomKey.of(2), batchSize, 3, size, size).channelsLast();
    long[] classes = new long[batchSize];
    Arrays.setAll(classes, i -> i % CLASSES);
    labels = Tensor.of(classes, batchSize);
    optimizer = optimizer(model);
  }

  private static Optimizer optimizer(Model model) {
    return new Optimizer(UpdateRule.Adam.standard(), model.parameters(), 1e-3);
  }

  /** The logits of a batch. */
  @Benchmark
  public float[] predict() {
    model.eval();
    try (var scope = dev.cortado.tensor.Scope.open()) {
      return Autograd.noGrad(() -> model.apply(images)).toFloats();
    }
  }

  /** Forward, backward and the optimiser's step. */
  @Benchmark
  public double trainingStep() {
    model.train();
    try (var scope = dev.cortado.tensor.Scope.open()) {
      var logits = Randomness.with(RandomKey.of(optimizer.steps()), () -> model.apply(images));
      var loss = Losses.crossEntropy(logits, labels);
      optimizer.step(Autograd.backward(loss));
      return loss.item();
    }
  }
}
