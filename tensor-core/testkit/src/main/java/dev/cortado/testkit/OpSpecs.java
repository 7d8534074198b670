package dev.cortado.testkit;

import dev.cortado.tensor.op.Op;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The specs of all ops. */
public final class OpSpecs {
  private static final List<OpSpec> ALL = collect();

  private OpSpecs() {}

  /** Returns every spec; an op that means several things has several. */
  public static List<OpSpec> all() {
    return ALL;
  }

  private static List<OpSpec> collect() {
    var all = new ArrayList<OpSpec>();
    all.addAll(ElementwiseSpecs.all());
    all.addAll(LossSpecs.all());
    all.addAll(ReductionSpecs.all());
    all.addAll(PlacementSpecs.all());
    all.addAll(IndexSpecs.all());
    all.addAll(LinearSpecs.all());
    all.addAll(PoolingSpecs.all());
    all.addAll(SpatialSpecs.all());
    all.addAll(NormalizationSpecs.all());
    all.addAll(AttentionSpecs.all());
    return List.copyOf(all);
  }

  /**
   * Returns the record of every op of the family, as its package holds them: no list could forget
   * one.
   */
  public static Set<Class<?>> family() {
    var folder = Op.class.getPackageName().replace('.', '/');
    try {
      var home = Path.of(Op.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(home)) {
        return records(home.resolve(folder));
      }
      try (var jar = FileSystems.newFileSystem(home)) {
        return records(jar.getPath(folder));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Set<Class<?>> records(Path folder) throws IOException {
    var records = new LinkedHashSet<Class<?>>();
    try (var files = Files.list(folder)) {
      for (var file : files.sorted().toList()) {
        var name = String.valueOf(file.getFileName());
        if (name.endsWith(".class") && !name.startsWith("package-info")) {
          var type = load(Op.class.getPackageName() + "." + name.replace(".class", ""));
          if (type.isRecord() && Op.class.isAssignableFrom(type)) {
            records.add(type);
          }
        }
      }
    }
    return records;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, Op.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
