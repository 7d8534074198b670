package dev.cortado.training.classify;

import dev.cortado.vision.image.RgbImage;

/**
 * A photo at the size that the network takes, and its class.
 *
 * @param image the pixels
 * @param label the class's number
 */
public record Photo(RgbImage image, int label) {}
