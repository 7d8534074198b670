package dev.cortado.examples.lessons;

import dev.cortado.examples.drawings.FoodClass;
import dev.cortado.examples.drawings.FoodDrawings;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.Tensor;
import dev.cortado.vision.image.RgbImage;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Lesson 1: a tensor is a row of numbers, and a way to walk along it. */
public final class WhatATensorIs {
  private WhatATensorIs() {}

  /** Prints the lesson; writes its picture into the folder that is named, if one is. */
  public static void main(String[] args) {
    shapeAndStrides();
    views();
    broadcasting();
    var pizza = FoodDrawings.draw(FoodClass.PIZZA, 5);
    photo(pizza);
    if (args.length > 0) {
      Pictures.write(Path.of(args[0], "learn-01-channels.png"), Pictures.channels(pizza));
    }
  }

  private static void shapeAndStrides() {
    var x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    System.out.println("x has the shape " + x.shape() + " and the strides " + strides(x));

    int place = 1 * x.layout().stride(0) + 2 * x.layout().stride(1);
    System.out.println("row 1, column 2 lies at place " + place + ": " + x.toFloats()[place]);
  }

  private static void views() {
    var x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    var turned = x.t();
    System.out.println("turned: " + turned.shape() + ", strides " + strides(turned));
    System.out.println("row by row it reads " + Arrays.toString(turned.toFloats()));
    System.out.println("same numbers in memory: " + (turned.storage() == x.storage()));

    var column = x.select(1, 1);
    System.out.println(
        "a column: starts at %d, strides %s, reads %s"
            .formatted(
                column.layout().offset(), strides(column), Arrays.toString(column.toFloats())));
  }

  private static void broadcasting() {
    var x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    var row = Tensor.of(new float[] {10, 20, 30}, 3);
    System.out.println("x + row = " + Arrays.toString(x.add(row).toFloats()));
    System.out.println("row, seen as [2, 3], has the strides " + strides(row.expand(2, 3)));
  }

  private static void photo(BufferedImage drawing) {
    var photo = RgbImage.of(drawing);
    var image = toTensor(photo).div(255);
    System.out.println("a photo: " + image.shape() + ", strides " + strides(image));
    System.out.println(
        "the same with the colours of a pixel side by side: " + strides(image.channelsLast()));
    float[] mean = image.mean(0, 2, 3).toFloats();
    System.out.printf(
        Locale.ROOT, "mean red %.2f, green %.2f, blue %.2f%n", mean[0], mean[1], mean[2]);
  }

  /** The bytes lie pixel by pixel, red, green, blue: [H, W, 3]. Images are [N, 3, H, W]. */
  private static Tensor toTensor(RgbImage photo) {
    byte[] bytes = photo.rgb();
    float[] values = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      values[i] = bytes[i] & 0xFF;
    }
    var pixels = Tensor.of(values, photo.height(), photo.width(), 3);
    return pixels.permute(2, 0, 1).unsqueeze(0).contiguous().to(DType.F32);
  }

  private static String strides(Tensor x) {
    return Arrays.toString(x.layout().strides());
  }
}
