package dev.cortado.examples.command;

import dev.cortado.examples.weights.BundledWeights;
import dev.cortado.tensor.CortadoException;
import dev.cortado.training.classify.Checkpoint;
import dev.cortado.training.classify.StepMemory;
import dev.cortado.training.run.RunDirectory;
import dev.cortado.vision.image.Preset;
import dev.cortado.vision.model.Model;
import dev.cortado.vision.model.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A trained model and what one has to know to ask it.
 *
 * @param model in evaluation mode
 * @param preset how photos are prepared for it
 * @param classes what its outputs stand for
 */
record Classifier(Model model, Preset preset, List<String> classes) {

  /** Returns the network that comes with Cortado, which knows the 1,000 classes of ImageNet. */
  static Classifier bundled() {
    var weights = BundledWeights.LITE0;
    var model = Models.define(weights.model(), weights.categories().size());
    BundledWeights.loadInto(model);
    model.eval();
    return new Classifier(model, weights.preset(), weights.categories().names());
  }

  /**
   * Reads what a training run has left.
   *
   * @param run the folder of the run, for its best weights, or a checkpoint
   * @throws CortadoException if there is no checkpoint, it is damaged, or memory is too small
   */
  static Classifier ofRun(Path run) {
    var file = checkpointFile(run);
    var checkpoint = Checkpoint.read(file);
    var plan = Models.define(checkpoint.model(), checkpoint.classes().size());
    int size = checkpoint.preset().crop();
    StepMemory.ofPrediction(plan, size, size).require(checkpoint.model(), 1, "");
    try {
      return new Classifier(checkpoint.restore(), checkpoint.preset(), checkpoint.classes());
    } catch (CortadoException e) {
      throw new CortadoException(file + " is a damaged checkpoint: " + e.getMessage(), e);
    }
  }

  private static Path checkpointFile(Path run) {
    if (!Files.exists(run)) {
      throw new CortadoException(
          "there is no run "
              + run
              + ": --run takes the folder that 'cortado train' has left, or a checkpoint in it");
    }
    if (!Files.isDirectory(run)) {
      return run;
    }
    var best = new RunDirectory(run).bestCheckpoint();
    if (!Files.exists(best)) {
      throw new CortadoException(
          Files.exists(new RunDirectory(run).record())
              ? run + " holds no " + best.getFileName() + ": not one epoch of this run was finished"
              : run + " is not the folder of a run: it holds no " + best.getFileName());
    }
    return best;
  }
}
