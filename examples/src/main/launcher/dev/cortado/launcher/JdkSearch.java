package dev.cortado.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a JDK that is new enough: where the environment points to, the JDK that runs this
 * program, then the folders where JDKs are usually installed. Among the latter the oldest that fits
 * wins, because it is the one Cortado was tested with.
 */
final class JdkSearch {
  /** The oldest Java that Cortado runs on. */
  static final int OLDEST = 25;

  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  /** Install folders, each holding one JDK per child; {@code ~} is the user's home. */
  static final List<String> USUAL_FOLDERS =
      List.of(
          "/usr/lib/jvm",
          "/usr/lib64/jvm",
          "/usr/java",
          "/usr/local/java",
          "/opt/java",
          "/opt/jdk",
          "/opt",
          "/Library/Java/JavaVirtualMachines",
          "~/Library/Java/JavaVirtualMachines",
          "/opt/homebrew/opt",
          "/usr/local/opt",
          "/home/linuxbrew/.linuxbrew/opt",
          "C:/Program Files/Java",
          "C:/Program Files/Eclipse Adoptium",
          "C:/Program Files/Microsoft",
          "C:/Program Files/Amazon Corretto",
          "C:/Program Files/Zulu",
          "C:/Program Files/BellSoft",
          "~/AppData/Local/Programs/Eclipse Adoptium",
          "~/scoop/apps",
          "~/.sdkman/candidates/java",
          "~/.jdks",
          "~/.gradle/jdks",
          "~/.asdf/installs/java",
          "~/.local/share/mise/installs/java",
          "~/.jenv/versions");

  private final Map<String, String> environment;
  private final Path runningJdk;
  private final List<Path> folders;

  JdkSearch(Map<String, String> environment, Path runningJdk, List<Path> folders) {
    this.environment = environment;
    this.runningJdk = runningJdk;
    this.folders = folders;
  }

  /** The search on this machine. */
  static JdkSearch here() {
    String user = System.getProperty("user.home");
    boolean windows = File.separatorChar == '\\';
    List<Path> folders =
        USUAL_FOLDERS.stream()
            .filter(folder -> windows || !folder.startsWith("C:"))
            .map(folder -> Path.of(folder.replaceFirst("^~", user.replace('\\', '/'))))
            .collect(Collectors.toList());
    return new JdkSearch(System.getenv(), Path.of(System.getProperty("java.home")), folders);
  }

  /**
   * Returns the home of a JDK that fits, or nothing.
   *
   * @throws IllegalStateException if CORTADO_JAVA_HOME is set to something that does not fit: who
   *     says which JDK to take does not want another
   */
  Optional<Path> find() {
    String chosen = environment.getOrDefault("CORTADO_JAVA_HOME", "");
    if (!chosen.isEmpty()) {
      Path home = Path.of(chosen);
      if (!fits(home)) {
        throw new IllegalStateException(
            "CORTADO_JAVA_HOME is "
                + chosen
                + ", which is not the home of a JDK "
                + OLDEST
                + " or newer");
      }
      return Optional.of(home);
    }
    return Stream.concat(pointedTo(), installed()).filter(this::fits).findFirst();
  }

  private Stream<Path> pointedTo() {
    List<Path> homes = new ArrayList<>();
    path(environment.get("JAVA_HOME")).ifPresent(homes::add);
    homes.add(runningJdk);
    String searchPath = environment.getOrDefault("PATH", environment.getOrDefault("Path", ""));
    for (String entry : searchPath.split(File.pathSeparator)) {
      path(entry)
          .map(JdkSearch::java)
          .filter(Files::isExecutable)
          .ifPresent(
              java -> {
                try {
                  // A java on the path is often a link; its JDK is where the link ends.
                  homes.add(java.toRealPath().getParent().getParent());
                } catch (IOException | NullPointerException e) {
                  // A link to nowhere, or a java outside any JDK: no home to try.
                }
              });
    }
    return homes.stream();
  }

  private Stream<Path> installed() {
    List<Path> homes = new ArrayList<>();
    for (Path folder : folders) {
      try (Stream<Path> children = Files.list(folder)) {
        children
            .flatMap(
                child ->
                    Stream.of(
                        child,
                        child.resolve("Contents/Home"),
                        child.resolve("current"),
                        child.resolve("libexec/openjdk.jdk/Contents/Home")))
            .filter(this::fits)
            .forEach(homes::add);
      } catch (IOException e) {
        // The folder is not there or not ours to read: nothing is installed there for us.
      }
    }
    homes.sort(Comparator.comparingInt(JdkSearch::version).thenComparing(Path::toString));
    return homes.stream();
  }

  private boolean fits(Path home) {
    if (!Files.isExecutable(java(home.resolve("bin")))) {
      return false;
    }
    String modules = release(home).getProperty("MODULES", VECTOR_MODULE);
    return version(home) >= OLDEST && modules.contains(VECTOR_MODULE);
  }

  /** The {@code java} program in a folder. */
  static Path java(Path bin) {
    return bin.resolve(File.separatorChar == '\\' ? "java.exe" : "java");
  }

  /** The feature number of the JDK in a folder, 0 if it does not say. */
  static int version(Path home) {
    String version = release(home).getProperty("JAVA_VERSION", "").replace("\"", "");
    String feature = version.split("[^0-9]", 2)[0];
    return feature.isEmpty() || feature.length() > 6 ? 0 : Integer.parseInt(feature);
  }

  private static Properties release(Path home) {
    Properties release = new Properties();
    try (var in = Files.newBufferedReader(home.resolve("release"))) {
      release.load(in);
    } catch (IOException | IllegalArgumentException e) {
      // Every JDK since 9 carries this file; what does not is not taken for one.
    }
    return release;
  }

  private static Optional<Path> path(@Nullable String text) {
    try {
      return text == null || text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
