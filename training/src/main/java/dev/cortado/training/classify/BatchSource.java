package dev.cortado.training.classify;

import dev.cortado.tensor.Tensor;
import dev.cortado.training.Batch;
import dev.cortado.training.data.DataLoader;
import dev.cortado.training.data.LoaderOptions;
import dev.cortado.training.data.Skipped;
import dev.cortado.training.report.ProgressBar;
import dev.cortado.vision.model.Model;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;

/** Where a training's batches come from, and the part of the model that is applied to them. */
interface BatchSource {
  /** Returns the part of the model that takes the batches' inputs. */
  UnaryOperator<Tensor> network();

  /** Returns the batches of a training epoch, from 0. */
  Pass train(int epoch);

  /** Returns the batches of the test photos. */
  Pass test();

  /** Returns the number of training photos. */
  int trainImages();

  /** Returns the number of test photos. */
  int testImages();

  /** Returns the number of steps in an epoch. */
  int stepsPerEpoch();

  /** Returns the photos that could not be read so far. */
  List<Skipped> skipped();

  /** One pass over the batches; close it. */
  record Pass(Iterator<Batch> iterator, Runnable end) implements AutoCloseable {
    @Override
    public void close() {
      end.run();
    }
  }

  /** Photos, read anew (or from the cache) in every epoch, for the whole model. */
  static BatchSource ofPhotos(Model model, PhotoSet train, PhotoSet test, Settings settings) {
    return new PhotoSource(model, train, test, settings);
  }

  /** What the model's frozen part sees in the photos, computed once, for its head. */
  static BatchSource ofFeatures(
      Model model, PhotoSet train, PhotoSet test, Settings settings, PrintStream out) {
    model.eval();
    var options = LoaderOptions.of(settings.batchSize()).withBadSamples(settings.badImages());
    var trainLoader = train.readOnce().loader(options);
    var testLoader = test.readOnce().loader(options);
    return new FeatureSource(
        model,
        settings,
        features(model, trainLoader, "features of the training photos", out),
        features(model, testLoader, "features of the test photos", out),
        skipped(trainLoader, testLoader));
  }

  private static Features features(
      Model model, DataLoader<Photo, Batch> loader, String label, PrintStream out) {
    var mode = ProgressBar.detectMode();
    try (var batches = loader.epoch(0);
        var bar = new ProgressBar(label, loader.samples(), out, mode)) {
      return Features.compute(model::features, batches, images -> bar.step(images, ""));
    }
  }

  private static List<Skipped> skipped(
      DataLoader<Photo, Batch> train, DataLoader<Photo, Batch> test) {
    var all = new ArrayList<>(train.skipped());
    all.addAll(test.skipped());
    return all;
  }

  /** See {@link #ofPhotos}. */
  final class PhotoSource implements BatchSource {
    private final Model model;
    private final DataLoader<Photo, Batch> train;
    private final DataLoader<Photo, Batch> test;

    private PhotoSource(Model model, PhotoSet train, PhotoSet test, Settings settings) {
      this.model = model;
      var options = LoaderOptions.of(settings.batchSize()).withBadSamples(settings.badImages());
      this.train = train.loader(options.shuffled(settings.seed()));
      this.test = test.loader(options);
    }

    @Override
    public UnaryOperator<Tensor> network() {
      return model::apply;
    }

    @Override
    public Pass train(int epoch) {
      var batches = train.epoch(epoch);
      return new Pass(batches, batches::close);
    }

    @Override
    public Pass test() {
      var batches = test.epoch(0);
      return new Pass(batches, batches::close);
    }

    @Override
    public int trainImages() {
      return train.samples();
    }

    @Override
    public int testImages() {
      return test.samples();
    }

    @Override
    public int stepsPerEpoch() {
      return train.batches();
    }

    @Override
    public List<Skipped> skipped() {
      return BatchSource.skipped(train, test);
    }
  }

  /** See {@link #ofFeatures}. */
  record FeatureSource(
      Model model, Settings settings, Features trainSet, Features testSet, List<Skipped> skipped)
      implements BatchSource {
    @Override
    public UnaryOperator<Tensor> network() {
      return model::head;
    }

    @Override
    public Pass train(int epoch) {
      return new Pass(trainSet.shuffled(settings.batchSize(), settings.seed(), epoch), () -> {});
    }

    @Override
    public Pass test() {
      return new Pass(testSet.inOrder(settings.batchSize()), () -> {});
    }

    @Override
    public int trainImages() {
      return trainSet.size();
    }

    @Override
    public int testImages() {
      return testSet.size();
    }

    @Override
    public int stepsPerEpoch() {
      return Math.ceilDiv(trainSet.size(), settings.batchSize());
    }
  }
}
