package dev.cortado.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.autograd.Autograd;
import dev.cortado.autograd.GradCheck;
import dev.cortado.nn.testkit.LayerSpec;
import dev.cortado.nn.testkit.LayerSpecs;
import dev.cortado.tensor.Backends;
import dev.cortado.tensor.DType;
import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** What holds for every layer, over drawn sizes, settings, inputs and modes. */
class LayersProperties {
  private static final RandomKey KEY = RandomKey.of(11);

  @Provide
  Arbitrary<LayerSpec> specs() {
    return Arbitraries.of(LayerSpecs.all());
  }

  private static Tensor apply(Layer layer, Tensor x) {
    return Randomness.with(KEY, () -> layer.apply(x));
  }

  private static void checkGradients(LayerSpec spec, long seed, int size) {
    Backends.with(
        Backends.reference(),
        () -> {
          var drawn = spec.draw(seed, size, DType.F64);
          return drawn.check(GradCheck.DEFAULT, false).orThrow();
        });
  }

  @Property(tries = 250, shrinking = ShrinkingMode.BOUNDED)
  void gradientsAgreeWithDifferences(
      @ForAll("specs") LayerSpec spec,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 3) int size) {
    checkGradients(spec, seed, size);
  }

  /** Every layer at least so often, whatever is drawn. */
  @Example
  void gradientsOfEveryLayerAgreeWithDifferences() {
    for (var spec : LayerSpecs.all()) {
      for (long seed = 0; seed < 4; seed++) {
        checkGradients(spec, seed, 2);
      }
    }
  }

  @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
  void aCopyComputesTheSameAndIsItsOwn(@ForAll("specs") LayerSpec spec, @ForAll long seed) {
    var drawn = spec.draw(seed, 3, DType.F32);
    var layer = drawn.layer();
    if (seed % 3 == 0) {
      layer.parameters().values().forEach(p -> p.trainable(false));
    }
    var copy = Layer.copyOf(layer);
    assertThat(copy.getClass()).isEqualTo(layer.getClass());
    assertThat(copy).hasToString(layer.toString());
    assertThat(copy.isTraining()).isEqualTo(layer.isTraining());
    assertThat(copy.trainableCount()).isEqualTo(layer.trainableCount());
    assertThat(apply(copy, drawn.input()).toFloats())
        .isEqualTo(apply(layer, drawn.input()).toFloats());
    var numbers = layer.state();
    copy.state()
        .forEach(
            (name, tensor) -> {
              assertThat(tensor.storage()).isNotSameAs(numbers.get(name).storage());
              assertThat(tensor.toDoubles()).isEqualTo(numbers.get(name).toDoubles());
            });
  }

  @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
  void theStateIsAllThereIs(@ForAll("specs") LayerSpec spec, @ForAll long seed) {
    var drawn = spec.draw(seed, 3, DType.F32);
    drawn.layer().eval();
    var other = Layer.twinOf(drawn.layer());
    var report = other.load(drawn.layer().state(), true);
    other.eval();
    assertThat(report.isComplete()).isTrue();
    assertThat(other.apply(drawn.input()).toFloats())
        .isEqualTo(drawn.layer().apply(drawn.input()).toFloats());
  }

  @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
  void frozenLayersStandStill(@ForAll("specs") LayerSpec spec, @ForAll long seed) {
    var drawn = spec.draw(seed, 3, DType.F32);
    var model = new Sequential(drawn.layer());
    model.freeze("0");
    model.train();
    var before = new LinkedHashMap<String, float[]>();
    model.state().forEach((name, tensor) -> before.put(name, tensor.toFloats()));
    // Without a random key whatever drops something would throw.
    var inTraining = model.apply(drawn.input());
    assertThat(Autograd.isTracked(inTraining)).isFalse();
    model
        .state()
        .forEach((name, tensor) -> assertThat(tensor.toFloats()).isEqualTo(before.get(name)));
    model.eval();
    assertThat(model.apply(drawn.input()).toFloats()).isEqualTo(inTraining.toFloats());
  }

  @Example
  void everyLayerHasASpec() throws IOException, URISyntaxException {
    var specified = new LinkedHashSet<Class<?>>();
    LayerSpecs.all().forEach(spec -> specified.add(spec.type()));
    assertThat(layers()).hasSizeGreaterThan(20);
    assertThat(specified).containsAll(layers());
  }

  /** Every layer of the package, as its folder of classes holds them: no list could forget one. */
  private static Set<Class<?>> layers() throws IOException, URISyntaxException {
    var home = Path.of(Layer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    var layers = new LinkedHashSet<Class<?>>();
    try (var files = Files.list(home.resolve(Layer.class.getPackageName().replace('.', '/')))) {
      for (var file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
        var name = String.valueOf(file.getFileName()).replace(".class", "");
        if (!name.equals("package-info")) {
          var type = load(Layer.class.getPackageName() + "." + name);
          if (Layer.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
            layers.add(type);
          }
        }
      }
    }
    return layers;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, Layer.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
