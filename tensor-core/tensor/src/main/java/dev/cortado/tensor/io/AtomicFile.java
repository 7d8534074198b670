package dev.cortado.tensor.io;

import dev.cortado.tensor.CortadoException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes files all or nothing: into a temporary file in the same folder, which takes the real name
 * only when all of it is on the disk. A crash, a full disk or a second writer never leaves half a
 * file under the real name.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything to {@code channel}, which is closed afterwards. */
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Writes {@code content} to {@code path}, replacing a file that is there. Missing folders are
   * made. A symbolic link stays one; what it points to is replaced.
   *
   * @throws CortadoException if the file cannot be written; then what was there is untouched
   */
  public static void write(Path path, Content content) {
    if (Files.isDirectory(path)) {
      throw new CortadoException(path + " cannot be written: it is a folder");
    }
    try {
      Path target = Files.isSymbolicLink(path) ? path.toRealPath() : path.toAbsolutePath();
      Files.createDirectories(target.resolveSibling(""));
      Path temporary =
          target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
      try {
        try (var channel =
            FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
          content.writeTo(channel);
          channel.force(true);
        }
        move(temporary, target);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new CortadoException(path + " cannot be written: " + FileProblem.reason(e), e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
