package dev.cortado.autograd;

import dev.cortado.testkit.OpSpec;
import dev.cortado.testkit.OpSpecs;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The tests that are to notice a changed rule, in the order of the likeliest: throws as soon as one
 * does. The mutated classes and this one come from the same class loader.
 */
public final class MutationProbe implements Runnable {
  private static final int SEEDS = 12;
  private static final int SIZES = 4;
  private static final int MASKS = 7;

  /** Creates the probe; by reflection. */
  public MutationProbe() {}

  @Override
  public void run() {
    var properties = new RulesProperties();
    var saves = new SavesProperties();
    var specs = OpSpecs.all().stream().filter(OpSpec::differentiable).toList();
    for (int seed = 0; seed < SEEDS; seed++) {
      for (var spec : specs) {
        properties.gradientsAgreeWithDifferences(spec, seed, 1 + seed % SIZES);
        for (int mask = 1; mask <= MASKS; mask++) {
          properties.onlyWhatIsWantedIsComputed(spec, seed, mask);
          saves.nothingIsSavedInVain(spec, seed, mask);
        }
        if (seed < SEEDS / 4) {
          properties.gradientsOfGradientsAgreeWithDifferences(spec, seed, 2);
        }
      }
    }
    List.of(new RulesTest(), new KinksTest(), new GradCheckTest(), new HooksTest())
        .forEach(MutationProbe::runTests);
  }

  private static void runTests(Object tests) {
    for (var method : tests.getClass().getDeclaredMethods()) {
      if (method.isAnnotationPresent(Test.class)) {
        method.setAccessible(true);
        try {
          method.invoke(tests);
        } catch (InvocationTargetException e) {
          throw new AssertionError(method.getName(), e.getCause());
        } catch (IllegalAccessException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }
}
