import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Checks that every source file is laid out as google-java-format lays it out, or lays it out so.
 *
 * <p>Arguments: {@code check} or {@code fix}, then the repository's root. The build starts it on
 * JDK 25, because the formatter has to know the language of the JDK that runs it, and Maven may run
 * on an older one.
 */
class Format {
  private static final Formatter FORMATTER = new Formatter();

  public static void main(String[] args) {
    var fix = args[0].equals("fix");
    var root = Path.of(args[1]);
    var wrong =
        sources(root).parallelStream()
            .map(file -> reformat(file, fix))
            .filter(Objects::nonNull)
            .toList();
    if (wrong.isEmpty()) {
      return;
    }
    System.err.println(fix ? "Formatted:" : "Not formatted as google-java-format does it:");
    wrong.forEach(line -> System.err.println("  " + root.relativize(Path.of(line))));
    if (!fix) {
      System.err.println("To format them: mvn -q -N verify -Dformat=fix");
      System.exit(1);
    }
  }

  private static List<Path> sources(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(
              file ->
                  Stream.of("target", ".git")
                      .noneMatch(skip -> contains(root.relativize(file), skip)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean contains(Path path, String name) {
    for (var part : path) {
      if (part.toString().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the file if its layout was wrong, null if it was right. */
  private static String reformat(Path file, boolean fix) {
    try {
      var before = Files.readString(file);
      var after = FORMATTER.formatSourceAndFixImports(before);
      if (after.equals(before)) {
        return null;
      }
      if (fix) {
        Files.writeString(file, after);
      }
      return file.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (FormatterException e) {
      throw new IllegalStateException(file + ": " + e.getMessage(), e);
    }
  }
}
