package dev.cortado.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What holds for the text of every source file. */
class SourceRulesTest {
  private static final int MOST_LINES = 500;
  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

  private static final List<Path> SOURCES = Repository.sources();

  @Test
  void thereAreSources() {
    assertThat(SOURCES).hasSizeGreaterThan(10);
  }

  @Test
  void filesStayShort() {
    assertNone(
        "longer than %d lines: split it by theme".formatted(MOST_LINES),
        file -> Repository.read(file).lines().count() > MOST_LINES);
  }

  @Test
  void nothingIsLeftUnfinished() {
    assertNone("unfinished", file -> UNFINISHED.matcher(Repository.read(file)).find());
  }

  @Test
  void everyPackageIsNullMarked() {
    var packages = SOURCES.stream().filter(Repository::isMain).map(Path::getParent).distinct();
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
          return !Repository.isMain(file)
              && !name.endsWith("Test.java")
              && !name.endsWith("Properties.java")
              && Pattern.compile("^  @(Test|Property|ParameterizedTest)\\b", Pattern.MULTILINE)
                  .matcher(Repository.read(file))
                  .find()
              && !Repository.read(file).contains("abstract class");
        });
  }

  private static void assertNone(String what, Predicate<Path> bad) {
    assertThat(SOURCES.stream().filter(bad).map(Repository::name)).as(what).isEmpty();
  }
}
