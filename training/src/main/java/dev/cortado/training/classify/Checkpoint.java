package dev.cortado.training.classify;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.io.Safetensors;
import dev.cortado.tensor.io.TensorFile;
import dev.cortado.vision.image.Normalization;
import dev.cortado.vision.image.Preset;
import dev.cortado.vision.image.Resampling;
import dev.cortado.vision.model.Model;
import dev.cortado.vision.model.Models;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A trained model as one safetensors file that says everything needed to use it: which model, which
 * classes, how photos are prepared.
 *
 * @param model the model's name
 * @param classes the classes, in the order of the logits
 * @param preset how photos are prepared
 * @param state the model's parameters and buffers
 */
public record Checkpoint(
    String model, List<String> classes, Preset preset, Map<String, Tensor> state) {
  private static final String FORMAT = "cortado";
  private static final String SEPARATOR = "\n";

  /** Writes the file, whole or not at all. */
  public void write(Path file) {
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("format", FORMAT);
    metadata.put("model", model);
    metadata.put("classes", String.join(SEPARATOR, classes));
    metadata.put("resize", Integer.toString(preset.resize()));
    metadata.put("crop", Integer.toString(preset.crop()));
    metadata.put("resampling", preset.resampling().name());
    metadata.put("mean", text(preset.normalization().mean()));
    metadata.put("std", text(preset.normalization().std()));
    Safetensors.write(file, state, metadata);
  }

  /**
   * Reads a file that {@link #write} wrote.
   *
   * @throws CortadoException if the file is no such checkpoint
   */
  public static Checkpoint read(Path file) {
    return of(Safetensors.read(file));
  }

  /** Returns whether a file says that {@link #write} wrote it. */
  public static boolean isOne(TensorFile file) {
    return FORMAT.equals(file.metadata().get("format"));
  }

  /**
   * Returns the checkpoint that a file holds.
   *
   * @throws CortadoException if it is no such checkpoint
   */
  public static Checkpoint of(TensorFile file) {
    if (!isOne(file)) {
      throw new CortadoException(
          file.name()
              + " is no checkpoint of a training run: nothing in it says which model and classes"
              + " it is for");
    }
    try {
      var normalization =
          new Normalization(numbers(entry(file, "mean")), numbers(entry(file, "std")));
      var preset =
          new Preset(
              Integer.parseInt(entry(file, "resize")),
              Integer.parseInt(entry(file, "crop")),
              Resampling.valueOf(entry(file, "resampling")),
              normalization);
      var classes = List.of(entry(file, "classes").split(SEPARATOR));
      return new Checkpoint(entry(file, "model"), classes, preset, file.tensors());
    } catch (IllegalArgumentException e) {
      throw new CortadoException(file.name() + " is a damaged checkpoint: " + e.getMessage(), e);
    }
  }

  private static String entry(TensorFile file, String key) {
    var value = file.metadata().get(key);
    if (value == null) {
      throw new CortadoException(
          file.name() + " is a damaged checkpoint: its metadata lack '" + key + "'");
    }
    return value;
  }

  /**
   * Returns the model with these weights, in evaluation mode.
   *
   * @throws CortadoException if the weights are not those of the model
   */
  public Model restore() {
    var network = Models.define(model, classes.size());
    network.load(state, true);
    network.eval();
    return network;
  }

  private static String text(List<Double> numbers) {
    return String.join(" ", numbers.stream().map(String::valueOf).toList());
  }

  private static List<Double> numbers(String text) {
    return java.util.Arrays.stream(text.split(" ")).map(Double::valueOf).toList();
  }
}
