package dev.cortado.testkit;

import dev.cortado.tensor.op.Elementwise;
import dev.cortado.tensor.op.Op;
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
    all.addAll(ReductionSpecs.all());
    all.addAll(PlacementSpecs.all());
    all.addAll(LinearSpecs.all());
    all.addAll(PoolingSpecs.all());
    all.addAll(NormalizationSpecs.all());
    return List.copyOf(all);
  }

  /**
   * Returns the record of every op of the family: found through the sealed interfaces and, for
   * elementwise ops, which anybody may add, among the types nested in those of {@code elementwise}.
   */
  public static Set<Class<?>> family(Class<?>... elementwise) {
    var records = new LinkedHashSet<Class<?>>();
    addRecords(Op.class, records);
    for (var type : elementwise) {
      for (var nested : type.getDeclaredClasses()) {
        if (nested.isRecord() && Elementwise.class.isAssignableFrom(nested)) {
          records.add(nested);
        }
      }
      if (type.isRecord()) {
        records.add(type);
      }
    }
    return records;
  }

  private static void addRecords(Class<?> type, Set<Class<?>> records) {
    if (type.isRecord()) {
      records.add(type);
    } else if (type.isSealed()) {
      for (var permitted : type.getPermittedSubclasses()) {
        addRecords(permitted, records);
      }
    }
  }
}
