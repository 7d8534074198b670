package dev.cortado.training.run;

/**
 * The pretrained weights a run started from.
 *
 * @param name their name, or the file's
 * @param sha256 the file's SHA-256, 64 hexadecimal digits
 */
public record WeightsUsed(String name, String sha256) {}
