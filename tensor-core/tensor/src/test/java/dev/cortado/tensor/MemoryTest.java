package dev.cortado.tensor;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MemoryTest {
  @Test
  void saysHowMuchIsNeededAndWhatToDo() {
    assertThatCode(() -> Memory.require("a float", 4)).doesNotThrowAnyException();
    assertThatThrownBy(() -> Memory.require("the model", 1L << 50))
        .isInstanceOf(CortadoException.class)
        .hasMessageStartingWith("too little memory: the model needs 1,073,741,824 MiB")
        .hasMessageContaining("-Xmx");
  }
}
