package dev.cortado.autograd.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.autograd.Autograd;
import dev.cortado.autograd.MutationProbe;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Mutation testing of the derivative rules: each sign, factor, constant, index and condition in
 * them is changed, one at a time, in the compiled class, and the tests have to notice. Takes
 * minutes, so it only runs when asked for; docs/building.md says how.
 */
@EnabledIfSystemProperty(named = "mutate", matches = ".+", disabledReason = "takes minutes")
class RuleMutationsTest {
  private static final String CHOSEN = System.getProperty("mutate", "all");

  private static final Pattern RULES =
      pattern(".*Rules?(\\$.*)?|Broadcasting|Epilogues(\\$.*)?|FormulaCall");

  private static final Pattern DERIVATIVES = pattern("(Unary|Binary)Function|Derivative");

  private static final int SECONDS = 240;

  @Test
  void aChangedRuleIsNoticed() throws Exception {
    new MutationProbe().run(); // as it is, all is well
    var survivors = new ArrayList<Mutant>();
    survivors.addAll(
        run(
            mutants(Autograd.class, RULES, m -> !m.equals("toString")),
            name -> name.startsWith("dev.cortado.autograd.")));
    survivors.addAll(
        run(
            mutants(
                dev.cortado.tensor.formula.Derivative.class,
                DERIVATIVES,
                m ->
                    m.equals("derivative")
                        || m.equals("differential")
                        || m.equals("pick")
                        || m.equals("differentiate")
                        || m.equals("chain")),
            name -> name.startsWith("dev.cortado.")));
    var unexplained = survivors.stream().filter(m -> !Equivalent.isKnown(m)).toList();
    assertThat(unexplained).isEmpty();
  }

  private static Pattern pattern(String all) {
    return Pattern.compile(CHOSEN.equals("all") ? all : CHOSEN);
  }

  /** Returns the mutants of the classes beside {@code sample} whose names match. */
  private static List<Mutant> mutants(Class<?> sample, Pattern names, Predicate<String> methods)
      throws IOException, URISyntaxException {
    var home = Path.of(sample.getProtectionDomain().getCodeSource().getLocation().toURI());
    var folder = home.resolve(sample.getPackageName().replace('.', '/'));
    var mutants = new ArrayList<Mutant>();
    try (var files = Files.list(folder)) {
      for (var file : files.sorted().toList()) {
        var name = String.valueOf(file.getFileName());
        if (name.endsWith(".class") && names.matcher(name.replace(".class", "")).matches()) {
          mutants.addAll(Mutant.of(Files.readAllBytes(file)));
        }
      }
    }
    mutants.removeIf(m -> !methods.test(m.method()));
    return mutants;
  }

  /** Returns the mutants that nothing notices, and prints how many there were of each class. */
  private static List<Mutant> run(List<Mutant> mutants, Predicate<String> afresh) {
    PrintStream out = System.out;
    var counts = new TreeMap<String, int[]>();
    var survivors = new ArrayList<Mutant>();
    for (var mutant : mutants) {
      boolean noticed = isNoticed(mutant, afresh);
      var file = mutant.type().replaceFirst("\\$.*", "");
      var count = counts.computeIfAbsent(file, f -> new int[2]);
      count[0]++;
      count[1] += noticed ? 1 : 0;
      if (!noticed) {
        survivors.add(mutant);
        out.println("survived  " + mutant + (Equivalent.isKnown(mutant) ? "  (equivalent)" : ""));
      }
    }
    counts.forEach((file, c) -> out.printf("%-45s %4d of %4d noticed%n", file, c[1], c[0]));
    return survivors;
  }

  private static boolean isNoticed(Mutant mutant, Predicate<String> afresh) {
    var result = new CompletableFuture<Boolean>();
    var thread =
        new Thread(
            () -> {
              try {
                var loader = new MutantLoader(mutant, afresh);
                var probe = loader.loadClass(MutationProbe.class.getName());
                ((Runnable) probe.getConstructor().newInstance()).run();
                result.complete(false);
              } catch (Throwable noticed) {
                result.complete(true);
              }
            });
    thread.setDaemon(true);
    thread.start();
    try {
      return result.get(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return true; // it does not end
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
