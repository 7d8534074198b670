package dev.cortado.tensor.spi;

import java.util.Optional;

/** Announces a backend; found with {@link java.util.ServiceLoader}. */
public interface BackendProvider {
  /** Returns the backend's name. */
  String name();

  /** Returns the rank among usable backends: the highest is chosen. The reference has 0. */
  int rank();

  /**
   * Returns why the backend cannot run here, in one sentence; empty if it can. Must not load what
   * may be missing.
   */
  Optional<String> refusal();

  /** Returns the backend. Called only if there was no refusal. */
  Backend create();
}
