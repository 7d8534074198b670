package dev.cortado.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.cortado.examples.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the README and the pages in docs say is there, is there. */
class DocsTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern PATH = Pattern.compile("\\.?[\\w-]+(/[\\w.-]+)+/?");
  private static final Pattern TYPE = Pattern.compile("\\b[A-Z]\\w*[a-z]\\w*\\b");
  private static final Pattern METHOD = Pattern.compile("\\b([a-z]\\w*)\\(");
  private static final Pattern QUALIFIED =
      Pattern.compile("dev\\.cortado(\\.[a-z]+)*(\\.[A-Z]\\w+)?");
  private static final Set<String> WORDS = words();

  static List<Path> pages() throws IOException {
    try (Stream<Path> pages = Files.walk(Repository.ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(Repository.ROOT.resolve("README.md")), pages.sorted())
          .filter(page -> page.toString().endsWith(".md"))
          .toList();
    }
  }

  @Test
  void thePagesAreThere() throws IOException {
    assertThat(pages().stream().map(Repository::name))
        .startsWith("README.md")
        .contains("docs/architecture.md", "docs/adding-an-op.md", "docs/building.md");
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadSomewhere(Path page) {
    for (var target : all(LINK, 1, prose(page)).toList()) {
      if (target.contains("://")) {
        continue;
      }
      var file = target.replaceFirst("#.*", "");
      var linked = file.isEmpty() ? page : page.resolveSibling(file).normalize();
      assertThat(linked).as("link in %s", Repository.name(page)).exists();
      if (target.contains("#")) {
        assertThat(headings(linked)).contains(target.replaceFirst(".*#", ""));
      }
    }
  }

  /** A path that begins with a folder of the repository; what is built has not to be there. */
  @ParameterizedTest
  @MethodSource("pages")
  void pathsExist(Path page) {
    for (var code : codeSpans(page)) {
      var folder = Repository.ROOT.resolve(code.replaceFirst("/.*", ""));
      if (PATH.matcher(code).matches() && Files.exists(folder) && !isMade(code)) {
        assertThat(Repository.ROOT.resolve(code)).as("path in %s", Repository.name(page)).exists();
      }
    }
  }

  private static boolean isMade(String path) {
    return path.contains("target/") || path.startsWith("runs/");
  }

  @ParameterizedTest
  @MethodSource("pages")
  void namesOfTypesAndMethodsExist(Path page) {
    var unknown = new ArrayList<String>();
    for (var code : codeSpans(page)) {
      boolean phrase = code.contains(" ") && !code.contains("(");
      if (phrase || code.contains("/") || code.startsWith("java.")) {
        continue; // a command, a path, the JDK's
      }
      all(TYPE, 0, code).filter(word -> !WORDS.contains(word)).forEach(unknown::add);
      all(METHOD, 1, code).filter(word -> !WORDS.contains(word + "(")).forEach(unknown::add);
    }
    assertThat(unknown).as("named in %s, but in no source", Repository.name(page)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void qualifiedNamesExist(Path page) {
    var roots =
        Repository.sources().stream()
            .map(Repository::name)
            .map(name -> name.replaceFirst(".*/java/|.*/launcher/(?=dev)", ""))
            .flatMap(name -> Stream.of(name, name.replaceFirst("/[^/]*$", "")))
            .collect(Collectors.toSet());
    for (var name : all(QUALIFIED, 0, Repository.read(page)).toList()) {
      boolean type = name.matches(".*\\.[A-Z]\\w*");
      var file = name.replace('.', '/') + (type ? ".java" : "");
      assertThat(
              roots.stream()
                  .anyMatch(r -> type ? r.equals(file) : (r + "/").startsWith(file + "/")))
          .as("%s, named in %s, exists", name, Repository.name(page))
          .isTrue();
    }
  }

  /** Commands are parsed, not run: a command or an option that is gone would show. */
  @ParameterizedTest
  @MethodSource("pages")
  void commandsAreUnderstood(Path page) {
    for (var command : commands(page)) {
      var arguments = command.replaceFirst("\\./cortado *", "").strip();
      var words = arguments.isEmpty() ? new String[0] : arguments.split("\\s+");
      assertThatCode(() -> new CommandLine(new Main()).parseArgs(words))
          .as("%s in %s", command, Repository.name(page))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void theReadmeShowsTheCommandsThatMatter() {
    var shown = commands(Repository.ROOT.resolve("README.md"));
    for (var name : new CommandLine(new Main()).getSubcommands().keySet()) {
      assertThat(shown).anyMatch(command -> command.startsWith("./cortado " + name));
    }
    assertThat(Repository.read(Repository.ROOT.resolve("README.md"))).contains("mvn verify");
    assertThat(Repository.read(Repository.ROOT.resolve(".ci/run"))).contains("\nmvn -B verify\n");
  }

  /** {@code <!-- source: FILE -->} says where the block below it stands, word for word. */
  @ParameterizedTest
  @MethodSource("pages")
  void quotedCodeIsTheCodeThatRuns(Path page) {
    var blocks = blocks(page);
    for (var block : blocks) {
      if (block.source() != null) {
        var source = unindented(Repository.read(Repository.ROOT.resolve(block.source())));
        assertThat(source)
            .as("quoted in %s from %s", Repository.name(page), block.source())
            .contains("\n" + unindented(block.text()).strip() + "\n");
      }
      assertThat(block.language().equals("java") && block.source() == null)
          .as("Java in %s says where it stands: %s", Repository.name(page), block.text())
          .isFalse();
    }
  }

  /** {@code <!-- output: CLASS -->} says which program prints the lines of the block below it. */
  @ParameterizedTest
  @MethodSource("pages")
  void quotedOutputIsWhatTheProgramPrints(Path page) {
    var printed = new HashMap<String, String>();
    Pattern.compile("<!-- output: (\\S+) -->\n```text\n(.*?)```", Pattern.DOTALL)
        .matcher(Repository.read(page))
        .results()
        .forEach(
            block ->
                assertThat(printed.computeIfAbsent(block.group(1), DocsTest::run))
                    .as("what %s prints, quoted in %s", block.group(1), Repository.name(page))
                    .contains("\n" + block.group(2)));
  }

  private static String run(String program) {
    var bytes = new ByteArrayOutputStream();
    var before = System.out;
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      Class.forName(program).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(program + " cannot be run", e);
    } finally {
      System.setOut(before);
    }
    return "\n" + bytes.toString(StandardCharsets.UTF_8).replace("\r", "");
  }

  @Test
  void picturesAreSmall() throws IOException {
    try (Stream<Path> pictures = Files.list(Repository.ROOT.resolve("docs/images"))) {
      for (var picture : pictures.toList()) {
        assertThat(Files.size(picture)).as("bytes of %s", picture).isLessThan(300 * 1024);
      }
    }
  }

  /** The checks above find what is wrong. */
  @Test
  void seesWhatIsWrong(@TempDir Path folder) throws IOException {
    var page = folder.resolve("page.md");
    Files.writeString(
        page,
        """
        `Tensor` has `toFloats()`.
        ```sh
        ./cortado train --data photos \\
          --epochs 3   # three times
        ```
        <!-- source: pom.xml -->
        ```xml
          <name>Cortado</name>
        ```
        """);
    assertThat(codeSpans(page)).containsExactly("Tensor", "toFloats()");
    assertThat(commands(page)).containsExactly("./cortado train --data photos --epochs 3");
    assertThat(blocks(page).getLast())
        .isEqualTo(new Block("xml", "pom.xml", "  <name>Cortado</name>\n"));
    assertThat(WORDS)
        .contains("Tensor", "toFloats(")
        .doesNotContain("Tens" + "ro", "toFloats" + "Not(");
  }

  /**
   * A fenced block.
   *
   * @param source the file it is quoted from, or null
   */
  private record Block(
      String language, @org.jspecify.annotations.Nullable String source, String text) {}

  private static List<Block> blocks(Path page) {
    var pattern =
        Pattern.compile("(?:<!-- source: (\\S+) -->\n)?```(\\w*)\n(.*?)```", Pattern.DOTALL);
    return pattern
        .matcher(Repository.read(page))
        .results()
        .map(m -> new Block(m.group(2), m.group(1), m.group(3)))
        .toList();
  }

  /** The page without its fenced blocks. */
  private static String prose(Path page) {
    return Repository.read(page).replaceAll("(?s)```.*?```", "");
  }

  private static List<String> codeSpans(Path page) {
    return all(CODE, 1, prose(page)).toList();
  }

  /** Every {@code ./cortado} command, of blocks and of the text; comments and outputs taken off. */
  private static List<String> commands(Path page) {
    var lines = new ArrayList<String>(codeSpans(page));
    for (var block : blocks(page)) {
      lines.addAll(block.text().replaceAll("\\\\\n\\s*", "").lines().toList());
    }
    return lines.stream()
        .map(line -> line.replaceFirst("^\\$ ", "").replaceFirst("\\s+#.*", ""))
        .filter(line -> line.startsWith("./cortado") && !line.contains("…"))
        .map(line -> line.replaceAll("\\s+", " ").strip())
        .toList();
  }

  private static Stream<String> all(Pattern pattern, int group, String text) {
    return pattern.matcher(text).results().map(m -> m.group(group));
  }

  /** As GitHub makes them: lower case, hyphens for blanks, nothing else but letters and digits. */
  private static List<String> headings(Path page) {
    return prose(page)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\w\\s-]", "").replace(' ', '-'))
        .toList();
  }

  /** Every line without what all lines are indented by, and with a line break before the first. */
  private static String unindented(String text) {
    return "\n" + text.lines().map(String::strip).collect(Collectors.joining("\n")) + "\n";
  }

  private static Set<String> words() {
    var words = new HashSet<String>();
    for (var file : Repository.sources()) {
      Matcher word = Pattern.compile("\\w+\\(?").matcher(Repository.read(file));
      while (word.find()) {
        words.add(word.group());
        words.add(word.group().replace("(", ""));
      }
      words.addAll(Arrays.asList(file.getFileName().toString().split("\\.")));
    }
    return words;
  }
}
