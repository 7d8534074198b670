package dev.cortado.examples.lessons;

import dev.cortado.autograd.Autograd;
import dev.cortado.nn.Initializer;
import dev.cortado.nn.Layer;
import dev.cortado.nn.Linear;
import dev.cortado.nn.Losses;
import dev.cortado.nn.Parameter;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.training.optim.Optimizer;
import dev.cortado.training.optim.UpdateRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lesson 4: a layer, a loss and a training step, first from nothing, then with what there is. */
public final class HowALayerLearns {
  private HowALayerLearns() {}

  /** Points in the plane, and which of two crescents each belongs to. */
  record Crescents(Tensor points, Tensor labels) {
    /** Draws {@code count} points of each. */
    static Crescents draw(int count, RandomKey key) {
      float[] xy = new float[4 * count];
      long[] labels = new long[2 * count];
      for (int i = 0; i < 2 * count; i++) {
        int label = i % 2;
        double angle = Math.PI * key.uniform(i);
        double x = label == 0 ? Math.cos(angle) : 1 - Math.cos(angle);
        double y = label == 0 ? Math.sin(angle) : 0.5 - Math.sin(angle);
        xy[2 * i] = (float) (x + 0.1 * key.split(1).normal(i));
        xy[2 * i + 1] = (float) (y + 0.1 * key.split(2).normal(i));
        labels[i] = label;
      }
      return new Crescents(Tensor.of(xy, 2 * count, 2), Tensor.of(labels, 2 * count));
    }
  }

  /** A layer from nothing: {@code y = x · weightᵀ + bias}. */
  static final class OwnLinear extends Layer {
    private final Parameter weight;
    private final Parameter bias;

    OwnLinear(int in, int out) {
      this.weight = parameter("weight", Initializer.uniformFanIn(), out, in);
      this.bias = parameter("bias", Initializer.uniform(1 / Math.sqrt(in)), out);
    }

    @Override
    public Tensor forward(Tensor x) {
      return x.matmul(weight.tensor().t()).add(bias.tensor());
    }
  }

  /** A network is a layer with children. */
  static final class Network extends Layer {
    private final Layer first;
    private final Layer second;

    Network(Layer first, Layer second) {
      this.first = child("first", first);
      this.second = child("second", second);
    }

    @Override
    public Tensor forward(Tensor x) {
      return second.apply(first.apply(x).tanh());
    }
  }

  /** Prints the lesson; writes its picture into the folder that is named, if one is. */
  public static void main(String[] args) {
    var data = Crescents.draw(100, RandomKey.of(3));
    byHand(data);
    var network = withLayers(data);
    withWhatThereIs(data);
    if (args.length > 0) {
      Pictures.write(Path.of(args[0], "learn-04-crescents.png"), Pictures.regions(network, data));
    }
  }

  private static void byHand(Crescents data) {
    var key = RandomKey.of(7);
    var w1 = Tensor.normal(key.split("w1"), 2, 16);
    var b1 = Tensor.zeros(16);
    var w2 = Tensor.normal(key.split("w2"), 16, 2).mul(0.25);
    var b2 = Tensor.zeros(2);
    var numbers = new ArrayList<>(List.of(w1, b1, w2, b2));
    for (int step = 0; step <= 400; step++) {
      var p = numbers.stream().map(Autograd::track).toList();
      var hidden = data.points().matmul(p.get(0)).add(p.get(1)).tanh();
      var logits = hidden.matmul(p.get(2)).add(p.get(3));
      var loss = Losses.crossEntropy(logits, data.labels());
      var gradients = Autograd.backward(loss);
      for (int i = 0; i < numbers.size(); i++) {
        numbers.set(i, numbers.get(i).sub(gradients.of(p.get(i)).mul(0.5)));
      }
      if (step % 200 == 0) {
        System.out.printf(Locale.ROOT, "by hand, step %d: loss %.2f%n", step, loss.item());
      }
    }
  }

  private static Network withLayers(Crescents data) {
    var network = new Network(new OwnLinear(2, 16), new OwnLinear(16, 2));
    network.initialize(RandomKey.of(7));
    System.out.println(network);
    for (int step = 0; step < 1000; step++) {
      var loss = Losses.crossEntropy(network.apply(data.points()), data.labels());
      var gradients = Autograd.backward(loss);
      for (var parameter : network.parameters().values()) {
        var gradient = gradients.of(parameter.tensor());
        parameter.assign(parameter.value().sub(gradient.mul(0.5)));
      }
    }
    System.out.printf(Locale.ROOT, "with layers: %.0f %% right%n", accuracy(network, data));
    return network;
  }

  private static void withWhatThereIs(Crescents data) {
    var network = new Network(new Linear(2, 16), new Linear(16, 2));
    network.initialize(RandomKey.of(7));
    var optimizer = new Optimizer(UpdateRule.Adam.standard(), network.parameters(), 0.05);
    for (int step = 0; step < 200; step++) {
      var loss = Losses.crossEntropy(network.apply(data.points()), data.labels());
      optimizer.step(Autograd.backward(loss));
    }
    System.out.printf(
        Locale.ROOT, "with Linear and Adam: %.0f %% right%n", accuracy(network, data));
  }

  private static double accuracy(Layer network, Crescents data) {
    long[] answers = Autograd.noGrad(() -> network.apply(data.points())).argmax(1).toLongs();
    long[] labels = data.labels().toLongs();
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      right += answers[i] == labels[i] ? 1 : 0;
    }
    return 100.0 * right / labels.length;
  }
}
