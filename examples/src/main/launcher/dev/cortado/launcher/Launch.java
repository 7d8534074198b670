package dev.cortado.launcher;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/**
 * The main class of the jars: lets {@code java -jar} work from any Java 11 or newer.
 *
 * <p>Cortado needs JDK 25 and flags that a manifest cannot carry (the incubating Vector API above
 * all). So this class looks for such a JDK, starts it with the flags in {@code
 * META-INF/cortado/jvm.options} and whatever CORTADO_JAVA_OPTIONS adds, on the same terminal, and
 * ends as it ends. Which class it starts stands in the manifest as {@code Cortado-Main}.
 */
public final class Launch {
  private static final String OPTIONS = "/META-INF/cortado/jvm.options";

  private Launch() {}

  /** Starts Cortado with these arguments; ends with its exit code, or with 2 if no JDK fits. */
  public static void main(String[] args) throws Exception {
    try {
      System.exit(run(args));
    } catch (IllegalStateException e) {
      System.err.println("cortado: " + e.getMessage());
      System.exit(2);
    }
  }

  private static int run(String[] args) throws IOException, InterruptedException {
    Path jar = ownJar();
    Optional<Path> home = JdkSearch.here().find();
    if (home.isEmpty()) {
      throw new IllegalStateException(
          String.format(
              "needs JDK %d or newer, and found only Java %s (%s). Install one (from"
                  + " https://adoptium.net, or: apt install openjdk-25-jdk, brew install"
                  + " openjdk@25, winget install EclipseAdoptium.Temurin.25.JDK), or set"
                  + " CORTADO_JAVA_HOME to where it is",
              JdkSearch.OLDEST,
              System.getProperty("java.version"),
              System.getProperty("java.home")));
    }
    List<String> command = new ArrayList<>();
    command.add(JdkSearch.java(home.get().resolve("bin")).toString());
    command.addAll(options());
    command.add("-classpath");
    command.add(jar.toString());
    command.add(mainClass(jar));
    command.addAll(List.of(args));
    return await(new ProcessBuilder(command).inheritIO().start());
  }

  /**
   * Waits for the child; if this process is told to end first, so is the child, and it is awaited.
   */
  private static int await(Process child) throws InterruptedException {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    // Ctrl-C reaches the child by itself; other ways to end do not. Either way it
                    // is awaited, because it may be saving its work.
                    if (!child.waitFor(1, TimeUnit.SECONDS)) {
                      child.destroy();
                      child.waitFor();
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
    return child.waitFor();
  }

  private static List<String> options() throws IOException {
    List<String> options = new ArrayList<>();
    try (InputStream in = Launch.class.getResourceAsStream(OPTIONS)) {
      if (in == null) {
        throw new IllegalStateException("the jar is damaged: it has no " + OPTIONS);
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      options.addAll(lines.lines().filter(line -> !line.isBlank()).collect(Collectors.toList()));
    }
    String more = System.getenv("CORTADO_JAVA_OPTIONS");
    if (more != null && !more.isBlank()) {
      options.addAll(List.of(more.trim().split("\\s+")));
    }
    return options;
  }

  private static Path ownJar() {
    try {
      return Path.of(Launch.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("cannot tell where its own jar is: " + e.getMessage());
    }
  }

  private static String mainClass(Path jar) throws IOException {
    if (!new File(jar.toString()).isFile()) {
      throw new IllegalStateException("is started from its jar (java -jar), not from " + jar);
    }
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getManifest().getMainAttributes().getValue("Cortado-Main");
    }
  }
}
