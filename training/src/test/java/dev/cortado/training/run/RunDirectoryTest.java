package dev.cortado.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  private static final LocalDate DAY = LocalDate.of(2026, 11, 21);

  @TempDir Path root;

  private Path create(String experiment, String model, @Nullable String extra) {
    return root.relativize(RunDirectory.create(root, DAY, experiment, model, extra).path());
  }

  @Test
  void layoutIsDateExperimentModelExtra() {
    assertThat(create("pizza_steak_sushi", "efficientnet_lite0", "10_epochs"))
        .isEqualTo(Path.of("2026-11-21/pizza_steak_sushi/efficientnet_lite0/10_epochs"));
    var run = RunDirectory.create(root, DAY, "drawings", "vit_b_16", null);
    assertThat(root.relativize(run.path())).isEqualTo(Path.of("2026-11-21/drawings/vit_b_16"));
    assertThat(run.path()).isEmptyDirectory();
  }

  @Test
  void aTakenNameGetsANumber() {
    assertThat(create("food", "vit", "")).hasFileName("vit");
    assertThat(create("food", "vit", null)).hasFileName("vit_2");
    assertThat(create("food", "vit", null)).hasFileName("vit_3");
    assertThat(create("food", "vit", "long")).isEqualTo(Path.of("2026-11-21/food/vit/long"));
    assertThat(create("food", "vit", "long")).isEqualTo(Path.of("2026-11-21/food/vit/long_2"));
  }

  @Test
  void runsThatStartTogetherGetAFolderEach() {
    var folders = ConcurrentHashMap.<Path>newKeySet();
    try (var pool = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 20; i++) {
        pool.execute(() -> folders.add(create("food", "vit", null)));
      }
    }
    assertThat(folders).hasSize(20);
  }

  @Test
  void namesCannotLeaveTheFolder() {
    assertThat(create("../../etc", "a/b\\c", "x:y z?"))
        .isEqualTo(Path.of("2026-11-21/.._.._etc/a_b_c/x_y_z_"));
    assertThat(RunDirectory.folderName("..")).isEqualTo("_");
    assertThat(RunDirectory.folderName("  ")).isEqualTo("_");
    assertThat(RunDirectory.folderName("NUL")).isEqualTo("_nul");
  }

  @Test
  void anExplicitFolderMayBeNewOrEmpty() throws IOException {
    var fresh = root.resolve("a").resolve("b");
    assertThat(RunDirectory.at(fresh).path()).isEqualTo(fresh).isEmptyDirectory();
    var empty = Files.createDirectory(root.resolve("empty"));
    assertThat(RunDirectory.at(empty).path()).isEqualTo(empty).isEmptyDirectory();
  }

  @Test
  void anExplicitFolderThatHoldsSomethingIsRefused() throws IOException {
    var used = Files.createDirectory(root.resolve("used"));
    Files.writeString(used.resolve("best.safetensors"), "precious");
    Files.createDirectory(root.resolve("used_2"));
    assertThatThrownBy(() -> RunDirectory.at(used))
        .isInstanceOf(CortadoException.class)
        .hasMessage(
            "the output folder %s is not empty; choose another --out, such as %s_3, or empty it"
                .formatted(used, used));
    assertThat(used.resolve("best.safetensors")).hasContent("precious");
  }

  @Test
  void aFileInTheWayIsNamed() throws IOException {
    var file = Files.writeString(root.resolve("file"), "x");
    assertThatThrownBy(() -> RunDirectory.at(file))
        .isInstanceOf(CortadoException.class)
        .hasMessage("the output folder " + file + " is a file; choose another --out");
    assertThatThrownBy(() -> RunDirectory.at(file.resolve("sub")))
        .isInstanceOf(CortadoException.class)
        .hasMessage(
            "cannot write to the output folder %s: %s is a file"
                .formatted(file.resolve("sub"), file));
    assertThatThrownBy(() -> RunDirectory.create(file, DAY, "a", "b", null))
        .isInstanceOf(CortadoException.class)
        .hasMessageEndingWith(file + " is a file");
  }

  @Test
  void onlyAFolderWithARecordIsARun() throws IOException {
    assertThatThrownBy(() -> RunDirectory.open(root.resolve("absent")))
        .isInstanceOf(CortadoException.class)
        .hasMessageStartingWith("there is no run folder");
    assertThatThrownBy(() -> RunDirectory.open(root))
        .isInstanceOf(CortadoException.class)
        .hasMessage(root + " is not a run's folder: it holds no run.json");
    Files.writeString(root.resolve("run.json"), "{}");
    var run = RunDirectory.open(root);
    assertThat(run.record()).exists();
    assertThat(run.bestCheckpoint()).hasFileName("best.safetensors");
    assertThat(run.lastCheckpoint()).hasFileName("last.safetensors");
    assertThat(run.curves()).hasFileName("curves.png");
    assertThat(run.predictions()).hasFileName("predictions.png");
  }
}
