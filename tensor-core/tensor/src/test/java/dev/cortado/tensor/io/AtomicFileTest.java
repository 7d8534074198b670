package dev.cortado.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cortado.tensor.CortadoException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFileTest {
  private static final int KILLED = 3;

  @TempDir Path folder;

  private String[] names() {
    return Objects.requireNonNull(folder.toFile().list());
  }

  @Test
  void writesAndReplaces() {
    var file = folder.resolve("a.txt");
    AtomicFile.write(file, "first, and longer");
    AtomicFile.write(file, "zweite ü");
    assertThat(file).hasContent("zweite ü");
    assertThat(names()).containsExactly("a.txt");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 70_000, 200_000})
  void aFailureMidwayLeavesTheOldFile(int bytesBefore) throws IOException {
    var file = Files.writeString(folder.resolve("run.json"), "old");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[bytesBefore]);
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(CortadoException.class)
        .hasMessage("cannot write " + file + ": No space left on device");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[bytesBefore]);
                      throw new IllegalStateException("bug");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("run.json");
  }

  @Test
  void aProgramKilledMidwayLeavesTheOldFile() throws Exception {
    var file = Files.writeString(folder.resolve("best.safetensors"), "old");
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classPath = classPath(Killed.class, AtomicFile.class, CortadoException.class);
    var process =
        new ProcessBuilder(java, "-cp", classPath, Killed.class.getName(), file.toString())
            .redirectErrorStream(true);
    var running = process.start();
    var said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(running.waitFor()).as(said).isEqualTo(KILLED);
    assertThat(file).hasContent("old");
    // What is left of the attempt does not hinder the next.
    assertThat(names()).hasSize(2);
    AtomicFile.write(file, "new");
    assertThat(file).hasContent("new");
  }

  private static String classPath(Class<?>... classes) {
    return Stream.of(classes)
        .map(c -> Path.of(URI.create(c.getProtectionDomain().getCodeSource().getLocation() + "")))
        .map(Path::toString)
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** A program that dies, without any clean-up, while it writes. */
  static final class Killed {
    public static void main(String[] args) {
      AtomicFile.write(
          Path.of(args[0]),
          out -> {
            out.write(new byte[300_000]);
            Runtime.getRuntime().halt(KILLED);
          });
    }
  }

  @Test
  void readersSeeWholeFilesOnly() throws Exception {
    var file = folder.resolve("run.json");
    AtomicFile.write(file, "0".repeat(50_000));
    var done = new AtomicBoolean();
    try (var pool = Executors.newSingleThreadExecutor()) {
      var reader =
          pool.submit(
              () -> {
                while (!done.get()) {
                  var text = Files.readString(file);
                  if (text.length() != 50_000 || text.chars().distinct().count() != 1) {
                    return "half a file";
                  }
                }
                return "";
              });
      for (int i = 1; i < 60; i++) {
        AtomicFile.write(file, Integer.toString(i % 10).repeat(50_000));
      }
      done.set(true);
      assertThat(reader.get()).isEmpty();
    }
  }

  @Test
  void writersOfOneFileDoNotMix() throws IOException {
    var file = folder.resolve("f");
    try (var pool = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 40; i++) {
        var text = Integer.toString(i % 10).repeat(30_000);
        pool.execute(() -> AtomicFile.write(file, text));
      }
    }
    assertThat(Files.readString(file)).hasSize(30_000);
    assertThat(Files.readString(file).chars().distinct().count()).isEqualTo(1);
    assertThat(names()).containsExactly("f");
  }

  @Test
  void anInterruptedThreadStillSavesItsFile() {
    var file = folder.resolve("f");
    Thread.currentThread().interrupt();
    try {
      AtomicFile.write(file, "saved");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(file).hasContent("saved");
  }

  @Test
  void saysWhatIsInTheWay() throws IOException {
    var blocked = Files.writeString(folder.resolve("file"), "x").resolve("run.json");
    assertThatThrownBy(() -> AtomicFile.write(blocked, "x"))
        .isInstanceOf(CortadoException.class)
        .hasMessageStartingWith("cannot write " + blocked + ": ");
    var full = Files.createDirectories(folder.resolve("d").resolve("inside")).getParent();
    assertThatThrownBy(() -> AtomicFile.write(full, "x")).isInstanceOf(CortadoException.class);
    assertThat(full).isDirectory();
  }

  @Test
  void aFolderWithoutPermissionIsNamed() throws IOException {
    var locked = Files.createDirectory(folder.resolve("locked"));
    assumeTrue(locked.toFile().setWritable(false), "skipped: this system has no such permission");
    try {
      assumeTrue(!Files.isWritable(locked), "skipped: this user may write everywhere");
      assertThatThrownBy(() -> AtomicFile.write(locked.resolve("f"), "x"))
          .isInstanceOf(CortadoException.class)
          .hasMessageContaining("ermission denied");
    } finally {
      assertThat(locked.toFile().setWritable(true)).isTrue();
    }
  }
}
