package dev.cortado.vision.weights;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder {@code shared} beside the repository; tests that need it are skipped without it. */
final class Shared {
  private Shared() {}

  static Path path(String name) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path found = at.resolveSibling("shared").resolve(name);
      if (Files.exists(found)) {
        return found;
      }
    }
    assumeTrue(false, "skipped: no ../shared/" + name + " beside the repository");
    throw new AssertionError();
  }

  static JsonNode json(String name) {
    try {
      return new ObjectMapper().readTree(path(name).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A tensor without numbers, of the shape in a JSON list. */
  static Tensor shaped(JsonNode shape) {
    int[] dims = new ObjectMapper().convertValue(shape, int[].class);
    return Backends.shapesOnly(() -> Tensor.empty(Shape.of(dims), DType.F32, "test"));
  }
}
