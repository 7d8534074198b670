package dev.cortado.tensor.io;

import dev.cortado.tensor.CortadoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Says in a few words what is wrong with a file. */
public final class FileProblem {
  private FileProblem() {}

  /** Returns what is wrong, without the file's name. */
  public static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "no such file or folder";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }

  /**
   * Checks that a file is there and may be read.
   *
   * @throws CortadoException that says what is wrong
   */
  static void requireReadable(Path path) {
    if (!Files.exists(path)) {
      throw new CortadoException("there is no file " + path);
    }
    if (!Files.isRegularFile(path)) {
      throw new CortadoException(path + " is not a file");
    }
    if (!Files.isReadable(path)) {
      throw new CortadoException(path + " cannot be read: permission denied");
    }
  }

  /** Says what a file seems to be, by its first bytes; nothing if they do not tell. */
  static String likelyKind(byte[] first) {
    var text =
        new String(Arrays.copyOf(first, 8), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    if (text.startsWith("pk\3\4")) {
      return "; it looks like a zip archive: an .npz file (read it with Npz), or a PyTorch .pth"
          + " file (convert it with safetensors.torch.save_file)";
    }
    if (text.startsWith("\u0080\2")) {
      return "; it looks like a PyTorch .pth file: convert it with safetensors.torch.save_file";
    }
    if (text.startsWith("\u0093numpy")) {
      return "; it looks like an .npy file: read it with Npy";
    }
    if (text.startsWith("version ")) {
      return "; it looks like a Git LFS pointer: fetch the file itself with git lfs pull";
    }
    if (text.startsWith("<!doctyp") || text.startsWith("<html")) {
      return "; it looks like a web page: the download went wrong";
    }
    return "";
  }
}
