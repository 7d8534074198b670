package dev.cortado.training.classify;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.io.Safetensors;
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
  private static final String SEPARATOR = "\n";

  /** Writes the file, whole or not at all. */
  public void write(Path file) {
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("format", "cortado");
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
    var content = Safetensors.read(file);
    var metadata = content.metadata();
    try {
      var normalization =
          new Normalization(
              numbers(entry(file, metadata, "mean")), numbers(entry(file, metadata, "std")));
      var preset =
          new Preset(
              Integer.parseInt(entry(file, metadata, "resize")),
              Integer.parseInt(entry(file, metadata, "crop")),
              Resampling.valueOf(entry(file, metadata, "resampling")),
              normalization);
      return new Checkpoint(
          entry(file, metadata, "model"),
          List.of(entry(file, metadata, "classes").split(SEPARATOR)),
          preset,
          content.tensors());
    } catch (IllegalArgumentException e) {
      throw new CortadoException(file + " is a damaged checkpoint: " + e.getMessage(), e);
    }
  }

  private static String entry(Path file, Map<String, String> metadata, String key) {
    var value = metadata.get(key);
    if (value == null) {
      throw new CortadoException(
          file + " is no checkpoint of a training run: its metadata lack '" + key + "'");
    }
    return value;
  }

  /** Returns the model with these weights, in evaluation mode. */
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
