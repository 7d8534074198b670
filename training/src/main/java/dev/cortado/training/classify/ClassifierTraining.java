package dev.cortado.training.classify;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.RandomKey;
import dev.cortado.training.Trainer;
import dev.cortado.training.optim.Optimizer;
import dev.cortado.training.optim.UpdateRule;
import dev.cortado.training.report.Curves;
import dev.cortado.training.report.EpochTable;
import dev.cortado.training.report.ProgressBar;
import dev.cortado.training.run.EpochFigures;
import dev.cortado.training.run.RunDirectory;
import dev.cortado.training.run.RunRecord;
import dev.cortado.training.tensorboard.EventWriter;
import dev.cortado.vision.image.Preset;
import dev.cortado.vision.model.Model;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Trains a classifier of photos and leaves in the run's folder everything that tells how it went:
 * the record, event files, curves, the best and the last checkpoint.
 */
public final class ClassifierTraining {
  private final Model model;
  private final Preset preset;
  private final Settings settings;
  private final RunDirectory folder;
  private final PrintStream out;
  private final long startNanos = System.nanoTime();
  private RunRecord record;
  private double bestAccuracy = -1;
  private double bestLoss;

  /**
   * Creates a training; nothing happens yet.
   *
   * @param model in the state to start from; what is frozen stays as it is
   * @param preset how photos are prepared
   * @param settings the user's choices
   * @param folder where the results go
   * @param record what is known of the run so far
   * @param out where progress is shown
   */
  public ClassifierTraining(
      Model model,
      Preset preset,
      Settings settings,
      RunDirectory folder,
      RunRecord record,
      PrintStream out) {
    this.model = model;
    this.preset = preset;
    this.settings = settings;
    this.folder = folder;
    this.record = record;
    this.out = out;
  }

  /**
   * Trains, and returns the finished record, which is also in the folder.
   *
   * @throws CortadoException if the training cannot go on; the record then says why
   */
  public RunRecord run(PhotoSet train, PhotoSet test) {
    record.write(folder.record());
    try {
      epochs(train, test);
      drawCurves();
      record = record.finished(seconds());
      record.write(folder.record());
      return record;
    } catch (Throwable e) {
      fail(e);
      throw e;
    }
  }

  private void fail(Throwable e) {
    var message = e.getMessage();
    try {
      record = record.failed(message == null ? e.toString() : message, seconds());
      record.write(folder.record());
    } catch (RuntimeException unwritten) {
      e.addSuppressed(unwritten); // The first failure is the one to tell.
    }
  }

  private BatchSource source(PhotoSet train, PhotoSet test) {
    if (model.featuresFrozen() && !settings.augment()) {
      return BatchSource.ofFeatures(model, train, test, settings, out);
    }
    return BatchSource.ofPhotos(model, train, test, settings);
  }

  private void epochs(PhotoSet train, PhotoSet test) {
    var photos = source(train, test);
    var rule = UpdateRule.Adam.decoupled(settings.weightDecay());
    var optimizer =
        new Optimizer(rule, model.parameters(), settings.learningRate(), settings.clip());
    var key = RandomKey.of(settings.seed()).split("training");
    var trainer = new Trainer(photos.network(), optimizer, settings.labelSmoothing(), key);
    var table = new EpochTable(settings.epochs());
    boolean features = model.featuresFrozen();
    try (var events = new EventWriter(folder.path())) {
      for (int epoch = 0; epoch < settings.epochs(); epoch++) {
        unfreeze(epoch + 1, optimizer);
        if (features && !model.featuresFrozen()) {
          features = false; // those that were kept are no longer what the model would compute
          photos = source(train, test);
          trainer = new Trainer(photos.network(), optimizer, settings.labelSmoothing(), key);
        }
        var figures = epoch(photos, trainer, optimizer, epoch);
        if (epoch == 0) {
          out.println(table.header());
        }
        out.println(table.row(figures));
        log(events, figures);
        save(figures);
        record = record.withEpoch(figures, seconds()).withSkipped(photos.skipped());
        record.write(folder.record());
      }
    }
  }

