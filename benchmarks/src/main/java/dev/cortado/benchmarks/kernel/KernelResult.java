package dev.cortado.benchmarks.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.io.FileProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A measured row.
 *
 * @param kernel what was computed
 * @param shape on what
 * @param threads by how many threads
 * @param value how fast
 * @param unit {@code GFLOP/s} or {@code GB/s}
 * @param percentOfLimit of the multiply-add peak or the copy bandwidth of as many threads
 */
public record KernelResult(
    String kernel, String shape, int threads, double value, String unit, double percentOfLimit) {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** Returns a JSON list, one row a line. */
  static String toJson(List<KernelResult> results) {
    var lines = results.stream().map(r -> "  " + json(r.rounded())).toList();
    return "[\n" + String.join(",\n", lines) + "\n]\n";
  }

  private static String json(KernelResult result) {
    try {
      return JSON.writeValueAsString(result);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private KernelResult rounded() {
    return new KernelResult(kernel, shape, threads, round(value), unit, round(percentOfLimit));
  }

  private static double round(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws CortadoException if the file cannot be read or holds something else
   */
  static List<KernelResult> read(Path file) {
    try {
      return JSON.readValue(Files.readAllBytes(file), new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new CortadoException(file + " is no list of figures, as --json writes it", e);
    } catch (IOException e) {
      throw new CortadoException(file + " cannot be read: " + FileProblem.reason(e), e);
    }
  }

  /** Returns whether this is the same row of another run. */
  boolean isRowOf(KernelResult other) {
    return kernel.equals(other.kernel) && shape.equals(other.shape) && threads == other.threads;
  }
}
