package dev.cortado.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for the text of every source file. */
class SourceRulesTest {
  private static final int MOST_LINES = 500;
  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

  private static final Path ROOT = root();
  private static final List<Path> SOURCES = sources();

  @Test
  void thereAreSources() {
    assertThat(SOURCES).hasSizeGreaterThan(10);
  }

  @Test
  void filesStayShort() {
    assertNone(
        "longer than %d lines: split it by theme".formatted(MOST_LINES),
        file -> read(file).lines().count() > MOST_LINES);
  }

  @Test
  void nothingIsLeftUnfinished() {
    assertNone("unfinished", file -> UNFINISHED.matcher(read(file)).find());
  }

  @Test
  void everyPackageIsNullMarked() {
    var packages = SOURCES.stream().filter(SourceRulesTest::isMain).map(Path::getParent).distinct();
    assertThat(packages)
        .allSatisfy(
            folder ->
                assertThat(folder.resolve("package-info.java"))
                    .content()
                    .contains("@NullMarked")
                    .startsWith("/**"));
  }

  @Test
  void testsAreFoundByTheirNames() {
    assertNone(
        "has tests, but Surefire runs only *Test and *Properties",
        file -> {
          var name = file.getFileName().toString();
          return !isMain(file)
              && !name.endsWith("Test.java")
              && !name.endsWith("Properties.java")
              && Pattern.compile("^  @(Test|Property|ParameterizedTest)\\b", Pattern.MULTILINE)
                  .matcher(read(file))
                  .find()
              && !read(file).contains("abstract class");
        });
  }

  private static void assertNone(String what, Predicate<Path> bad) {
    assertThat(SOURCES.stream().filter(bad).map(ROOT::relativize)).as(what).isEmpty();
  }

  private static boolean isMain(Path file) {
    return ROOT.relativize(file).toString().replace('\\', '/').contains("src/main/");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The repository: the nearest folder upwards that has Maven's own. */
  private static Path root() {
    var folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve(".mvn"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  private static List<Path> sources() {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> ROOT.relativize(file).toString().replace('\\', '/').contains("/src/"))
          .filter(file -> !ROOT.relativize(file).toString().contains("target"))
          .collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
