package dev.cortado.tensor.io;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Reads and writes NumPy's npz files: zip archives of npy files, one for each array. Stored and
 * deflated entries, and archives beyond 4 GiB (zip64), are read; checksums are compared. Types are
 * those of {@link Npy}.
 */
public final class Npz {
  private static final String SUFFIX = ".npy";

  /** The time of all entries, as NumPy writes it: equal tensors make equal files. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private Npz() {}

  /**
   * Reads all arrays of a file, in its order. An entry {@code weight.npy} is the tensor {@code
   * weight}.
   *
   * @throws CortadoException if there is no such file, it is not a zip archive, an entry is not an
   *     npy file that Cortado reads, damaged or there twice, or the Java heap is too small
   */
  public static TensorFile read(Path path) {
    FileProblem.requireReadable(path);
    try (var zip = new ZipFile(path.toFile())) {
      var tensors = new LinkedHashMap<String, Tensor>();
      var format = new NpyFormat();
      for (var entry : Collections.list(zip.entries())) {
        String name = entry.getName();
        if (!name.endsWith(SUFFIX)) {
          throw new Refused("entry " + Quoted.of(name) + " is not called …" + SUFFIX);
        }
        String key = name.substring(0, name.length() - SUFFIX.length());
        if (tensors.containsKey(key)) {
          throw new Refused("it has two entries " + Quoted.of(name));
        }
        tensors.put(key, read(zip, entry, format, path));
      }
      return new TensorFile(path.toString(), tensors, Map.of());
    } catch (Refused e) {
      throw new CortadoException(path + " is not a usable npz file: " + e.getMessage());
    } catch (ZipException | EOFException e) {
      throw new CortadoException(path + " is not a usable npz file: " + problem(e), e);
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be read: " + FileProblem.reason(e), e);
    }
  }

  private static Tensor read(ZipFile zip, ZipEntry entry, NpyFormat format, Path path)
      throws IOException, Refused {
    String what = "entry " + Quoted.of(entry.getName());
    var crc = new CRC32();
    try (var stream = new CheckedInputStream(zip.getInputStream(entry), crc)) {
      var channel = Channels.newChannel(stream);
      var at = new long[1];
      var tensor =
          format.read(
              path + ", " + what,
              entry.getSize(),
              into -> {
                while (into.hasRemaining()) {
                  int count = channel.read(into);
                  if (count < 0) {
                    throw new Refused("it ends at byte " + at[0] + ": it is cut short");
                  }
                  at[0] += count;
                }
              });
      if (stream.read() >= 0) {
        throw new Refused("it goes on after byte " + at[0] + ", where the archive says it ends");
      }
      if (crc.getValue() != entry.getCrc()) {
        throw new Refused(
            "its checksum is %08x, but the archive says %08x: it is damaged"
                .formatted(crc.getValue(), entry.getCrc()));
      }
      return tensor;
    } catch (Refused e) {
      throw new Refused(what + ": " + e.getMessage());
    } catch (ZipException | EOFException e) {
      throw new Refused(what + ": " + problem(e));
    }
  }

  private static String problem(IOException e) {
    return e instanceof EOFException
        ? "the archive is cut short"
        : Quoted.of(FileProblem.reason(e));
  }

  /**
   * Writes tensors to a file as they are, atomically: the file is either as it was before, or
   * complete. Missing folders are made. Equal tensors make equal files.
   *
   * @throws CortadoException if the file cannot be written
   */
  public static void write(Path path, Map<String, ? extends Tensor> tensors) {
    write(path, tensors, false);
  }

  /**
   * Writes tensors to a file as {@link #write} does, deflated: smaller if numbers repeat, and
   * slower.
   *
   * @throws CortadoException if the file cannot be written
   */
  public static void writeCompressed(Path path, Map<String, ? extends Tensor> tensors) {
    write(path, tensors, true);
  }

  private static void write(Path path, Map<String, ? extends Tensor> tensors, boolean deflated) {
    AtomicFile.write(
        path,
        out -> {
          // Not closed: the stream's owner does that.
          var zip = new ZipOutputStream(out);
          for (var each : tensors.entrySet()) {
            var entry = new ZipEntry(each.getKey() + SUFFIX);
            entry.setTimeLocal(TIME);
            if (!deflated) {
              store(entry, each.getValue());
            }
            zip.putNextEntry(entry);
            write(each.getValue(), zip);
            zip.closeEntry();
          }
          zip.finish();
        });
  }

  /** What is stored has its size and checksum before it: the array is written twice, once away. */
  private static void store(ZipEntry entry, Tensor tensor) throws IOException {
    var crc = new CRC32();
    var size = new long[1];
    var away =
        new OutputStream() {
          @Override
          public void write(int b) {
            size[0]++;
          }

          @Override
          public void write(byte[] bytes, int from, int count) {
            size[0] += count;
          }
        };
    write(tensor, new CheckedOutputStream(away, crc));
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(size[0]);
    entry.setCompressedSize(size[0]);
    entry.setCrc(crc.getValue());
  }

  private static void write(Tensor tensor, OutputStream out) throws IOException {
    var channel = Channels.newChannel(out);
    new NpyFormat().write(tensor, (ByteBuffer buffer) -> Elements.writeFully(channel, buffer));
  }
}
