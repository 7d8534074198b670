package dev.cortado.examples;

import dev.cortado.examples.command.ForwardCommand;
import dev.cortado.examples.command.InfoCommand;
import dev.cortado.examples.command.ModelsCommand;
import dev.cortado.examples.command.PredictCommand;
import dev.cortado.examples.command.SummaryCommand;
import dev.cortado.examples.command.TrainCommand;
import dev.cortado.tensor.CortadoException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line.
 *
 * <p>It ends with 0 when all went well, with 2 when what it was asked for cannot be done (one line
 * says why), and with 1 when Cortado itself is wrong.
 */
@Command(
    name = "cortado",
    description = "Deep learning in pure Java.",
    versionProvider = Main.Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    subcommands = {
      TrainCommand.class,
      PredictCommand.class,
      SummaryCommand.class,
      ForwardCommand.class,
      ModelsCommand.class,
      InfoCommand.class
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
    commandLine.setParameterExceptionHandler(Main::wrongInput);
    commandLine.setExecutionExceptionHandler(
        (e, command, parsed) -> main.failed(e, command.getErr()));
    try {
      return commandLine.execute(args);
    } catch (OutOfMemoryError e) {
      var line =
          "not enough memory: %s. Java may use %d MB here; CORTADO_JAVA_OPTIONS=-Xmx8g allows 8 GB"
              .formatted(e.getMessage(), Runtime.getRuntime().maxMemory() >> 20);
      return main.failed(new CortadoException(line), commandLine.getErr());
    }
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
      if (!unmatched.getSuggestions().isEmpty()) {
        message += "; did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
      }
    }
    var name = command.getCommandSpec().qualifiedName();
    command.getErr().println("cortado: %s (%s --help explains)".formatted(message, name));
    return USER_ERROR;
  }

  private int failed(Exception e, PrintWriter err) {
    var expected = e instanceof CortadoException;
    if (expected) {
      err.println("cortado: " + oneLine(e.getMessage()));
    } else {
      err.println(
          "cortado: an error inside Cortado, " + oneLine(e) + (debug ? "" : " (see --debug)"));
    }
    if (debug) {
      e.printStackTrace(err);
    }
    return expected ? USER_ERROR : INTERNAL_ERROR;
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
