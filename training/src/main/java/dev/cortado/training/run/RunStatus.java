package dev.cortado.training.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a run has come. */
public enum RunStatus {
  /** Training; also what the record of a killed run says. */
  @JsonProperty("running")
  RUNNING,
  /** All epochs were trained. */
  @JsonProperty("finished")
  FINISHED,
  /** Stopped by an error, which the record names. */
  @JsonProperty("failed")
  FAILED
}
