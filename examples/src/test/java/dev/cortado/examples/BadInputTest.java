package dev.cortado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.examples.weights.BundledWeights;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.io.Safetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong: exit code 2, one clear line that says what would fit, and nothing is lost. */
class BadInputTest {
  @TempDir private static Path dir;

  /** What is typed (paths of the test's folder begin with @) and what the answer must hold. */
  private record Case(String typed, String... answer) {}

  private static final List<Case> DATA =
      List.of(
          new Case("train --out @o --data @missing", "there is no data folder", "missing"),
          new Case("train --out @o --data @empty", "is empty", "one folder of images per class"),
          new Case("train --out @o --data @file", "is a file, not a folder of classes"),
          new Case("train --out @o --data @noclasses", "holds no class folders"),
          new Case("train --out @o --data @emptyclass", "class sea has no images", "jpg"),
          new Case("train --out @o --data @notest", "no photos to test with", "test/CLASS"),
          new Case("train --out @o --data @othertest", "must hold the class folders", "pasta"),
          new Case("train --out @o --data @oneclass", "one class only, sea", "at least two"),
          new Case("train --out @o --data @unreadable", "not one of the 6", "0.jpg: not an image"));

  private static final List<Case> WEIGHTS =
      List.of(
          new Case("train --out @o --data @ok --weights @none.safetensors", "there is no weights"),
          new Case("train --out @o --data @ok --weights @ok", "is not a file"),
          new Case("train --out @o --data @ok --weights @cut.safetensors", "it is cut short"),
          new Case("train --out @o --data @ok --weights @hostile.safetensors", "header would be"),
          new Case("train --out @o --data @ok --weights @huge.safetensors", "more elements than"),
          new Case("train --out @o --data @ok --weights @ok/train/sea/0.jpg", "not a usable"),
          new Case("train --out @o --data @ok --model vit_b_16", "--weights FILE", "https://"),
          new Case(
              "train --out @o --data @ok --model vit_b_16 --weights IMAGENET1K_V1",
              "published at https://",
              "does not download"),
          new Case(
              "train --out @o --data @ok --model efficientnet_b0 --weights @lite0.safetensors",
              "does not fit efficientnet_b0",
              "these are weights of tf_efficientnet_lite0"));

  private static final List<Case> NAMES =
      List.of(
          new Case("train --model eficientnet_b0", "did you mean efficientnet_b0?", "vit_b_16"),
          new Case("train --unfreeze features", "--unfreeze takes EPOCH:PATTERN", "'features'"),
          new Case("train --epochs 3 --unfreeze 4:features", "between 2 and 3"),
          new Case("train --unfreeze 2:foo", "'foo'", "classifier"),
          new Case("train --freeze stage.3-20", "has the stages 0 to 8, not 3 to 20"),
          new Case("summary", "which model?", "cortado summary efficientnet_b0"),
          new Case("summary vit_b_16 --model vit_b_32", "one model at a time"),
          new Case("summary --model vit-tiny", "did you mean vit_tiny_patch16_224?"),
          new Case("summary --model vit_b_16 --freeze foo", "'foo'", "encoder"),
          new Case("train --data @ok --out @o --freeze foo", "'foo'", "features", "classifier"),
          new Case("train --data @ok --out @o --freeze features,head", "nothing is left to train"),
          new Case("train --data @ok --out @o --freeze ,", "empty part"),
          new Case("trian", "'trian'", "did you mean train?"),
          new Case("train --epoch 3", "--epoch", "cortado train --help"),
          new Case("train --bad-images maybe", "skip or fail", "maybe"));

