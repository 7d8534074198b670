package dev.cortado.training.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.autograd.Autograd;
import dev.cortado.nn.Randomness;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.training.Batch;
import dev.cortado.training.Trainer;
import dev.cortado.training.data.LoaderOptions;
import dev.cortado.training.optim.Optimizer;
import dev.cortado.training.optim.UpdateRule;
import dev.cortado.vision.data.ImageFolder;
import dev.cortado.vision.model.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is frozen stands still: parameters, statistics and dropout. */
class FreezingTest {
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Small.writePhotos(folder, 4);
  }

  private List<Batch> batches() {
    var photos =
        new PhotoSet(ImageFolder.open(folder.resolve("train")), Small.PRESET, Optional.empty());
    var all = new ArrayList<Batch>();
    try (var epoch = photos.loader(LoaderOptions.of(6)).epoch(0)) {
      epoch.forEachRemaining(all::add);
    }
    return all;
  }

  private static void train(Model model, List<Batch> batches) {
    var optimizer = new Optimizer(UpdateRule.Adam.decoupled(0.01), model.parameters(), 0.01);
    model.train();
    new Trainer(model::apply, optimizer, 0, RandomKey.of(1))
        .train(batches.iterator(), 0, (images, loss) -> {});
  }

  private static Map<String, List<Double>> numbers(Model model) {
    var numbers = new LinkedHashMap<String, List<Double>>();
    model
        .state()
        .forEach(
            (name, tensor) ->
                numbers.put(name, Arrays.stream(tensor.toDoubles()).boxed().toList()));
    return numbers;
  }

  @Test
  void withFrozenFeaturesOnlyTheHeadMoves() {
    var model = Small.network(3);
    model.freeze("features");
    assertThat(model.featuresFrozen()).isTrue();
    var before = numbers(model);
    train(model, batches());
    var after = numbers(model);
    before.forEach(
        (name, numbers) -> {
          if (name.startsWith("classifier.")) {
            assertThat(after.get(name)).as(name).isNotEqualTo(numbers);
          } else {
            assertThat(after.get(name)).as(name).isEqualTo(numbers);
          }
        });
  }

  @Test
  void withNothingFrozenParametersAndStatisticsMove() {
    var model = Small.network(3);
    var before = numbers(model);
    train(model, batches());
    var after = numbers(model);
    before.forEach((name, numbers) -> assertThat(after.get(name)).as(name).isNotEqualTo(numbers));
  }

  @Test
  void aFrozenStageKeepsItsStatisticsWhileOthersMove() {
    var model = Small.network(3);
    model.freeze("features.[01]");
    assertThat(model.featuresFrozen()).isFalse();
    var before = numbers(model);
    train(model, batches());
    var after = numbers(model);
    before.forEach(
        (name, numbers) -> {
          boolean frozen = name.startsWith("features.0.") || name.startsWith("features.1.");
          assertThat(after.get(name).equals(numbers)).as(name).isEqualTo(frozen);
        });
  }

  @Test
  void frozenFeaturesAreTheSameInTrainingAndForEveryKey() {
    var model = Small.network(3);
    model.freeze("features");
    var images = batches().getFirst().inputs();
    model.eval();
    var expected = Autograd.noGrad(() -> model.features(images));
    model.train();
    for (long key : new long[] {1, 2}) {
      var again = Randomness.with(RandomKey.of(key), () -> model.features(images));
      assertThat(again.toFloats()).isEqualTo(expected.toFloats());
      assertThat(Autograd.isTracked(again)).isFalse();
    }
  }

  @Test
  void theHeadGivesTheSameLogitsOnFeaturesThatWereKept() {
    var model = Small.network(3);
    model.freeze("features");
    model.eval();
    var batches = batches();
    var kept = Features.compute(model::features, batches.iterator(), images -> {});
    assertThat(kept.size()).isEqualTo(12);
    var order = kept.inOrder(6);
    for (var batch : batches) {
      var cached = order.next();
      assertThat(cached.labels().toLongs()).isEqualTo(batch.labels().toLongs());
      Tensor whole = Autograd.noGrad(() -> model.apply(batch.inputs()));
      Tensor head = Autograd.noGrad(() -> model.head(cached.inputs()));
      assertThat(head.toFloats()).isEqualTo(whole.toFloats());
    }
    assertThat(order.hasNext()).isFalse();
  }

  /** Kept features and labels stay together, whatever the order. */
  @Test
  void shufflingKeepsFeaturesAndLabelsTogether() {
    var model = Small.network(3);
    model.eval();
    var kept = Features.compute(model::features, batches().iterator(), images -> {});
    var rows = new LinkedHashMap<List<Float>, Long>();
    collect(kept.inOrder(5), rows);
    var shuffled = new LinkedHashMap<List<Float>, Long>();
    collect(kept.shuffled(5, 3, 1), shuffled);
    assertThat(shuffled).isEqualTo(rows);
    assertThat(List.copyOf(shuffled.keySet())).isNotEqualTo(List.copyOf(rows.keySet()));
  }

  private static void collect(Iterator<Batch> batches, Map<List<Float>, Long> into) {
    batches.forEachRemaining(
        batch -> {
          int width = batch.inputs().dim(1);
          float[] all = batch.inputs().toFloats();
          long[] labels = batch.labels().toLongs();
          for (int i = 0; i < labels.length; i++) {
            var row = new ArrayList<Float>();
            for (int k = 0; k < width; k++) {
              row.add(all[i * width + k]);
            }
            into.put(row, labels[i]);
          }
        });
  }
}
