package dev.cortado.benchmarks.kernel;

import dev.cortado.examples.command.BenchKernelsCommand;
import dev.cortado.examples.command.KernelBenchmarks;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.io.AtomicFile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Does what {@link BenchKernelsCommand} asks for. */
public final class KernelBench implements KernelBenchmarks {
  /** Creates it; found with {@link java.util.ServiceLoader}. */
  public KernelBench() {}

  @Override
  public void run(Request request) {
    if (!Backends.current().name().equals("simd")) {
      throw new CortadoException(
          "the kernels of the backend simd are measured, and here computes "
              + Backends.current().name()
              + ": 'cortado info' says why");
    }
    var cases = Cases.matching(request.pattern());
    var compare = request.compare();
    List<KernelResult> earlier = compare == null ? List.of() : KernelResult.read(compare);
    var json = request.json();
    boolean toOut = json != null && json.toString().equals(KernelBenchmarks.STANDARD_OUTPUT);
    var rows = Stream.concat(LimitCases.all().stream(), cases.stream()).toList();
    var table = new KernelTable(toOut ? System.err : System.out, rows, earlier);
    var results = measure(request, rows, table);
    table.controls(cases, results);
    if (toOut) {
      System.out.print(KernelResult.toJson(results));
    } else if (json != null) {
      AtomicFile.write(json, KernelResult.toJson(results));
    }
  }

  private static List<KernelResult> measure(
      Request request, List<KernelCase> rows, KernelTable table) {
    var measurement = new Measurement(request.quick());
    var results = new ArrayList<KernelResult>();
    table.head();
    try (var progress = new BenchProgress(System.err, rows.size() * request.threads().size())) {
      for (var row : rows) {
        for (int threads : request.threads()) {
          progress.next(row.id());
          var result =
              LimitCases.all().contains(row)
                  ? measurement.limit(row, threads)
                  : measurement.row(row, threads);
          progress.clear();
          table.row(result);
          results.add(result);
        }
      }
    }
    return results;
  }
}
