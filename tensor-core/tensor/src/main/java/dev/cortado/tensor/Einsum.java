package dev.cortado.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sums of products over named axes, as matrix products: two operands at a time, from left to right.
 * Each step brings both to [batch, rows, summed] and [batch, summed, columns]. Labels are letters;
 * the axes of an ellipsis are called 0, 1, … from the right.
 */
final class Einsum {
  private final String equation;
  private final List<Term> terms = new ArrayList<>();
  private final List<String> output;
  private final Map<String, Integer> sizes = new LinkedHashMap<>();

  /** A tensor whose axes have names, all different. */
  private record Term(Tensor x, List<String> labels) {}

  private Einsum(String equation, List<Tensor> operands) {
    this.equation = equation.replace(" ", "");
    var sides = this.equation.split("->", -1);
    var inputs = sides[0].split(",", -1);
    require(sides.length <= 2, "has more than one arrow");
    require(
        inputs.length == operands.size(),
        "names " + inputs.length + " operands, got " + operands.size());
    var all = new ArrayList<String>();
    for (int i = 0; i < inputs.length; i++) {
      var labels = labels(inputs[i], operands.get(i).rank());
      require(
          labels.size() == operands.get(i).rank(),
          "names " + labels.size() + " axes of operand " + i + " " + operands.get(i).shape());
      measure(labels, operands.get(i).shape());
      terms.add(diagonals(operands.get(i), labels));
      all.addAll(labels);
    }
    output = sides.length == 2 ? explicit(sides[1]) : implicit(all);
  }

  static Tensor of(String equation, List<Tensor> operands) {
    return new Einsum(equation, operands).run();
  }

  private void require(boolean condition, String problem) {
    if (!condition) {
      throw new CortadoException("einsum: \"" + equation + "\" " + problem);
    }
  }

