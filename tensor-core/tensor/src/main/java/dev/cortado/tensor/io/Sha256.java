package dev.cortado.tensor.io;

import dev.cortado.tensor.CortadoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.TreeMap;

/** SHA-256 digests of bytes, files and sets of files, as 64 hexadecimal digits. */
public final class Sha256 {
  private static final int BUFFER = 1 << 16;

  private Sha256() {}

  /** The digest of some bytes. */
  public static String bytes(byte[] bytes) {
    return HexFormat.of().formatHex(algorithm().digest(bytes));
  }

  /**
   * The digest of a file's content.
   *
   * @throws CortadoException if the file cannot be read
   */
  public static String file(Path file) {
    var digest = algorithm();
    var buffer = new byte[BUFFER];
    try (var in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    } catch (IOException e) {
      throw new CortadoException("cannot read " + file + ": " + FileProblem.reason(e), e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * One digest for many files: that of the lines {@code DIGEST NAME}, sorted by name, where the
   * name is the file's path inside the root, with slashes. It is what {@code sha256sum} says of its
   * own output, so anybody can check it without this program. A file that cannot be read stands
   * there with the word {@code unreadable} for its digest.
   */
  public static String files(Path root, Collection<Path> files) {
    var byName = new TreeMap<String, Path>();
    for (var file : files) {
      byName.put(root.relativize(file).toString().replace('\\', '/'), file);
    }
    var lines = new StringBuilder();
    byName.forEach(
        (name, file) -> lines.append(orUnreadable(file)).append("  ").append(name).append('\n'));
    return bytes(lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String orUnreadable(Path file) {
    try {
      return file(file);
    } catch (CortadoException e) {
      return "unreadable";
    }
  }

  private static MessageDigest algorithm() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
