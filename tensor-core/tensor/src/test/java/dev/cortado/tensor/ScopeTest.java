package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ScopeTest {
  private static final int SIZE = 5000;

  @Test
  void staleUseNamesTheOpThatMadeTheTensor() {
    Tensor product;
    Tensor view;
    try (var step = Scope.open()) {
      product = Tensor.ones(SIZE).mul(2);
      view = product.reshape(2, SIZE / 2).t();
    }
    for (var stale : new Tensor[] {product, view}) {
      assertThatThrownBy(() -> stale.add(1))
          .isInstanceOf(CortadoException.class)
          .hasMessageContaining("stale tensor")
          .hasMessageContaining("made by mul")
          .hasMessageContaining("keep");
      assertThatThrownBy(stale::toFloats).isInstanceOf(CortadoException.class);
    }
    assertThatThrownBy(() -> view.sum()).isInstanceOf(CortadoException.class);
  }

  @Test
  void whatIsKeptLivesOn() {
    Tensor kept;
    try (var step = Scope.open()) {
      kept = step.keep(Tensor.ones(SIZE).mul(2));
      Tensor.ones(SIZE).mul(3);
    }
    try (var step = Scope.open()) {
      Tensor.ones(SIZE).mul(5);
      assertThat(kept.toFloats()).containsOnly(2);
    }
  }

  @Test
  void keepingAViewKeepsWhatItLooksAt() {
    Tensor view;
    try (var step = Scope.open()) {
      view = step.keep(Tensor.arange(SIZE).mul(1.5).reshape(2, SIZE / 2).t());
    }
    assertThat(view.narrow(0, 3, 1).toFloats()).containsExactly(4.5f, 3754.5f);
  }

  @Test
  void whatAnInnerScopeKeepsBelongsToTheOuterOne() {
    Tensor inner;
    Tensor both;
    try (var outer = Scope.open()) {
      try (var nested = Scope.open()) {
        inner = nested.keep(Tensor.ones(SIZE).mul(2));
        both = nested.keep(Tensor.ones(SIZE).mul(3));
      }
      assertThat(inner.toFloats()).containsOnly(2);
      outer.keep(both);
    }
    var stale = inner;
    assertThatThrownBy(stale::toFloats).isInstanceOf(CortadoException.class);
    assertThat(both.toFloats()).containsOnly(3);
  }

  @Test
  void whatWasThereBeforeTheScopeIsNotItsBusiness() {
    var before = Tensor.ones(SIZE).mul(2);
    try (var step = Scope.open()) {
      step.recycle(before);
      step.keep(before);
    }
    assertThat(before.toFloats()).containsOnly(2);
  }

  @Test
  void recycledTensorsAreStaleAtOnce() {
    try (var step = Scope.open()) {
      var x = Tensor.ones(SIZE).mul(2);
      step.recycle(x);
      assertThatThrownBy(x::toFloats).isInstanceOf(CortadoException.class);
    }
  }

  @Test
  void arraysAreUsedAgainAndTheirOldContentDoesNotShow() {
    assumeTrue(!"off".equals(System.getProperty("cortado.pool")), "recycling is on");
    Object first;
    try (var step = Scope.open()) {
      first = Tensor.ones(SIZE).mul(Float.NaN).host().array();
    }
    try (var step = Scope.open()) {
      var x = Tensor.zeros(SIZE);
      var y = x.add(1);
      assertThat(y.toFloats()).containsOnly(1);
      assertThat(x.host().array() == first || y.host().array() == first).isTrue();
    }
  }

  @Test
  void outsideMeansOutside() {
    Tensor x;
    try (var step = Scope.open()) {
      x = Scope.outside(() -> Tensor.ones(SIZE).mul(2));
    }
    assertThat(x.toFloats()).containsOnly(2);
  }

  @Test
  void scopesCloseInReverseOrderAndTwiceDoesNoHarm() {
    var outer = Scope.open();
    var inner = Scope.open();
    assertThatThrownBy(outer::close)
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("still open");
    assertThat(Scope.current()).isSameAs(inner);
    inner.close();
    outer.close();
    assertThatCode(outer::close).doesNotThrowAnyException();
    assertThat(Scope.current()).isNull();
  }

  @Test
  void aScopeBelongsToItsThread() throws InterruptedException {
    var problems = new ArrayList<String>();
    Tensor mine;
    var theirs = new AtomicReference<Tensor>();
    try (var step = Scope.open()) {
      mine = Tensor.ones(SIZE).mul(2);
      var thread =
          new Thread(
              () -> {
                // No scope is open here: what this thread makes belongs to the collector.
                theirs.set(mine.mul(3));
                for (var use :
                    List.<Runnable>of(
                        step::close, () -> step.keep(mine), () -> step.recycle(mine))) {
                  try {
                    use.run();
                    problems.add("nothing");
                  } catch (CortadoException e) {
                    problems.add(String.valueOf(e.getMessage()));
                  }
                }
              },
              "other");
      thread.start();
      thread.join();
      assertThat(mine.toFloats()).containsOnly(2);
    }
    assertThat(problems)
        .hasSize(3)
        .allSatisfy(p -> assertThat(p).contains("belongs to the thread").contains("'other'"));
    assertThat(theirs.get().toFloats()).containsOnly(6);
    assertThatThrownBy(mine::toFloats).isInstanceOf(CortadoException.class);
  }

  @Test
  void aClosedScopeKeepsNothing() {
    var step = Scope.open();
    var x = Tensor.ones(SIZE).mul(2);
    step.close();
    assertThatThrownBy(() -> step.keep(x))
        .isInstanceOf(CortadoException.class)
        .hasMessageContaining("closed already");
  }

  @Test
  void resultsAreTheSameWithoutAScope() {
    var x = Tensor.normal(RandomKey.of(1), 70, 80);
    float[] plain = program(x).toFloats();
    for (int i = 0; i < 3; i++) {
      try (var step = Scope.open()) {
        assertThat(program(x).toFloats()).isEqualTo(plain);
      }
    }
  }

  private static Tensor program(Tensor x) {
    var y = x.matmul(x.t()).mul(0.1).tanh();
    return y.softmax(-1).matmul(x).sum(false, 0).add(y.sum());
  }
}
