package dev.cortado.tensor.formula;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * One or more formulas as a straight list of instructions: every distinct subexpression once,
 * operands before their users. Constants stand in a table of their own, so formulas that differ
 * only in constants have equal {@link #code()} and share one compiled loop.
 */
public final class Program {
  /** One step; {@code a}, {@code b} and {@code c} are numbers of earlier steps. */
  public sealed interface Instruction {
    /** Reads the op's input number {@code index}. */
    record Load(int index) implements Instruction {}

    /** Reads entry {@code index} of the table of constants. */
    record LoadConstant(int index) implements Instruction {}

    /** Applies a function of one argument. */
    record Apply1(UnaryFunction function, int a) implements Instruction {}

    /** Applies a function of two arguments. */
    record Apply2(BinaryFunction function, int a, int b) implements Instruction {}

    /** Chooses {@code b} where {@code a} is not 0, else {@code c}. */
    record Choose(int a, int b, int c) implements Instruction {}
  }

  private final List<Instruction> code;
  private final double[] constants;
  private final List<Integer> outputs;

  private Program(List<Instruction> code, double[] constants, List<Integer> outputs) {
    this.code = List.copyOf(code);
    this.constants = constants;
    this.outputs = List.copyOf(outputs);
  }

  /** Compiles one formula. */
  public static Program of(Formula formula) {
    return of(List.of(formula));
  }

  /** Compiles several formulas over the same inputs; what they share is computed once. */
  public static Program of(List<Formula> formulas) {
    var builder = new Builder();
    var outputs = formulas.stream().map(builder::add).toList();
    double[] constants = builder.constants.stream().mapToDouble(Double::doubleValue).toArray();
    return new Program(builder.code, constants, outputs);
  }

  /** Returns the instructions in order. */
  public List<Instruction> code() {
    return code;
  }

  /** Returns a copy of the table of constants. */
  public double[] constants() {
    return constants.clone();
  }

  /** Returns for each formula the number of the instruction that holds its value. */
  public List<Integer> outputs() {
    return outputs;
  }

  /** Returns the numbers of the inputs that the formulas read, ascending. */
  public List<Integer> inputs() {
    var result = new TreeSet<Integer>();
    for (var instruction : code) {
      if (instruction instanceof Instruction.Load load) {
        result.add(load.index());
      }
    }
    return List.copyOf(result);
  }

  /** Returns the formulas' values for the given inputs. */
  public double[] evaluate(double... inputs) {
    double[] registers = new double[code.size()];
    run(inputs, registers);
    double[] results = new double[outputs.size()];
    Arrays.setAll(results, i -> registers[outputs.get(i)]);
    return results;
  }

  /** Computes all instructions into {@code registers} (one per instruction), without allocating. */
  public void run(double[] inputs, double[] registers) {
    for (int i = 0; i < registers.length; i++) {
      registers[i] =
          switch (code.get(i)) {
            case Instruction.Load load -> inputs[load.index()];
            case Instruction.LoadConstant k -> constants[k.index()];
            case Instruction.Apply1 f -> f.function().apply(registers[f.a()]);
            case Instruction.Apply2 f -> f.function().apply(registers[f.a()], registers[f.b()]);
            case Instruction.Choose s ->
                registers[s.a()] != 0 ? registers[s.b()] : registers[s.c()];
          };
    }
  }

  private static final class Builder {
    final ArrayList<Instruction> code = new ArrayList<>();
    final ArrayList<Double> constants = new ArrayList<>();
    private final Map<Formula, Integer> seen = new IdentityHashMap<>();
    private final Map<Instruction, Integer> numbers = new HashMap<>();
    private final Map<Double, Integer> constantNumbers = new HashMap<>();

    int add(Formula f) {
      var known = seen.get(f);
      if (known != null) {
        return known;
      }
      var instruction =
          switch (f) {
            case Formula.Input i -> new Instruction.Load(i.index());
            case Formula.Constant c -> new Instruction.LoadConstant(constant(c.value()));
            case Formula.Unary u -> new Instruction.Apply1(u.function(), add(u.x()));
            case Formula.Binary b -> new Instruction.Apply2(b.function(), add(b.a()), add(b.b()));
            case Formula.Select s ->
                new Instruction.Choose(add(s.condition()), add(s.yes()), add(s.no()));
          };
      int number =
          numbers.computeIfAbsent(
              instruction,
              step -> {
                code.add(step);
                return code.size() - 1;
              });
      seen.put(f, number);
      return number;
    }

    private int constant(double value) {
      return constantNumbers.computeIfAbsent(
          value,
          v -> {
            constants.add(v);
            return constants.size() - 1;
          });
    }
  }
}
