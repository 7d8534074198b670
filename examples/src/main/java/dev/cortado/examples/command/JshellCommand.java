package dev.cortado.examples.command;

import dev.cortado.tensor.CortadoException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.tool.JavaShellToolBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Starts JShell with Cortado in it. */
@Command(
    name = "jshell",
    sortOptions = false,
    description = {
      "Starts JShell, Java's own prompt, with Cortado's classes imported.",
      "",
      "Type an expression and see its value; a name, a dot and the tab key list what it can do, and"
          + " the tab key twice more shows its javadoc where sources are found. /exit leaves.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  cortado jshell",
      "  jshell> Tensor.arange(6).reshape(2, 3).softmax(1)",
      "",
      "  cortado jshell mine.jsh"
    })
public final class JshellCommand implements Callable<Integer> {
  private static final List<String> PACKAGES =
      List.of(
          "dev.cortado.autograd",
          "dev.cortado.nn",
          "dev.cortado.tensor",
          "dev.cortado.tensor.io",
          "dev.cortado.training.optim",
          "dev.cortado.vision.image",
          "dev.cortado.vision.model");

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "Files of snippets to run first, as JShell takes them.")
  private List<Path> files = List.of();

  /** Creates the command; picocli fills it. */
  public JshellCommand() {}

  @Override
  public Integer call() throws Exception {
    for (var file : files) {
      if (!Files.isReadable(file)) {
        throw new CortadoException("there is no file " + file + " that can be read");
      }
    }
    var imports = imports();
    try {
      return JavaShellToolBuilder.builder().out(System.out).start(arguments(imports));
    } catch (NoClassDefFoundError e) {
      throw new CortadoException(
          "this Java has no JShell in it: it is no whole JDK, " + System.getProperty("java.home"),
          e);
    } finally {
      Files.deleteIfExists(imports);
    }
  }

  private String[] arguments(Path imports) {
    var arguments = new ArrayList<String>();
    arguments.addAll(List.of("--class-path", classPath()));
    // For the JVM that runs the snippets only: told of it, JShell's compiler would warn of the
    // incubator at every mistake.
    arguments.add("-R--add-modules=jdk.incubator.vector");
    arguments.addAll(List.of("--startup", "DEFAULT", "--startup", imports.toString()));
    files.forEach(file -> arguments.add(file.toString()));
    return arguments.toArray(String[]::new);
  }

  /** What this program runs from; JShell, unlike Java, refuses entries that do not exist. */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.isEmpty() && Files.exists(Path.of(entry)))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Path imports() {
    try {
      return Files.writeString(
          Files.createTempFile("cortado", ".jsh"),
          PACKAGES.stream()
              .flatMap(name -> Stream.of("import ", name, ".*;\n"))
              .collect(Collectors.joining()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
