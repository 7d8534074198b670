package dev.cortado.training.data;

/**
 * A sample that was left out, and why.
 *
 * @param name what a person calls the sample: its file, as a rule
 * @param reason what is wrong with it
 */
public record Skipped(String name, String reason) {}
