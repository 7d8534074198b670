package dev.cortado.autograd.mutation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Predicate;

/** Loads one class changed, and afresh all that are to see it. */
final class MutantLoader extends ClassLoader {
  private final Mutant mutant;
  private final Predicate<String> afresh;

  MutantLoader(Mutant mutant, Predicate<String> afresh) {
    super(MutantLoader.class.getClassLoader());
    this.mutant = mutant;
    this.afresh = afresh;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      if (!afresh.test(name)) {
        return super.loadClass(name, resolve);
      }
      var loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      byte[] bytes = name.equals(mutant.type()) ? mutant.bytes() : bytes(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }

  /** Returns the class file of {@code name}; null if there is none. */
  static byte @org.jspecify.annotations.Nullable [] bytes(String name) {
    var file = name.replace('.', '/') + ".class";
    try (var stream = MutantLoader.class.getClassLoader().getResourceAsStream(file)) {
      return stream == null ? null : stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
