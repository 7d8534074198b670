package dev.cortado.tensor;

import dev.cortado.tensor.reference.ReferenceBackend;
import dev.cortado.tensor.spi.Backend;
import dev.cortado.tensor.spi.BackendProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Chooses who computes: what the program asked for ({@link #with}), else the system property {@code
 * cortado.backend}, else the best backend that can run here. The reference always can.
 */
public final class Backends {
  private static final ThreadLocal<@Nullable Backend> EXPLICIT = new ThreadLocal<>();

  private Backends() {}

  /** What became of one backend at start-up. */
  public record Candidate(String name, boolean chosen, String reason) {}

  private record Choice(Backend backend, List<Candidate> candidates) {}

  private static volatile @Nullable Choice choice;

  /**
   * Chooses at the first call. Not in an initialiser, whose exceptions come wrapped in an error.
   */
  private static Choice choice() {
    var made = choice;
    if (made == null) {
      synchronized (Backends.class) {
        made = choice == null ? choose() : choice;
        choice = made;
      }
    }
    return made;
  }

  /** Returns the backend for ops of this thread. */
  public static Backend current() {
    var explicit = EXPLICIT.get();
    return explicit != null ? explicit : choice().backend();
  }

  /** Returns the reference backend: scalar loops that define what is correct. */
  public static Backend reference() {
    return ReferenceBackend.INSTANCE;
  }

  /** Returns every backend that was considered, and why it was chosen or refused. */
  public static List<Candidate> candidates() {
    return choice().candidates();
  }

  /**
   * Returns the backend with the given name.
   *
   * @throws CortadoException if there is none or it cannot run here, saying why
   */
  public static Backend named(String name) {
    for (var provider : providers()) {
      if (provider.name().equals(name)) {
        provider
            .refusal()
            .ifPresent(
                why -> {
                  throw new CortadoException("backend " + name + " cannot run here: " + why);
                });
        return provider.create();
      }
    }
    var known = providers().stream().map(BackendProvider::name).toList();
    throw new CortadoException("unknown backend '" + name + "'; known are " + known);
  }

  /** Runs {@code body} with {@code backend} computing the ops of this thread. */
  public static <T> T with(Backend backend, Supplier<T> body) {
    var before = EXPLICIT.get();
    EXPLICIT.set(backend);
    try {
      return body.get();
    } finally {
      EXPLICIT.set(before);
    }
  }

  /** Runs {@code body} with tensors that have shapes and types but no numbers. */
  public static <T> T shapesOnly(Supplier<T> body) {
    return with(ShapeOnlyBackend.INSTANCE, body);
  }

  private static List<BackendProvider> providers() {
    var providers = new ArrayList<BackendProvider>();
    ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader())
        .forEach(providers::add);
    providers.add(new ReferenceProvider());
    providers.sort(Comparator.comparingInt(BackendProvider::rank).reversed());
    return providers;
  }

  private static Choice choose() {
    String asked = System.getProperty("cortado.backend");
    if (asked != null) {
      return new Choice(named(asked), besides(asked));
    }
    var candidates = new ArrayList<Candidate>();
    Backend chosen = null;
    for (var provider : providers()) {
      var refusal = provider.refusal();
      if (refusal.isPresent()) {
        candidates.add(new Candidate(provider.name(), false, refusal.get()));
      } else if (chosen == null) {
        chosen = provider.create();
        candidates.add(new Candidate(provider.name(), true, chosen.description()));
      } else {
        candidates.add(new Candidate(provider.name(), false, chosen.name() + " is faster"));
      }
    }
    var refused =
        candidates.stream().filter(c -> !c.chosen() && !c.reason().endsWith("is faster")).toList();
    for (var candidate : refused) {
      LoggerFactory.getLogger(Backends.class)
          .warn("backend {} is not used: {}", candidate.name(), candidate.reason());
    }
    return new Choice(chosen == null ? reference() : chosen, List.copyOf(candidates));
  }

  private static List<Candidate> besides(String name) {
    var candidates = new ArrayList<Candidate>();
    for (var provider : providers()) {
      boolean chosen = provider.name().equals(name);
      var reason = chosen ? "asked for by -Dcortado.backend" : name + " was asked for";
      candidates.add(new Candidate(provider.name(), chosen, provider.refusal().orElse(reason)));
    }
    return List.copyOf(candidates);
  }

  private static final class ReferenceProvider implements BackendProvider {
    @Override
    public String name() {
      return "reference";
    }

    @Override
    public int rank() {
      return 0;
    }

    @Override
    public Optional<String> refusal() {
      return Optional.empty();
    }

    @Override
    public Backend create() {
      return reference();
    }
  }
}
