package dev.cortado.training.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.cortado.tensor.CortadoException;
import dev.cortado.training.tensorboard.EventReader.Point;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.250Z");
  private static final double SECONDS = NOW.toEpochMilli() / 1000.0;
  private static final Path FIXTURES = Path.of("../../shared/data/fixtures/tfevents");

  @TempDir Path folder;

  private EventWriter writer() {
    return new EventWriter(folder, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @Test
  void theFilesNameIsTheOneTensorBoardLooksFor() {
    try (var first = writer();
        var second = writer()) {
      assertThat(first.file().getFileName().toString())
          .matches("events\\.out\\.tfevents\\.1795255200\\.[a-z0-9._-]+\\.\\d+\\.\\d+")
          .contains("." + ProcessHandle.current().pid() + ".");
      assertThat(second.file()).isNotEqualTo(first.file());
    }
  }

  @Test
  void scalarsComeBack() {
    try (var writer = writer()) {
      writer.scalar("loss/train", 1, 0.5);
      writer.scalar("loss/test", 1, 0.25);
      writer.scalar("loss/train", 2, Double.NaN);
      writer.scalar("loss/train", 3_000_000_000L, Double.POSITIVE_INFINITY);
      writer.flush();
      assertThat(EventReader.scalars(writer.file()))
          .isEqualTo(
              Map.of(
                  "loss/train",
                  List.of(
                      new Point(SECONDS, 1, 0.5),
                      new Point(SECONDS, 2, Double.NaN),
                      new Point(SECONDS, 3_000_000_000L, Double.POSITIVE_INFINITY)),
                  "loss/test",
                  List.of(new Point(SECONDS, 1, 0.25))));
    }
  }

  @Test
  void otherEntriesDoNotDisturbTheCurves() {
    try (var writer = writer()) {
      writer.image("pictures/pizza", 1, new BufferedImage(5, 4, BufferedImage.TYPE_INT_ARGB));
      writer.text("notes", 1, "*pizza* — ready");
      writer.histogram("weights", 1, new float[] {1, 2, 2, 3, Float.NaN});
      writer.histogram("nothing", 1, new float[0]);
      writer.scalar("loss", 1, 2);
      writer.flush();
      assertThat(EventReader.scalars(writer.file()))
          .isEqualTo(Map.of("loss", List.of(new Point(SECONDS, 1, 2))));
      assertThat(EventReader.records(writer.file())).hasSize(6);
    }
  }

  @Test
  void whatAKilledRunFlushedCanBeRead() throws IOException {
    var writer = writer();
    writer.scalar("loss", 1, 2);
    writer.flush();
    var whole = Files.readAllBytes(writer.file());
    writer.scalar("loss", 2, 1);
    writer.close();
    var both = Files.readAllBytes(writer.file());
    assertThat(both).startsWith(whole);
    for (int length = whole.length; length < both.length; length++) {
      var cut = Files.write(folder.resolve("cut"), Arrays.copyOf(both, length));
      assertThat(EventReader.scalars(cut))
          .isEqualTo(Map.of("loss", List.of(new Point(SECONDS, 1, 2))));
    }
  }

  @Test
  void everyFlippedBitIsNoticed() throws IOException {
    Path file;
    try (var writer = writer()) {
      writer.scalar("loss", 1, 2);
      file = writer.file();
    }
    var bytes = Files.readAllBytes(file);
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
      var damaged = Files.write(folder.resolve("damaged"), bytes);
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> EventReader.scalars(damaged))
          .isInstanceOf(CortadoException.class)
          .hasMessageContaining("damaged");
    }
  }

  @Test
  void aFileOfAnotherKindIsRefused() throws IOException {
    var photo = Files.writeString(folder.resolve("photo.jpg"), "this is certainly no event file");
    assertThatThrownBy(() -> EventReader.scalars(photo))
        .isInstanceOf(CortadoException.class)
        .hasMessageEndingWith("no TensorBoard event file: it does not begin like one");
    assertThatThrownBy(() -> EventReader.scalars(folder.resolve("absent")))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("absent");
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    var blocked = Files.writeString(folder.resolve("file"), "x").resolve("run");
    assertThatThrownBy(() -> new EventWriter(blocked))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining(blocked.toString());
  }

  @Test
  void scalarsWrittenByTensorFlow2AreReadInEveryForm() throws IOException {
    var file = folder.resolve("tf2");
    var content = new byte[] {0, 0, (byte) 0xc0, 0x3f}; // 1.5f, little endian
    try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
      Frame.write(out, tensor("content", Summaries.DT_FLOAT, t -> t.writeByteArray(4, content)));
      Frame.write(out, tensor("single", Summaries.DT_FLOAT, t -> t.writeFloat(5, 2.5f)));
      Frame.write(out, doubles("packed", 3.5));
      Frame.write(
          out,
          tensor("text", Summaries.DT_STRING, t -> t.writeBytes(8, ByteString.copyFromUtf8("hi"))));
      Frame.write(out, doubles("vector", 1, 2));
    }
    var curves = EventReader.scalars(file);
    assertThat(curves).containsOnlyKeys("content", "single", "packed");
    assertThat(curves.values().stream().map(points -> points.getFirst().value()))
        .containsExactly(1.5, 2.5, 3.5);
  }

  private static byte[] doubles(String tag, double... values) {
    var packed = Proto.doubles(values);
    return tensor(tag, Summaries.DT_DOUBLE, t -> t.writeByteArray(6, packed));
  }

  private static byte[] tensor(String tag, int type, Proto.Fields value) {
    var tensor =
        Proto.message(
            out -> {
              out.writeEnum(Summaries.TENSOR_DTYPE, type);
              value.writeTo(out);
            });
    return Summaries.event(
        1,
        2,
        Proto.message(
            out -> {
              out.writeString(Summaries.TAG, tag);
              out.writeByteArray(Summaries.TENSOR, tensor);
            }));
  }

  @Test
  void genuineFilesOfPyTorchAreRead() throws IOException {
    assumeTrue(Files.isDirectory(FIXTURES), "skipped: there is no " + FIXTURES);
    // Step and value of each file's last point, as TensorBoard's own loader reads them.
    var expected =
        Map.of(
            "2024-11-11__data_20_percent__effnetb0", "Accuracy 6 0.9071969985961914",
            "2024-11-16__data_10_percent__effnetb2__10_epochs__Loss_test",
                "Loss 0 0.9557017087936401",
            "2024-11-16__data_10_percent__effnetb2__10_epochs__Loss_train",
                "Loss 7 0.5202397704124451",
            "Nov07_17-27-30", "Accuracy 0 0.845643937587738",
            "Nov11_11-52-40", "Loss 4 0.707954466342926",
            "Nov11_11-55-52", "Accuracy 4 0.7265625");
    try (var files = Files.list(FIXTURES)) {
      var seen = new TreeMap<String, String>();
      for (var file : files.toList()) {
        var name = file.getFileName().toString();
        var curve = EventReader.scalars(file).entrySet().iterator().next();
        var last = curve.getValue().getLast();
        expected.keySet().stream()
            .filter(name::startsWith)
            .forEach(key -> seen.put(key, curve.getKey() + " " + last.step() + " " + last.value()));
      }
      assertThat(seen).isEqualTo(new TreeMap<>(expected));
    }
  }

  @Test
  void aGenuineCurveKeepsItsTimesAndOrder() throws IOException {
    var name = "Nov11_11-55-52_DESKTOP-9ECDADR__Accuracy_train_acc";
    assumeTrue(Files.isDirectory(FIXTURES), "skipped: there is no " + FIXTURES);
    try (var files = Files.list(FIXTURES)) {
      var file = files.filter(f -> f.getFileName().toString().startsWith(name)).findAny();
      assertThat(EventReader.scalars(file.orElseThrow()).get("Accuracy"))
          .containsExactly(
              new Point(1731306356.2246816, 0, 0.390625),
              new Point(1731306360.960548, 1, 0.64453125),
              new Point(1731306365.4760296, 2, 0.734375),
              new Point(1731306370.4766629, 3, 0.86328125),
              new Point(1731306376.3175504, 4, 0.7265625));
    }
  }

  @Test
  void histogramsCountEveryFiniteValueOnce() {
    var values = new float[1000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i * 12.9898) * 3;
    }
    values[500] = Float.POSITIVE_INFINITY;
    var histogram = Summaries.Histogram.of(values);
    assertThat(histogram.count()).isEqualTo(999);
    assertThat(Arrays.stream(histogram.counts()).sum()).isEqualTo(999);
    assertThat(histogram.limits()).isSorted().hasSameSizeAs(histogram.counts());
    assertThat(histogram.limits()[0]).isEqualTo(histogram.min());
    assertThat(histogram.limits()[histogram.limits().length - 1]).isEqualTo(histogram.max());
    assertThat(histogram.counts()[0]).isZero();
    var equal = Summaries.Histogram.of(new float[] {5, 5, 5});
    assertThat(equal.counts()[1]).isEqualTo(3);
    assertThat(equal.limits()).isSorted();
  }
}
