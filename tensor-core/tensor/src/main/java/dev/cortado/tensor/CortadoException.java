package dev.cortado.tensor;

import org.jspecify.annotations.Nullable;

/**
 * A problem that the user can mend. The message is one clear line: what was wrong, which value,
 * which file, and what would fit. The command line prints exactly that line.
 */
public class CortadoException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception whose message stands by itself. */
  public CortadoException(String message) {
    super(message);
  }

  /** Creates an exception with the problem that caused it. */
  public CortadoException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
