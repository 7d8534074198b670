package dev.cortado.tensor.io;

/** Why a file is refused, without the file's name. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  Refused(String reason) {
    super(reason);
  }
}