  /** Splits "b...ij" into labels; {@code rank} tells how many axes the ellipsis stands for. */
  private List<String> labels(String text, int rank) {
    int dots = text.indexOf("...");
    var letters = text.replaceFirst("\\.\\.\\.", "");
    require(letters.chars().allMatch(Einsum::isLetter), "has something else than letters in it");
    var labels = new ArrayList<String>();
    for (int i = 0; i < letters.length(); i++) {
      labels.add(letters.substring(i, i + 1));
    }
    if (dots >= 0) {
      int hidden = rank - letters.length();
      for (int i = 0; i < hidden; i++) {
        labels.add(dots + i, Integer.toString(hidden - 1 - i));
      }
    }
    return labels;
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isHidden(String label) {
    return Character.isDigit(label.charAt(0));
  }

  /** Notes the sizes of labels: equal, or 1, which broadcasts, though not along a diagonal. */
  private void measure(List<String> labels, Shape shape) {
    for (int i = 0; i < labels.size(); i++) {
      int size = shape.dim(i);
      var label = labels.get(i);
      int known = sizes.getOrDefault(label, size);
      int first = shape.dim(labels.indexOf(label));
      require(
          size == first && (known == size || known == 1 || size == 1),
          "needs one size for "
              + label
              + ", got "
              + (size == first ? known : first)
              + " and "
              + size);
      sizes.put(label, known == 1 ? size : known);
    }
  }

  /** A label that stands twice means the diagonal. */
  private static Term diagonals(Tensor x, List<String> labels) {
    var names = new ArrayList<>(labels);
    for (int i = 0; i < names.size(); i++) {
      var name = names.get(i);
      int second = names.lastIndexOf(name);
      if (second > i) {
        x = x.diagonal(0, i, second);
        names.remove(second);
        names.remove(i);
        names.add(name);
        i = -1;
      }
    }
    return new Term(x, names);
  }

  private List<String> explicit(String text) {
    int hidden = (int) sizes.keySet().stream().filter(Einsum::isHidden).count();
    int rank = text.replaceFirst("\\.\\.\\.", "").length() + hidden;
    var labels = labels(text, rank);
    require(new LinkedHashSet<>(labels).size() == labels.size(), "repeats an axis of the result");
    for (var label : labels) {
      require(sizes.containsKey(label), "has " + label + " in the result alone");
    }
    return labels;
  }

  /** The ellipsis, then the letters that stand once, in alphabetical order. */
  private static List<String> implicit(List<String> all) {
    var hidden = all.stream().filter(Einsum::isHidden).distinct().sorted(Einsum::byNumber);
    var letters =
        all.stream()
            .filter(label -> !isHidden(label) && all.indexOf(label) == all.lastIndexOf(label))
            .sorted();
    return java.util.stream.Stream.concat(hidden, letters).toList();
  }

  private static int byNumber(String a, String b) {
    return Integer.compare(Integer.parseInt(b), Integer.parseInt(a));
  }

  private Tensor run() {
    var result = terms.getFirst();
    for (int i = 1; i < terms.size(); i++) {
      Set<String> later = new LinkedHashSet<>(output);
      terms.subList(i + 1, terms.size()).forEach(term -> later.addAll(term.labels));
      result = product(result, terms.get(i), later);
    }
    var sum = summed(result, new LinkedHashSet<>(output));
    var shaped = arranged(sum, output);
    // An axis of an ellipsis may have been 1 all along where a label alone knows better.
    return shaped.expand(dims(output));
  }

  private int[] dims(Collection<String> labels) {
    return labels.stream().mapToInt(sizes::get).toArray();
  }

  /** Returns the sum over all axes that are not in {@code kept}. */
  private static Term summed(Term term, Set<String> kept) {
    var rest = new ArrayList<>(term.labels);
    rest.retainAll(kept);
    int[] axes =
        java.util.stream.IntStream.range(0, term.labels.size())
            .filter(i -> !kept.contains(term.labels.get(i)))
            .toArray();
    return axes.length == 0 ? term : new Term(term.x.sum(axes), rest);
  }

  /** Returns the tensor with its axes in the order of {@code labels}, which name them all. */
  private static Tensor arranged(Term term, List<String> labels) {
    return term.x.permute(labels.stream().mapToInt(term.labels::indexOf).toArray());
  }

  private Term product(Term a, Term b, Set<String> later) {
    a = summed(a, union(b.labels, later));
    b = summed(b, union(a.labels, later));
    var shared = new ArrayList<>(a.labels);
    shared.retainAll(b.labels);
    var batch = shared.stream().filter(later::contains).toList();
    var summed = shared.stream().filter(label -> !later.contains(label)).toList();
    var rows = without(a.labels, shared);
    var columns = without(b.labels, shared);
    if (summed.isEmpty() || !a.x.dtype().isFloating()) {
      return byElements(a, b, joined(batch, rows, columns, summed), later);
    }
    var left = stretched(a, joined(batch, rows, summed));
    var right = stretched(b, joined(batch, summed, columns));
    int count = size(batch);
    var y =
        left.reshape(count, size(rows), size(summed))
            .matmul(right.reshape(count, size(summed), size(columns)));
    var labels = joined(batch, rows, columns);
    return new Term(y.reshape(dims(labels)), labels);
  }

  /** Without a sum, or of integers, which have no matrix product: multiply, then sum. */
  private static Term byElements(Term a, Term b, List<String> labels, Set<String> later) {
    return summed(new Term(spread(a, labels).mul(spread(b, labels)), labels), later);
  }

  /** Returns the tensor with axes of size 1 for the labels that it lacks. */
  private static Tensor spread(Term term, List<String> labels) {
    var own = labels.stream().filter(term.labels::contains).toList();
    var x = arranged(term, own);
    int[] dims = new int[labels.size()];
    Arrays.setAll(
        dims,
        i -> {
          int axis = term.labels.indexOf(labels.get(i));
          return axis < 0 ? 1 : term.x.dim(axis);
        });
    return x.reshape(dims);
  }

  private Tensor stretched(Term term, List<String> labels) {
    return arranged(term, labels).expand(dims(labels));
  }

  private int size(List<String> labels) {
    return Arrays.stream(dims(labels)).reduce(1, (x, y) -> x * y);
  }

  private static Set<String> union(Collection<String> a, Collection<String> b) {
    var all = new LinkedHashSet<>(a);
    all.addAll(b);
    return all;
  }

  private static List<String> without(List<String> all, List<String> some) {
    return all.stream().filter(label -> !some.contains(label)).toList();
  }

  @SafeVarargs
  private static List<String> joined(List<String>... parts) {
    return Arrays.stream(parts).flatMap(List::stream).toList();
  }
}
