package dev.cortado.examples;

import dev.cortado.autograd.Autograd;
import dev.cortado.nn.ActivationLayer;
import dev.cortado.nn.Linear;
import dev.cortado.nn.Losses;
import dev.cortado.nn.Sequential;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Scope;
import dev.cortado.tensor.Tensor;
import dev.cortado.training.optim.Optimizer;
import dev.cortado.training.optim.UpdateRule;

/** A whole training in one page: a small network learns "either, but not both". */
public final class LearnXor {
  private LearnXor() {}

  /** Trains, and prints what the network answers for 00, 01, 10 and 11. */
  public static void main(String[] args) {
    var questions = Tensor.of(new float[] {0, 0, 0, 1, 1, 0, 1, 1}, 4, 2);
    var answers = Tensor.of(new long[] {0, 1, 1, 0}, 4);
    var network = new Sequential(new Linear(2, 8), ActivationLayer.tanh(), new Linear(8, 2));
    network.initialize(RandomKey.of(1));
    var optimizer = new Optimizer(UpdateRule.Adam.standard(), network.parameters(), 0.05);
    for (int step = 0; step < 100; step++) {
      try (var scope = Scope.open()) { // gives the step's memory back when it ends
        var loss = Losses.crossEntropy(network.apply(questions), answers);
        optimizer.step(Autograd.backward(loss));
      }
    }
    var logits = Autograd.noGrad(() -> network.apply(questions));
    System.out.println(logits.argmax(1));
  }
}
