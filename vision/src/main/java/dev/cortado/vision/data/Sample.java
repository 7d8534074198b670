package dev.cortado.vision.data;

import java.nio.file.Path;

/**
 * One labelled file of a data set.
 *
 * @param path the image file
 * @param label index of its class, from 0
 */
public record Sample(Path path, int label) {}
