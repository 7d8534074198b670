package dev.cortado.training.run;

/**
 * What one epoch came to.
 *
 * @param epoch the epoch, counted from 1, as people do
 * @param trainLoss mean loss by image over the epoch, measured while training (in train mode)
 * @param trainAccuracy share of correct training images, 0 to 1, measured while training
 * @param testLoss mean loss by image of the test images after the epoch (in eval mode)
 * @param testAccuracy share of correct test images, 0 to 1
 * @param testCorrect how many test images were classified correctly
 * @param testImages how many test images there were
 * @param seconds how long training and testing took
 * @param imagesPerSecond training images in each second of training, testing not counted
 * @param learningRate the learning rate of the epoch's last step
 */
public record EpochFigures(
    int epoch,
    double trainLoss,
    double trainAccuracy,
    double testLoss,
    double testAccuracy,
    long testCorrect,
    long testImages,
    double seconds,
    double imagesPerSecond,
    double learningRate) {}