  private static final List<Case> NUMBERS =
      List.of(
          new Case("train --epochs 0", "--epochs must be at least 1, got 0"),
          new Case("train --epochs -3", "--epochs must be at least 1, got -3"),
          new Case("train --epochs ten", "--epochs", "'ten' is no whole number"),
          new Case("train --epochs 99999999999", "--epochs", "out of range"),
          new Case("train --epochs", "--epochs"),
          new Case("train --batch-size 0", "--batch-size must be at least 1"),
          new Case("train --batch-size -1", "--batch-size must be at least 1"),
          new Case("train --lr 0", "--lr must be a positive number"),
          new Case("train --lr -0.1", "--lr must be a positive number"),
          new Case("train --lr NaN", "--lr must be a positive number"),
          new Case("train --lr Infinity", "--lr must be a positive number"),
          new Case("train --lr fast", "--lr", "'fast' is no number"),
          new Case("train --weight-decay -1", "--weight-decay must be 0 or a positive number"),
          new Case("train --label-smoothing 1", "--label-smoothing must be at least 0 and below 1"),
          new Case("train --clip-norm 0", "--clip-norm must be a positive number"),
          new Case("train --label-smoothing -1", "--label-smoothing must be at least 0"),
          new Case("train --threads 0", "--threads must be between 1 and"),
          new Case("train --threads -2", "--threads must be between 1 and"),
          new Case("train --threads 1000000", "--threads must be between 1 and"),
          new Case("train --seed x", "--seed", "no whole number"),
          new Case("predict --run @run --top 0 @ok/train/sea/0.jpg", "--top must be at least 1"),
          new Case("summary --model vit_b_16 --classes 0", "--classes must be at least 1"),
          new Case("summary --model vit_b_16 --batch-size 0", "--batch-size must be at least 1"),
          new Case("summary --model vit_b_16 --batch-size 2000000000", "too many elements"),
          new Case("summary --model vit_b_16 --depth -1", "--depth must be at least 0"),
          new Case("info --threads 0", "--threads must be between 1 and"));

  private static final List<Case> OUTPUTS =
      List.of(
          new Case("train --data @ok --out @ok", "is not empty", "ok_2"),
          new Case("train --data @ok --out @file", "is a file"),
          new Case("train --data @ok --out @file/deep", "cannot write", "is a file"),
          new Case("forward @lite --input @in.safetensors --output @ok", "is a folder"),
          new Case("forward @lite --input @in.safetensors --output @file/x", "cannot write"),
          new Case(
              "forward @lite --input @in.safetensors --output @in.safetensors",
              "would overwrite what is read"));

  private static final List<Case> FORWARD =
      List.of(
          new Case("forward @lite --input @none.safetensors --output @o", "there is no file"),
          new Case("forward @lite --input @ok/train/sea/0.jpg --output @o", "not a usable"),
          new Case("forward @lite --input @other.safetensors --output @o", "\"input\"", "\"x\""),
          new Case("forward @lite --input @gray.safetensors --output @o", "[N, 3, H, W]", "[2, 1,"),
          new Case("forward @lite --input @three.safetensors --output @o", "[N, 3, H, W]"),
          new Case("forward @lite --input @double.safetensors --output @o", "must be F32", "F64"),
          new Case("forward @lite --input @none --output @o --classes 0", "--classes must be at"),
          new Case(
              "forward @lite --input @in.safetensors --output @o --classes 7",
              "--classes is 7",
              "head for 1000"),
          new Case(
              "forward --model vit_tiny_patch16_224 --weights none --input @in.safetensors"
                  + " --output @o",
              "224 x 224",
              "40, 40"),
          new Case("forward --input @in.safetensors --output @o", "--model"));

  private static final List<Case> PREDICT =
      List.of(
          new Case("predict --run @missing @ok/test/sea/0.jpg", "there is no run", "--run takes"),
          new Case("predict --run @empty @ok/test/sea/0.jpg", "is not the folder of a run"),
          new Case("predict --run @unfinished @ok/test/sea/0.jpg", "not one epoch"),
          new Case("predict --run @cut.safetensors @ok/test/sea/0.jpg", "cut short"),
          new Case("predict --run @in.safetensors @ok/test/sea/0.jpg", "no checkpoint of a"),
          new Case("predict --run @damaged.safetensors @ok/test/sea/0.jpg", "damaged checkpoint"),
          new Case("predict --run @run", "IMAGE"),
          new Case("predict @empty", "no photos in the folder", "jpg"),
          new Case("predict @nowhere.jpg", "there is no file"));

