package dev.cortado.vision.image;

import dev.cortado.tensor.CortadoException;

/**
 * An image that cannot be used: truncated, damaged, of an unsupported kind, or no image at all.
 *
 * <p>The message is {@code file: reason}. A data loader may skip such an image, but never without
 * naming it.
 */
public final class BrokenImageException extends CortadoException {
  private final String file;
  private final String reason;

  /**
   * An unusable image.
   *
   * @param file the file's path, or whatever name the image is known by
   * @param reason what is wrong with it, without the file's name
   */
  public BrokenImageException(String file, String reason) {
    super(file + ": " + reason);
    this.file = file;
    this.reason = reason;
  }

  /**
   * An unusable image, found out by another exception.
   *
   * @param file the file's path, or whatever name the image is known by
   * @param reason what is wrong with it, without the file's name
   * @param cause the exception that a decoder threw
   */
  public BrokenImageException(String file, String reason, Throwable cause) {
    super(file + ": " + reason, cause);
    this.file = file;
    this.reason = reason;
  }

  /** The path or name of the image. */
  public String file() {
    return file;
  }

  /** What is wrong with the image, without its name. */
  public String reason() {
    return reason;
  }
}
