package dev.cortado.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The source files of all modules. */
final class Repository {
  static final Path ROOT = root();

  private Repository() {}

  /** Every Java file of every module, tests too. */
  static List<Path> sources() {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> name(file).contains("/src/") && !name(file).contains("/target/"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a file is no test. */
  static boolean isMain(Path file) {
    return name(file).contains("/src/main/");
  }

  /** Whether a file belongs to what others build on. */
  static boolean isLibrary(Path file) {
    return isMain(file) && !name(file).startsWith("examples/") && !name(file).startsWith("benchm");
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The path from the root, with slashes on every system. */
  static String name(Path file) {
    return ROOT.relativize(file).toString().replace('\\', '/');
  }

  /** The nearest folder upwards that has Maven's own. */
  private static Path root() {
    var folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve(".mvn"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