  @BeforeAll
  static void prepare() throws IOException {
    for (var name : List.of("ok", "emptyclass", "notest", "othertest", "oneclass", "unreadable")) {
      Samples.photos(dir.resolve(name), 2);
    }
    Files.createDirectories(dir.resolve("empty"));
    Files.writeString(dir.resolve("file"), "precious");
    Files.createDirectories(dir.resolve("noclasses/train"));
    Files.writeString(dir.resolve("noclasses/train/notes.txt"), "");
    delete(dir.resolve("emptyclass/train/sea"), false);
    delete(dir.resolve("notest/test"), true);
    Files.move(dir.resolve("othertest/test/sea"), dir.resolve("othertest/test/pasta"));
    for (var other : List.of("leaf", "tomato")) {
      delete(dir.resolve("oneclass/train").resolve(other), true);
      delete(dir.resolve("oneclass/test").resolve(other), true);
    }
    try (var files = Files.walk(dir.resolve("unreadable/test"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        Files.writeString(file, "no picture");
      }
    }
    writeTensors();
    Files.createDirectories(dir.resolve("unfinished"));
    Files.writeString(dir.resolve("unfinished/run.json"), "{}");
  }

  private static void writeTensors() throws IOException {
    byte[] lite0;
    try (var in = BundledWeights.open()) {
      lite0 = in.readAllBytes();
    }
    Files.write(dir.resolve("lite0.safetensors"), lite0);
    Files.write(dir.resolve("cut.safetensors"), Arrays.copyOf(lite0, lite0.length / 2));
    var hostile = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    hostile.putLong(0, Long.MAX_VALUE);
    Files.write(dir.resolve("hostile.safetensors"), hostile.array());
    var header =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1000000,1000000],\"data_offsets\":[0,4000000000000]}}"
            .getBytes(StandardCharsets.UTF_8);
    var huge = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
    huge.putLong(header.length).put(header);
    Files.write(dir.resolve("huge.safetensors"), huge.array());
    tensor("in", "input", DType.F32, 1, 3, 40, 40);
    tensor("other", "x", DType.F32, 1, 3, 40, 40);
    tensor("gray", "input", DType.F32, 2, 1, 40, 40);
    tensor("three", "input", DType.F32, 3, 40, 40);
    tensor("double", "input", DType.F64, 1, 3, 40, 40);
    Safetensors.write(
        dir.resolve("damaged.safetensors"), Map.of(), Map.of("format", "cortado", "model", "x"));
  }

  private static void tensor(String file, String name, DType dtype, int... shape) {
    Safetensors.write(
        dir.resolve(file + ".safetensors"),
        Map.of(name, Tensor.full(Shape.of(shape), dtype, 0.5)),
        Map.of());
  }

  private static void delete(Path folder, boolean itself) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        if (itself || !file.equals(folder)) {
          Files.delete(file);
        }
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> isAnsweredByOneLine() {
    return Stream.of(DATA, WEIGHTS, NAMES, NUMBERS, OUTPUTS, FORWARD, PREDICT)
        .flatMap(List::stream)
        .map(c -> DynamicTest.dynamicTest(c.typed(), () -> check(c)));
  }

  private static void check(Case c) throws IOException {
    var result = Cli.run((Object[]) words(c.typed()));
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    var first = result.complaints().getFirst();
    assertThat(first).startsWith("cortado: ").contains(c.answer());
    assertThat(result.err()).doesNotContain("Exception", "\tat ", "null");
    if (!first.contains("does not fit")) { // which lists what does not
      assertThat(result.complaints()).hasSize(1);
    }
    assertThat(dir.resolve("o")).doesNotExist();
    assertThat(Files.readString(dir.resolve("file"))).isEqualTo("precious");
    assertThat(dir.resolve("ok/train/sea/0.jpg")).exists();
  }

  private static String[] words(String typed) {
    var words = new ArrayList<String>();
    for (var word : typed.split(" ")) {
      if (word.equals("@lite")) {
        words.addAll(List.of("--model", "tf_efficientnet_lite0"));
      } else {
        words.add(word.startsWith("@") ? dir.resolve(word.substring(1)).toString() : word);
      }
    }
    return words.toArray(String[]::new);
  }

  @Test
  void debugShowsWhereItHappened() {
    var result = Cli.run("train", "--data", dir.resolve("missing"), "--debug");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.complaints().getFirst()).startsWith("cortado: there is no data folder");
    assertThat(result.err()).contains("CortadoException", "\tat ");
  }

  @Test
  void tooLittleMemoryIsNoticedBeforeAnythingBegins() throws Exception {
    var photos = Samples.photos(dir.resolve("many"), 12);
    var output = dir.resolve("memory.txt");
    var process =
        Cli.start(
            output,
            List.of("-Xmx300m"),
            "train",
            "--data",
            photos,
            "--freeze",
            "none",
            "--batch-size",
            "512",
            "--out",
            dir.resolve("o"));
    assertThat(process.waitFor()).isEqualTo(2);
    var said = Files.readAllLines(output).stream().filter(l -> !l.startsWith("WARNING")).toList();
    assertThat(said).hasSize(1);
    assertThat(said.getFirst())
        .startsWith("cortado: too little memory: a training step of tf_efficientnet_lite0")
        .contains(
            "with 36 images needs", "limited to", " CORTADO_JAVA_OPTIONS=-Xmx", "--batch-size ");
    assertThat(dir.resolve("o")).doesNotExist();
  }
}
