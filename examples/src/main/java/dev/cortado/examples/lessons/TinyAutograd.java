package dev.cortado.examples.lessons;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Automatic differentiation of single numbers, all of it: a number remembers what it was computed
 * from, and by how much it moves when those move.
 */
public final class TinyAutograd {
  private TinyAutograd() {}

  /** Where a number came from, and its derivative by that. */
  private record Link(Value from, double slope) {}

  /** A number that remembers. */
  public static final class Value {
    private final double value;
    private final List<Link> links;
    private double gradient;

    private Value(double value, Link... links) {
      this.value = value;
      this.links = List.of(links);
    }

    /** Returns the number. */
    public double value() {
      return value;
    }

    /** Returns the derivative by this number of what {@link #backward} was called on. */
    public double gradient() {
      return gradient;
    }

    /** Returns this + other: each moves the sum as much as itself. */
    public Value plus(Value other) {
      return new Value(value + other.value, new Link(this, 1), new Link(other, 1));
    }

    /** Returns this · other: each moves the product as much as the other is large. */
    public Value times(Value other) {
      return new Value(value * other.value, new Link(this, other.value), new Link(other, value));
    }

    /** Returns tanh(this), whose slope is 1 − tanh². */
    public Value tanh() {
      double y = Math.tanh(value);
      return new Value(y, new Link(this, 1 - y * y));
    }

    /** Computes the derivative of this by every number it was computed from: the chain rule. */
    public void backward() {
      gradient = 1;
      for (var at : laterFirst()) {
        for (var link : at.links) {
          link.from().gradient += at.gradient * link.slope();
        }
      }
    }

    /** Everything that led here, in an order in which each comes before what it was made from. */
    private List<Value> laterFirst() {
      var order = new ArrayList<Value>();
      visit(this, new HashSet<>(), order);
      return order.reversed();
    }

    private static void visit(Value at, Set<Value> seen, List<Value> order) {
      if (seen.add(at)) {
        at.links.forEach(link -> visit(link.from(), seen, order));
        order.add(at);
      }
    }
  }

  /** Returns a number to compute with. */
  public static Value of(double value) {
    return new Value(value);
  }
}
