package dev.cortado.simd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a main class in a JVM of its own, for what a JVM decides once. */
final class Fork {
  private Fork() {}

  /** Returns what the program printed; it gets the class path of this JVM and the given flags. */
  static String run(Class<?> main, String... flags) {
    return run(ProcessBuilder.Redirect.DISCARD, main, flags);
  }

  /** Returns what the program printed, errors included. */
  static String runWithErrors(Class<?> main, String... flags) {
    return run(null, main, flags);
  }

  private static String run(
      ProcessBuilder.@Nullable Redirect errors, Class<?> main, String... flags) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(flags));
    command.add(main.getName());
    try {
      var builder = new ProcessBuilder(command);
      if (errors == null) {
        builder.redirectErrorStream(true);
      } else {
        builder.redirectError(errors);
      }
      var process = builder.start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new AssertionError("status " + status + " of " + command + "\n" + output);
      }
      return output.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
