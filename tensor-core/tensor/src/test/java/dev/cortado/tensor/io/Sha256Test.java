package dev.cortado.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cortado.tensor.CortadoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {
  // FIPS 180-2, appendix B.1.
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir Path root;

  private Path file(String name, String text) throws IOException {
    var file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void digestsAreThoseOfTheStandard() throws IOException {
    assertThat(Sha256.bytes("abc".getBytes(StandardCharsets.US_ASCII))).isEqualTo(ABC);
    assertThat(Sha256.file(file("abc", "abc"))).isEqualTo(ABC);
    var longer = "a".repeat(70_000);
    assertThat(Sha256.file(file("longer", longer)))
        .isEqualTo(Sha256.bytes(longer.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void theDigestOfFilesIsThatOfSha256sumsOutput() throws IOException {
    var a = file("train/pizza/1.jpg", "abc");
    var b = file("test/steak/2.jpg", "abc");
    var listing = ABC + "  test/steak/2.jpg\n" + ABC + "  train/pizza/1.jpg\n";
    var expected = Sha256.bytes(listing.getBytes(StandardCharsets.UTF_8));
    assertThat(Sha256.files(root, List.of(a, b))).isEqualTo(expected);
    assertThat(Sha256.files(root, List.of(b, a))).isEqualTo(expected);
    Files.writeString(a, "abd");
    assertThat(Sha256.files(root, List.of(a, b))).isNotEqualTo(expected);
  }

  @Test
  void aMissingFileIsNamed() {
    var absent = root.resolve("absent");
    assertThatThrownBy(() -> Sha256.file(absent))
        .isInstanceOf(CortadoException.class)
        .hasMessage("cannot read " + absent + ": no such file or folder");
  }
}
