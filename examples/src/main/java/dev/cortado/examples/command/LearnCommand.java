package dev.cortado.examples.command;

import dev.cortado.examples.lessons.HowADerivativeIsFound;
import dev.cortado.examples.lessons.HowALayerLearns;
import dev.cortado.examples.lessons.HowAnOpRuns;
import dev.cortado.examples.lessons.HowToAddAnOp;
import dev.cortado.examples.lessons.WhatATensorIs;
import dev.cortado.tensor.CortadoException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a lesson of docs/learn. */
@Command(
    name = "learn",
    sortOptions = false,
    description = {
      "Runs one of the five lessons that docs/learn tells about.",
      "",
      "  1  what a tensor is",
      "  2  how an op runs",
      "  3  how a derivative is found",
      "  4  how a layer learns",
      "  5  how to add an op",
      ""
    },
    footer = {"", "Example:", "  cortado learn 3 --pictures ."})
public final class LearnCommand implements Runnable {
  private static final List<Consumer<String[]>> LESSONS =
      List.of(
          WhatATensorIs::main,
          HowAnOpRuns::main,
          HowADerivativeIsFound::main,
          HowALayerLearns::main,
          HowToAddAnOp::main);

  @Parameters(paramLabel = "LESSON", description = "Its number, 1 to 5.")
  private int lesson;

  @Option(
      names = "--pictures",
      paramLabel = "DIR",
      description = "Where the lesson's picture goes. Without it there is none.")
  private @Nullable Path pictures;

  /** Creates the command; picocli fills it. */
  public LearnCommand() {}

  @Override
  public void run() {
    if (lesson < 1 || lesson > LESSONS.size()) {
      throw new CortadoException("there are lessons 1 to " + LESSONS.size() + ", not " + lesson);
    }
    LESSONS.get(lesson - 1).accept(arguments());
  }

  private String[] arguments() {
    if (pictures == null) {
      return new String[0];
    }
    try {
      Files.createDirectories(pictures);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new String[] {pictures.toString()};
  }
}
