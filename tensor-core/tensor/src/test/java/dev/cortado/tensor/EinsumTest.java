package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Einstein's notation against its definition: a loop over all letters. */
class EinsumTest {
  private static final Map<Character, Integer> SIZES =
      Map.of('a', 2, 'b', 3, 'i', 4, 'j', 3, 'k', 2, 'l', 5);

  private static Tensor random(int number, int... shape) {
    return Tensor.normal(RandomKey.of(number), shape).to(DType.F64);
  }

  /** The sum over all values of all letters, product by product. */
  private static double[] naive(String equation, List<Tensor> operands) {
    var sides = equation.split("->", -1);
    var inputs = sides[0].split(",", -1);
    var letters = new TreeMap<Character, Integer>();
    for (char c : sides[0].replace(",", "").toCharArray()) {
      letters.put(c, SIZES.get(c));
    }
    var names = new ArrayList<>(letters.keySet());
    int[] dims = names.stream().mapToInt(letters::get).toArray();
    int[] result = sides[1].chars().map(c -> SIZES.get((char) c)).toArray();
    double[] sums = new double[Shape.of(result).elements()];
    for (var index : Naive.indices(Shape.of(dims))) {
      double product = 1;
      for (int k = 0; k < inputs.length; k++) {
        product *= operands.get(k).toDoubles()[place(inputs[k], names, index)];
      }
      sums[place(sides[1], names, index)] += product;
    }
    return sums;
  }

  private static int place(String labels, List<Character> names, int[] index) {
    int at = 0;
    for (char c : labels.toCharArray()) {
      at = at * SIZES.get(c) + index[names.indexOf(c)];
    }
    return at;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ij,jk->ik",
        "ij,jk->ki",
        "ij,kj->ik",
        "i,i->",
        "i,j->ij",
        "ij->ji",
        "ij->",
        "ij->j",
        "bij,bjk->bik",
        "bij,bjk->ik",
        "bij,bkj->bik",
        "aij,ajk,kl->ail",
        "ij,jk,kl,la->ia",
        "jj->j",
        "jj->",
        "bjj,j->b",
        "jbj,jbj->bj",
        "aibj,bjka->ik",
        "i,i,i->i",
        "ij,ij->ij",
        "ij,kl->ljik",
        "a,b,i->iba",
        "ab,i->",
        "ijk,l->ij",
        "lij,lij->l",
        "kk,kk->"
      })
  void equalsTheSumOverAllLetters(String equation) {
    var operands = new ArrayList<Tensor>();
    for (var labels : equation.split("->", -1)[0].split(",", -1)) {
      operands.add(random(operands.size(), labels.chars().map(c -> SIZES.get((char) c)).toArray()));
    }
    var y = Tensor.einsum(equation, operands.toArray(new Tensor[0]));
    double[] expected = naive(equation, operands);
    assertThat(y.elements()).isEqualTo(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(y.toDoubles()[i]).isCloseTo(expected[i], within(1e-12 * (1 + expected.length)));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ij,jk; ij,jk->ik", // letters that stand once, in alphabetical order
        "kj,ji; kj,ji->ik",
        "ji; ji->ij",
        "ii; ii->",
        "i j , j k -> i k; ij,jk->ik"
      })
  void theResultMayBeImplied(String shorthand, String full) {
    var operands = new ArrayList<Tensor>();
    for (int i = 0; i <= full.chars().filter(c -> c == ',').count(); i++) {
      operands.add(random(i, 3, 3));
    }
    var array = operands.toArray(new Tensor[0]);
    assertThat(Tensor.einsum(shorthand, array).toDoubles())
        .containsExactly(Tensor.einsum(full, array).toDoubles());
  }

  @Test
  void anEllipsisBroadcasts() {
    var a = random(1, 5, 1, 2, 3);
    var b = random(2, 4, 3, 2);
    var expected = a.matmul(b);
    for (var equation : List.of("...ij,...jk->...ik", "...ij,...jk")) {
      var y = Tensor.einsum(equation, a, b);
      assertThat(y.shape()).isEqualTo(Shape.of(5, 4, 2, 2));
      double[] want = expected.toDoubles();
      for (int i = 0; i < want.length; i++) {
        assertThat(y.toDoubles()[i]).isCloseTo(want[i], within(1e-12));
      }
    }
    assertThat(Tensor.einsum("i...->...i", a).shape()).isEqualTo(Shape.of(1, 2, 3, 5));
    assertThat(Tensor.einsum("i...->i", a).shape()).isEqualTo(Shape.of(5));
    assertThat(Tensor.einsum("...,...->...", a, b.t()).shape()).isEqualTo(Shape.of(5, 4, 2, 3));
    assertThat(Tensor.einsum("...,...->", random(3, 1), random(4, 7)).item())
        .isCloseTo(random(3, 1).item() * random(4, 7).sum().item(), within(1e-12));
  }

  /** As torch does it. */
  @Test
  void axesOfSizeOneBroadcast() {
    var column = Tensor.vector(1, 2).reshape(2, 1);
    var matrix = Tensor.arange(6).add(1).reshape(3, 2);
    assertThat(Tensor.einsum("ij,jk->ik", column, matrix).toDoubles())
        .containsExactly(9, 12, 18, 24);
    var three = Tensor.vector(1, 2, 3);
    assertThat(Tensor.einsum("i,i->", Tensor.vector(2), three).item()).isEqualTo(12);
    assertThat(Tensor.einsum("i,i,i->i", Tensor.vector(2), Tensor.vector(3), three).toDoubles())
        .containsExactly(6, 12, 18);
    assertThat(Tensor.einsum("i,i->", three.to(DType.I64), Tensor.of(new long[] {2}, 1)).item())
        .isEqualTo(12);
    problem("needs one size for i, got 1 and 3", "ii->i", Tensor.ones(1, 3));
  }

  @Test
  void integersStayExact() {
    long large = (1L << 53) + 1;
    var a = Tensor.of(new long[] {large, 1, 2, large}, 2, 2);
    assertThat(Tensor.einsum("ij,jk->ik", a, Tensor.of(new long[] {1, 0, 1, 1}, 2, 2)).toLongs())
        .containsExactly(large + 1, 1, 2 + large, large);
  }

  @Test
  void nothingSumsToZero() {
    var y = Tensor.einsum("ij,jk->ik", Tensor.zeros(2, 0), Tensor.zeros(0, 3));
    assertThat(y.toDoubles()).containsExactly(0, 0, 0, 0, 0, 0);
    assertThat(Tensor.einsum("ij,jk->ik", Tensor.zeros(0, 2), Tensor.zeros(2, 3)).shape())
        .isEqualTo(Shape.of(0, 3));
  }

  @Test
  void saysWhatDoesNotFit() {
    var x = Tensor.zeros(2, 3);
    var y = Tensor.zeros(4, 5);
    problem("names 1 axes of operand 0 [2, 3]", "i->i", x);
    problem("names 1 operands, got 2", "ij->i", x, y);
    problem("needs one size for j, got 3 and 4", "ij,jk->ik", x, y);
    problem("has k in the result alone", "ij->ik", x);
    problem("repeats an axis of the result", "ij->ii", x);
    problem("has something else than letters in it", "i1->i", x);
    problem("has more than one arrow", "ij->i->j", x);
  }

  private static void problem(String says, String equation, Tensor... operands) {
    assertThatThrownBy(() -> Tensor.einsum(equation, operands))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining(says);
  }
}
