package dev.cortado.training.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The machine and the Java virtual machine a run was made on.
 *
 * @param cpu the processor's name, such as "AMD Ryzen 7 5800X 8-Core Processor"
 * @param cores processors this program may use
 * @param os operating system with version
 * @param arch instruction set, such as "amd64" or "aarch64"
 * @param jvm the virtual machine's name, maker and version
 * @param maxHeapBytes the largest heap this JVM may have, in bytes
 * @param memoryBytes the machine's memory, in bytes; 0 if the JVM does not say
 */
public record Hardware(
    String cpu,
    int cores,
    String os,
    String arch,
    String jvm,
    long maxHeapBytes,
    long memoryBytes) {

  /** What this program runs on. */
  public static Hardware detect() {
    var runtime = Runtime.getRuntime();
    return new Hardware(
        cpuName(property("os.name"), property("os.arch"), System.getenv()),
        runtime.availableProcessors(),
        property("os.name") + " " + property("os.version"),
        property("os.arch"),
        "%s, %s, %s"
            .formatted(property("java.vm.name"), property("java.vendor"), Runtime.version()),
        runtime.maxMemory(),
        memory());
  }

  /** One line for people: {@code AMD EPYC 7763, 2 cores, 8.0 GiB memory, 4.0 GiB heap}. */
  public String summary() {
    var memory = memoryBytes == 0 ? "" : gib(memoryBytes) + " memory, ";
    return "%s, %d %s, %s%s heap"
        .formatted(cpu, cores, cores == 1 ? "core" : "cores", memory, gib(maxHeapBytes));
  }

  private static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }

  private static String property(String key) {
    return System.getProperty(key, "unknown");
  }

  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean bean
        ? bean.getTotalMemorySize()
        : 0;
  }

  private static String cpuName(String os, String arch, Map<String, String> environment) {
    var system = os.toLowerCase(Locale.ROOT);
    Optional<String> name = Optional.empty();
    if (system.contains("linux")) {
      name = readLines(Path.of("/proc/cpuinfo")).flatMap(Hardware::cpuFromProc);
    } else if (system.contains("mac")) {
      name = output("sysctl", "-n", "machdep.cpu.brand_string");
    } else if (system.contains("windows")) {
      name = Optional.ofNullable(environment.get("PROCESSOR_IDENTIFIER"));
    }
    return name.map(String::strip).filter(n -> !n.isEmpty()).orElse("unknown " + arch);
  }

  /**
   * Finds the processor's name in the lines of {@code /proc/cpuinfo}: "model name" on x86, "Model"
   * or "Hardware" on ARM boards, "cpu model" on MIPS, "uarch" on RISC-V.
   */
  static Optional<String> cpuFromProc(List<String> lines) {
    for (var key : List.of("model name", "Model", "Hardware", "cpu model", "cpu", "uarch")) {
      for (var line : lines) {
        int colon = line.indexOf(':');
        if (colon > 0 && line.substring(0, colon).strip().equals(key)) {
          var value = line.substring(colon + 1).strip().replaceAll("\\s+", " ");
          if (!value.isEmpty()) {
            return Optional.of(value);
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<List<String>> readLines(Path file) {
    try {
      return Optional.of(Files.readAllLines(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> output(String... command) {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.exitValue() == 0 ? Optional.of(text) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
