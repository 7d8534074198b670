package dev.cortado.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HardwareTest {

  @Test
  void knowsThisMachine() {
    var here = Hardware.detect();
    assertThat(here.cpu()).isNotBlank();
    assertThat(here.cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(here.maxHeapBytes()).isEqualTo(Runtime.getRuntime().maxMemory());
    assertThat(here.memoryBytes()).isGreaterThan(1L << 28);
    assertThat(here.jvm()).contains(Runtime.version().toString());
    assertThat(here.os()).startsWith(System.getProperty("os.name"));
  }

  @Test
  void findsTheProcessorsNameOnSeveralArchitectures() {
    var x86 = List.of("processor\t: 0", "cpu family\t: 25", "model name\t: AMD  EPYC 7763 ", "");
    assertThat(Hardware.cpuFromProc(x86)).contains("AMD EPYC 7763");
    var arm = List.of("processor : 0", "BogoMIPS : 108", "", "Model : Raspberry Pi 5 Rev 1.0");
    assertThat(Hardware.cpuFromProc(arm)).contains("Raspberry Pi 5 Rev 1.0");
    assertThat(Hardware.cpuFromProc(List.of("processor : 0", "model name :"))).isEmpty();
    assertThat(Hardware.cpuFromProc(List.of())).isEmpty();
  }

  @Test
  void speaksToPeople() {
    var one = new Hardware("Imaginary 9000", 1, "Linux", "amd64", "25", 3L << 29, 1L << 33);
    assertThat(one.summary()).isEqualTo("Imaginary 9000, 1 core, 8.0 GiB memory, 1.5 GiB heap");
    var two = new Hardware("Imaginary 9000", 2, "Linux", "amd64", "25", 1 << 30, 0);
    assertThat(two.summary()).isEqualTo("Imaginary 9000, 2 cores, 1.0 GiB heap");
  }
}
