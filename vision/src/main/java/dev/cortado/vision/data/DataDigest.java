package dev.cortado.vision.data;

import dev.cortado.tensor.CortadoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A fingerprint of a data set: SHA-256 over, for each file in order, its name relative to the root
 * (with {@code /} between folders), a zero byte, its length as eight bytes, and its content. Equal
 * data in another place has the same digest.
 */
public final class DataDigest {
  private DataDigest() {}

  /**
   * The digest of files below a root, as 64 hexadecimal digits.
   *
   * @throws CortadoException if a file cannot be read
   */
  public static String of(Path root, List<Path> files) {
    MessageDigest digest = sha256();
    var buffer = new byte[1 << 16];
    for (Path file : files) {
      digest.update(relativeName(root, file).getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      try (InputStream in = Files.newInputStream(file)) {
        long size = Files.size(file);
        for (int shift = 56; shift >= 0; shift -= 8) {
          digest.update((byte) (size >>> shift));
        }
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          digest.update(buffer, 0, n);
        }
      } catch (IOException e) {
        throw new CortadoException("cannot read " + file + ": " + e.getMessage(), e);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static String ofText(String text) {
    return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** A file's name as seen from a folder, the same on every system. */
  static String relativeName(Path root, Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
