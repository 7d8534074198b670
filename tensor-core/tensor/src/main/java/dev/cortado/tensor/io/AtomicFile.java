package dev.cortado.tensor.io;

import dev.cortado.tensor.CortadoException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes files all or nothing: into a temporary file in the same folder, which takes the real name
 * only when all of it is on the disk. Whoever opens the file sees the old content or the new one,
 * also when the program is killed, the disk is full or a second writer comes in between. A killed
 * program can leave a hidden temporary file behind, never half of the real one.
 */
public final class AtomicFile {
  private static final int BUFFER = 1 << 16;

  private AtomicFile() {}

  /** Writes a file's bytes to a stream; may throw what streams throw. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything; the stream is buffered, and flushed by the caller. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Writes a file's bytes to a channel; may throw what channels throw. */
  @FunctionalInterface
  interface ChannelContent {
    /** Writes everything to {@code channel}, which is closed afterwards. */
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Writes a file, replacing one that exists. Missing folders are made.
   *
   * @throws CortadoException if it cannot be written; the file is then what it was before
   */
  public static void write(Path path, byte[] bytes) {
    write(path, out -> out.write(bytes));
  }

  /**
   * Writes a text file in UTF-8, replacing one that exists. Missing folders are made.
   *
   * @throws CortadoException if it cannot be written; the file is then what it was before
   */
  public static void write(Path path, String text) {
    write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes a file as its content is made, replacing one that exists. Missing folders are made. If
   * making the content throws an unchecked exception, that is passed on, and the file is what it
   * was before.
   *
   * @throws CortadoException if the file cannot be written; it is then what it was before
   */
  public static void write(Path path, Content content) {
    writeChannel(
        path,
        channel -> {
          var out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
          content.writeTo(out);
          // Not closed: the channel is forced to the disk first, by its owner.
          out.flush();
        });
  }

  /** As {@link #write(Path, Content)}. A symbolic link stays one; its target is replaced. */
  static void writeChannel(Path path, ChannelContent content) {
    if (Files.isDirectory(path)) {
      throw new CortadoException("cannot write " + path + ": it is a folder");
    }
    // A channel closes itself under an interrupted thread, which must still be able to save what
    // it has; so the interruption waits until the file is there.
    boolean interrupted = Thread.interrupted();
    try {
      replace(Files.isSymbolicLink(path) ? path.toRealPath() : path.toAbsolutePath(), content);
    } catch (IOException e) {
      throw new CortadoException("cannot write " + path + ": " + FileProblem.reason(e), e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void replace(Path target, ChannelContent content) throws IOException {
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
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
