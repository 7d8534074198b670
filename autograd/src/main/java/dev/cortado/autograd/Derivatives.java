package dev.cortado.autograd;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Derivatives of functions. A function computes tensors from its arguments with tensor ops; what
 * else it reads is constant to it.
 *
 * <p>For y = f(x) with Jacobian J[i, j] = ∂yᵢ/∂xⱼ these return J·v ({@link #jvp}), u·J ({@link
 * #vjp}), J itself, and for a function with one number as its result its Hessian H[i, j] =
 * ∂²y/∂xᵢ∂xⱼ and H·v.
 *
 * <p>Everything is made of backward passes. J·v, too: u·J is linear in u, and the derivative of
 * (u·J)·v by u is J·v. That costs two backward passes where forward rules would cost one forward
 * pass, but there is one table of rules, and what {@link GradCheck} proves of it holds here.
 *
 * <p>Where the arguments are tracked themselves, so are the results: these methods nest.
 */
public final class Derivatives {
  private Derivatives() {}

  /**
   * What a function returned, and a product with its Jacobian.
   *
   * @param values the function's results
   * @param products for {@link #jvp} one per result, for {@link #vjp} one per argument
   */
  public record Products(List<Tensor> values, List<Tensor> products) {
    /** Copies the lists. */
    public Products {
      values = List.copyOf(values);
      products = List.copyOf(products);
    }
  }

  /**
   * Returns how f changes along a direction: for each result Σᵢ ∂f/∂xᵢ · vᵢ.
   *
   * @param v a tensor of the shape and type of each argument
   */
  public static Products jvp(
      UnaryOperator<List<Tensor>> f, List<Tensor> arguments, List<Tensor> v) {
    return Context.current()
        .recording(
            () -> {
              check("jvp", "argument", arguments, v);
              var x = leaves(arguments);
              var values = f.apply(x);
              // u is where u·J is differentiated; any number would do, for it is linear.
              var u = new ArrayList<Tensor>();
              values.forEach(y -> u.add(Autograd.track(Tensor.full(y.shape(), y.dtype(), 0))));
              var transposed = Autograd.gradients(values, x, u, true);
              var products = Autograd.gradients(transposed, u, v, isTracked(arguments, v));
              return products(arguments, values, products);
            });
  }

  /** Returns J·v of a function of one tensor. */
  public static Tensor jvp(UnaryOperator<Tensor> f, Tensor x, Tensor v) {
    return jvp(one(f), List.of(x), List.of(v)).products().getFirst();
  }

  /**
   * Returns the gradients of Σₖ uₖ · fₖ: for each argument Σₖ uₖ · ∂fₖ/∂x.
   *
   * @param u a tensor of the shape and type of each result
   */
  public static Products vjp(
      UnaryOperator<List<Tensor>> f, List<Tensor> arguments, List<Tensor> u) {
    return Context.current()
        .recording(
            () -> {
              var x = leaves(arguments);
              var values = f.apply(x);
              check("vjp", "result", values, u);
              var products = Autograd.gradients(values, x, u, isTracked(arguments, u));
              return products(arguments, values, products);
            });
  }

  /** Returns u·J of a function of one tensor. */
  public static Tensor vjp(UnaryOperator<Tensor> f, Tensor x, Tensor u) {
    return vjp(one(f), List.of(x), List.of(u)).products().getFirst();
  }

  /**
   * Returns the Jacobian: its shape is that of f(x), then that of x. One backward pass per element
   * of the result: for small functions.
   */
  public static Tensor jacobian(UnaryOperator<Tensor> f, Tensor x) {
    return Context.current()
        .recording(
            () -> {
              var leaf = leaves(List.of(x)).getFirst();
              return rows(f.apply(leaf), leaf, Autograd.isTracked(x));
            });
  }

  /**
   * Returns the Hessian of a function that returns one number: its shape is that of x, twice. One
   * backward pass per element of x, and one more.
   */
  public static Tensor hessian(UnaryOperator<Tensor> f, Tensor x) {
    return Context.current()
        .recording(
            () -> {
              var leaf = leaves(List.of(x)).getFirst();
              return rows(gradient("hessian", f, leaf), leaf, Autograd.isTracked(x));
            });
  }

  /**
   * Returns the product of the Hessian of a function that returns one number with {@code v}: the
   * gradient of g·v, where g is the gradient. Costs two backward passes, and never builds the
   * Hessian. Pearlmutter 1994.
   */
  public static Tensor hvp(UnaryOperator<Tensor> f, Tensor x, Tensor v) {
    return Context.current()
        .recording(
            () -> {
              check("hvp", "argument", List.of(x), List.of(v));
              var leaf = leaves(List.of(x)).getFirst();
              var g = gradient("hvp", f, leaf);
              return Autograd.gradients(
                      List.of(g), List.of(leaf), List.of(v), isTracked(List.of(x), List.of(v)))
                  .getFirst();
            });
  }

  private static Tensor gradient(String who, UnaryOperator<Tensor> f, Tensor leaf) {
    var y = f.apply(leaf);
    if (y.elements() != 1) {
      throw new CortadoException(
          who + " needs a function that returns one number, this returns " + y.spec());
    }
    return Autograd.gradient(y, leaf, true);
  }

  /** Returns ∂y/∂x, one row per element of y. */
  private static Tensor rows(Tensor y, Tensor x, boolean createGraph) {
    var rows = new ArrayList<Tensor>();
    int n = y.elements();
    for (int i = 0; i < n; i++) {
      double[] unit = new double[n];
      unit[i] = 1;
      var seed = Tensor.of(unit, y.shape().toArray()).to(y.dtype());
      var row = Autograd.gradients(List.of(y), List.of(x), List.of(seed), createGraph).getFirst();
      rows.add(row.reshape(1, x.elements()));
    }
    int[] shape =
        IntStream.concat(IntStream.of(y.shape().toArray()), IntStream.of(x.shape().toArray()))
            .toArray();
    return n == 0 ? Tensor.full(Shape.of(shape), x.dtype(), 0) : Tensor.cat(0, rows).reshape(shape);
  }

  private static UnaryOperator<List<Tensor>> one(UnaryOperator<Tensor> f) {
    return x -> List.of(f.apply(x.getFirst()));
  }

  private static List<Tensor> leaves(List<Tensor> arguments) {
    return arguments.stream().map(x -> Autograd.isTracked(x) ? x : Autograd.track(x)).toList();
  }

  private static boolean isTracked(List<Tensor> a, List<Tensor> b) {
    return a.stream().anyMatch(Autograd::isTracked) || b.stream().anyMatch(Autograd::isTracked);
  }

  /** Where the caller tracks no argument, what is tracked here is nobody's business. */
  private static Products products(
      List<Tensor> arguments, List<Tensor> values, List<Tensor> products) {
    boolean tracked = arguments.stream().anyMatch(Autograd::isTracked);
    return new Products(tracked ? values : values.stream().map(Tensor::detach).toList(), products);
  }

  private static void check(String who, String what, List<Tensor> wanted, List<Tensor> given) {
    if (wanted.size() != given.size()) {
      throw new CortadoException(
          "%s: %d %ss need as many vectors, got %d"
              .formatted(who, wanted.size(), what, given.size()));
    }
    for (int i = 0; i < given.size(); i++) {
      if (!given.get(i).spec().equals(wanted.get(i).spec())) {
        throw new CortadoException(
            "%s: vector %d is %s, %s %d is %s"
                .formatted(who, i, given.get(i).spec(), what, i, wanted.get(i).spec()));
      }
    }
  }
}
