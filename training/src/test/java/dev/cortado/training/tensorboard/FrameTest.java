package dev.cortado.training.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class FrameTest {

  private static int unmask(int masked) {
    return Integer.rotateLeft(masked - 0xa282ead8, 15);
  }

  @Test
  void checksumsAreThoseOfTheStandard() {
    // RFC 3720, appendix B.4: 32 bytes of zeros, of ones, ascending; and the usual check value.
    var ones = new byte[32];
    Arrays.fill(ones, (byte) 0xff);
    var ascending = new byte[32];
    for (int i = 0; i < 32; i++) {
      ascending[i] = (byte) i;
    }
    assertThat(unmask(Frame.maskedCrc(new byte[32], 0, 32))).isEqualTo(0x8a9136aa);
    assertThat(unmask(Frame.maskedCrc(ones, 0, 32))).isEqualTo(0x62a8ab43);
    assertThat(unmask(Frame.maskedCrc(ascending, 0, 32))).isEqualTo(0x46dd794e);
    var digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertThat(unmask(Frame.maskedCrc(digits, 0, 9))).isEqualTo(0xe3069283);
  }

  @Test
  void checksumsAreMasked() {
    var crc = new CRC32C();
    crc.update(new byte[] {1, 2, 3});
    int plain = (int) crc.getValue();
    int expected = ((plain >>> 15) | (plain << 17)) + 0xa282ead8;
    assertThat(Frame.maskedCrc(new byte[] {0, 1, 2, 3, 4}, 1, 3)).isEqualTo(expected);
  }

  @Test
  void aRecordIsFramedAsTensorBoardFramesIt() throws IOException {
    // What tensorboard 2.21's RecordWriter writes for the bytes "cortado".
    var out = new ByteArrayOutputStream();
    Frame.write(out, "cortado".getBytes(StandardCharsets.US_ASCII));
    assertThat(HexFormat.of().formatHex(out.toByteArray()))
        .isEqualTo("0700000000000000bbd79f11636f727461646fc7b835d8");
  }
}