  /** Trains from now on what is due in an epoch, counted from 1. */
  private void unfreeze(int epoch, Optimizer optimizer) {
    settings.unfreezing().apply(model, epoch);
    optimizer.admit(model.parameters());
    for (var stage : settings.unfreezing().startingWith(epoch)) {
      out.printf(
          Locale.ROOT,
          "Epoch %d: %s is trained too, %,d parameters from now on%n",
          epoch,
          stage.pattern(),
          model.trainableCount());
    }
  }

  /** Draws what can also be drawn later: a machine without fonts must not lose the run for it. */
  private void drawCurves() {
    try {
      Curves.write(folder.curves(), record.model(), record.epochs());
    } catch (RuntimeException | LinkageError | InternalError e) {
      out.println("No curves.png: " + e.getMessage());
    }
  }

  private EpochFigures epoch(BatchSource photos, Trainer trainer, Optimizer optimizer, int epoch) {
    long start = System.nanoTime();
    long total = (long) photos.stepsPerEpoch() * settings.epochs();
    Trainer.Result trained;
    model.train();
    try (var batches = photos.train(epoch);
        var bar = bar("epoch " + (epoch + 1) + "/" + settings.epochs(), photos.trainImages())) {
      optimizer.learningRate(settings.learningRateAfter(optimizer.steps(), total));
      trained =
          trainer.train(
              batches.iterator(),
              epoch,
              (images, loss) -> {
                bar.step(images, String.format(Locale.ROOT, "loss %.4f", loss));
                if (optimizer.steps() < total) {
                  optimizer.learningRate(settings.learningRateAfter(optimizer.steps(), total));
                }
              });
    }
    double trainSeconds = (System.nanoTime() - start) / 1e9;
    double rate = settings.learningRateAfter(Math.max(0, optimizer.steps() - 1), total);
    Trainer.Result tested;
    model.eval();
    try (var batches = photos.test();
        var bar = bar("testing", photos.testImages())) {
      tested =
          Trainer.evaluate(
              photos.network(), batches.iterator(), (images, loss) -> bar.step(images, ""));
    }
    return new EpochFigures(
        epoch + 1,
        trained.loss(),
        trained.accuracy().value(),
        tested.loss(),
        tested.accuracy().value(),
        tested.accuracy().correct(),
        tested.accuracy().total(),
        (System.nanoTime() - start) / 1e9,
        trained.accuracy().total() / trainSeconds,
        rate);
  }

  private ProgressBar bar(String label, long images) {
    return new ProgressBar(label, images, out, ProgressBar.detectMode());
  }

  private static void log(EventWriter events, EpochFigures figures) {
    int epoch = figures.epoch();
    events.scalar("loss/train", epoch, figures.trainLoss());
    events.scalar("loss/test", epoch, figures.testLoss());
    events.scalar("accuracy/train", epoch, figures.trainAccuracy());
    events.scalar("accuracy/test", epoch, figures.testAccuracy());
    events.scalar("speed/images_per_second", epoch, figures.imagesPerSecond());
    events.scalar("learning_rate", epoch, figures.learningRate());
    events.flush();
  }

  private void save(EpochFigures figures) {
    var checkpoint = new Checkpoint(record.model(), record.data().classes(), preset, model.state());
    checkpoint.write(folder.lastCheckpoint());
    boolean better =
        figures.testAccuracy() > bestAccuracy
            || (figures.testAccuracy() == bestAccuracy
                && (figures.testLoss() < bestLoss || !Double.isFinite(bestLoss)));
    if (better) {
      bestAccuracy = figures.testAccuracy();
      bestLoss = figures.testLoss();
      checkpoint.write(folder.bestCheckpoint());
    }
  }

  private double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
