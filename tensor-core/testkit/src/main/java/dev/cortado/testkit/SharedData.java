package dev.cortado.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder {@code shared} beside the repository, with golden files and data that are too big for
 * it. Tests that need it are skipped where there is none.
 */
public final class SharedData {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SharedData() {}

  /**
   * Returns a file or folder, for example {@code golden/golden}. Skips the running test if there is
   * none.
   */
  public static Path path(String relative) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path candidate = at.resolve("shared").resolve(relative);
      if (Files.exists(candidate)) {
        return candidate;
      }
    }
    assumeTrue(false, "skipped: there is no ../shared/" + relative + " beside the repository");
    throw new AssertionError();
  }

  /** Returns the content of a JSON file. Skips the running test if there is none. */
  public static JsonNode json(String relative) {
    return json(path(relative));
  }

  /** Returns the content of a JSON file. */
  public static JsonNode json(Path path) {
    try {
      return JSON.readTree(path.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the numbers of a JSON array as a shape. */
  public static int[] shape(JsonNode array) {
    int[] shape = new int[array.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = array.get(i).asInt();
    }
    return shape;
  }
}
