package dev.cortado.training.run;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.io.AtomicFile;
import dev.cortado.tensor.io.FileProblem;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes bytes, texts and streams whole or not at all, by way of {@link AtomicFile}: whoever opens
 * the file sees the old content or the new one, also when the program is killed or the disk is full
 * in between. A killed program can leave a hidden temporary file behind, never half of the real
 * one.
 */
public final class AtomicFiles {
  private static final int BUFFER = 1 << 16;

  private AtomicFiles() {}

  /** Writes a file's bytes to a stream; may throw what streams throw. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything; the stream is buffered, and flushed by the caller. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file, replacing one that exists.
   *
   * @throws CortadoException if it cannot be written; the file is then what it was before
   */
  public static void write(Path file, byte[] bytes) {
    write(file, out -> out.write(bytes));
  }

  /**
   * Writes a text file in UTF-8, replacing one that exists.
   *
   * @throws CortadoException if it cannot be written; the file is then what it was before
   */
  public static void write(Path file, String text) {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes a file as its content is made, replacing one that exists. If making the content throws
   * an unchecked exception, that is passed on, and the file is what it was before.
   *
   * @throws CortadoException if the file cannot be written; it is then what it was before
   */
  public static void write(Path file, Content content) {
    // A channel closes itself under an interrupted thread, which must still be able to save what
    // it has; so the interruption waits until the file is there.
    boolean interrupted = Thread.interrupted();
    try {
      AtomicFile.write(
          file,
          channel -> {
            var out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
            content.writeTo(out);
            // Not closed: the channel is forced to the disk first, by its owner.
            out.flush();
          });
    } catch (CortadoException e) {
      throw e.getCause() instanceof IOException io
          ? new CortadoException("cannot write " + file + ": " + FileProblem.reason(io), e)
          : e;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
