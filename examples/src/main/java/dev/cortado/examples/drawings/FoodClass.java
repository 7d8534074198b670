package dev.cortado.examples.drawings;

import java.util.Locale;

/** What a drawing shows. */
public enum FoodClass {
  /** A whole pizza, a tray or a slice of it. */
  PIZZA(0),
  /** Beef from the grill or the pan, whole or carved. */
  STEAK(1),
  /** Nigiri, rolls and gunkan. */
  SUSHI(2);

  /** Keeps the random numbers of the classes apart; must never change. */
  final int stream;

  FoodClass(int stream) {
    this.stream = stream;
  }

  /**
   * The name of the class as folders and labels spell it.
   *
   * @return the name in lower case, for instance {@code pizza}
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
