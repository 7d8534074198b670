package dev.cortado.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the command line as a user does and hands back what it said. */
final class Cli {
  private Cli() {}

  /** What a command came to. */
  record Result(int code, String out, String err) {
    /** Returns what it complained about, line by line, without the JVM's own remarks. */
    List<String> complaints() {
      return err.lines().filter(line -> !line.startsWith("WARNING: Using incubator")).toList();
    }
  }

  /** Runs a command in this JVM. */
  static Result run(Object... args) {
    var out = System.out;
    var err = System.err;
    var printed = new ByteArrayOutputStream();
    var complained = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
      int code = Main.run(strings(args));
      return new Result(
          code,
          printed.toString(StandardCharsets.UTF_8),
          complained.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** Starts a command in a JVM of its own, with the given options for Java. */
  static Process start(Path output, List<String> javaOptions, Object... args) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    command.add("-Djava.awt.headless=true");
    command.addAll(javaOptions);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(List.of(strings(args)));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  private static String[] strings(Object... args) {
    var strings = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      strings[i] = args[i].toString();
    }
    return strings;
  }
}
