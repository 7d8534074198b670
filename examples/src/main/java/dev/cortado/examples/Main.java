package dev.cortado.examples;

import dev.cortado.examples.command.BenchCommand;
import dev.cortado.examples.command.ForwardCommand;
import dev.cortado.examples.command.GradcheckCommand;
import dev.cortado.examples.command.InfoCommand;
import dev.cortado.examples.command.JshellCommand;
import dev.cortado.examples.command.LearnCommand;
import dev.cortado.examples.command.ModelsCommand;
import dev.cortado.examples.command.PredictCommand;
import dev.cortado.examples.command.SummaryCommand;
import dev.cortado.examples.command.TrainCommand;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.io.FileProblem;
import dev.cortado.vision.model.Models;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line.
 *
 * <p>It ends with 0 when all went well, with 2 when what it was asked for cannot be done (one line
 * says why), and with 1 when Cortado itself is wrong.
 */
@Command(
    name = "cortado",
    description = {
      "Deep learning in pure Java: pretrained vision models learn from your photos.",
      ""
    },
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Start with:",
      "  cortado train                         a first training, on drawings, offline",
      "  cortado train --help                  how to use your own photos",
      "  cortado predict --run DIR dinner.jpg  what the trained model takes it for",
      "  cortado predict dinner.jpg            what the bundled network takes it for",
      "",
      "CORTADO_JAVA_OPTIONS gives Java options, for instance -Xmx8g for 8 GB of memory."
    },
    versionProvider = Main.Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    subcommands = {
      TrainCommand.class,
      PredictCommand.class,
      SummaryCommand.class,
      ForwardCommand.class,
      ModelsCommand.class,
      InfoCommand.class,
      LearnCommand.class,
      JshellCommand.class,
      GradcheckCommand.class,
      BenchCommand.class
    })
public final class Main implements Runnable {
  /** Exit code for what the user can mend. */
  static final int USER_ERROR = 2;

  /** Exit code for what only a programmer can mend. */
  static final int INTERNAL_ERROR = 1;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean debug;

  /** Runs one command and exits. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs one command and returns its exit code. */
  static int run(String... args) {
    var main = new Main();
    var commandLine = new CommandLine(main);
    commandLine.registerConverter(Integer.class, text -> number(text, Integer::valueOf));
    commandLine.registerConverter(Integer.TYPE, text -> number(text, Integer::valueOf));
    commandLine.registerConverter(Long.TYPE, text -> number(text, Long::valueOf));
    commandLine.registerConverter(Double.class, Main::decimal);
    commandLine.registerConverter(Double.TYPE, Main::decimal);
    commandLine.setParameterExceptionHandler(Main::wrongInput);
    commandLine.setExecutionExceptionHandler(
        (e, command, parsed) -> main.failed(e, command.getErr()));
    try {
      return commandLine.execute(asked(args));
    } catch (OutOfMemoryError e) {
      var line =
          ("too little memory (%s), the Java heap is limited to %d MiB:"
                  + " CORTADO_JAVA_OPTIONS=-Xmx8g allows 8 GB%s")
              .formatted(
                  e.getMessage(),
                  Runtime.getRuntime().maxMemory() >> 20,
                  hasBatchSize(commandLine) ? ", a smaller --batch-size needs less" : "");
      return main.failed(new CortadoException(line, e), commandLine.getErr());
    }
  }

  /** Returns whether the command that ran takes a batch size. */
  static boolean hasBatchSize(CommandLine commandLine) {
    var parsed = commandLine.getParseResult();
    while (parsed != null && parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    return parsed != null && parsed.commandSpec().findOption("--batch-size") != null;
  }

  /** {@code help train} is {@code train --help}. */
  private static String[] asked(String[] args) {
    if (args.length == 0 || !args[0].equals("help")) {
      return args;
    }
    var turned = Arrays.copyOfRange(args, 1, args.length + 1);
    turned[args.length - 1] = "--help";
    return turned;
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  private static int wrongInput(ParameterException e, String[] args) {
    var command = e.getCommandLine();
    var message = oneLine(e.getMessage());
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      message = "nothing here is called '%s'".formatted(unmatched.getUnmatched().getFirst());
      var near = near(unmatched.getUnmatched().getFirst(), unmatched.getSuggestions());
      if (!near.isEmpty()) {
        message += "; did you mean " + String.join(" or ", near) + "?";
      }
    }
    var name = command.getCommandSpec().qualifiedName();
    command.getErr().println("cortado: %s (%s --help explains)".formatted(message, name));
    return USER_ERROR;
  }

  /** Of picocli's suggestions those that a slip of the fingers explains. */
  private static List<String> near(String typed, List<String> suggestions) {
    int slips = (typed.replace("-", "").length() + 2) / 3;
    return suggestions.stream()
        .filter(known -> known.startsWith(typed) || Models.distance(typed, known) <= slips)
        .toList();
  }

  private int failed(Exception e, PrintWriter err) {
    boolean expected = e instanceof CortadoException || e instanceof UncheckedIOException;
    if (e instanceof CortadoException) {
      // Lists, such as that of tensors that do not fit, keep their lines. The library knows Java's
      // flag for more memory, this program how its users hand it over.
      err.println(
          "cortado: "
              + String.valueOf(e.getMessage())
                  .strip()
                  .replace(" with -Xmx", " with CORTADO_JAVA_OPTIONS=-Xmx"));
    } else if (e instanceof UncheckedIOException io) {
      err.println("cortado: " + oneLine(io.getMessage()) + reason(io.getCause(), io.getMessage()));
    } else {
      err.println(
          "cortado: an error inside Cortado, " + oneLine(e) + (debug ? "" : " (see --debug)"));
    }
    if (debug) {
      e.printStackTrace(err);
    }
    return expected ? USER_ERROR : INTERNAL_ERROR;
  }

  /** Returns the cause in words, unless the message has told it already. */
  private static String reason(@Nullable IOException cause, @Nullable String message) {
    if (cause == null) {
      return "";
    }
    var words = FileProblem.reason(cause);
    return message != null && message.contains(words) ? "" : ": " + oneLine(words);
  }

  private static <T> T number(String text, Function<String, T> parse) {
    try {
      return parse.apply(text.strip());
    } catch (NumberFormatException e) {
      boolean digits = text.strip().matches("[+-]?\\d+");
      throw new TypeConversionException(
          digits
              ? "%s is out of range".formatted(text)
              : "'%s' is no whole number".formatted(text));
    }
  }

  private static double decimal(String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'%s' is no number".formatted(text));
    }
  }

  private static String oneLine(@Nullable Object message) {
    return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** Tells the version that stands in the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      var version = Main.class.getPackage().getImplementationVersion();
      return new String[] {
        "Cortado " + (version == null ? "(not from a jar)" : version),
        "Java %s on %s %s"
            .formatted(
                Runtime.version(), System.getProperty("os.name"), System.getProperty("os.arch"))
      };
    }
  }
}
