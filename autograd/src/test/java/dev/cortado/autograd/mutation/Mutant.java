package dev.cortado.autograd.mutation;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A class with one change in one instruction.
 *
 * @param type the class's name
 * @param method the method that is changed
 * @param line where in the source
 * @param change what, for people
 * @param bytes the class file
 */
record Mutant(String type, String method, int line, String change, byte[] bytes) {
  /** Methods that say the opposite, of tensors and of formulas. */
  private static final Map<String, String> OPPOSITES =
      Map.ofEntries(
          Map.entry("add", "sub"),
          Map.entry("sub", "add"),
          Map.entry("mul", "div"),
          Map.entry("div", "mul"),
          Map.entry("plus", "minus"),
          Map.entry("minus", "plus"),
          Map.entry("times", "dividedBy"),
          Map.entry("dividedBy", "times"),
          Map.entry("lessThan", "atMost"),
          Map.entry("atMost", "lessThan"));

  private static final Map<Opcode, Opcode> OPERATORS =
      Map.ofEntries(
          Map.entry(Opcode.IADD, Opcode.ISUB),
          Map.entry(Opcode.ISUB, Opcode.IADD),
          Map.entry(Opcode.IMUL, Opcode.IADD),
          Map.entry(Opcode.IDIV, Opcode.IMUL),
          Map.entry(Opcode.DADD, Opcode.DSUB),
          Map.entry(Opcode.DSUB, Opcode.DADD),
          Map.entry(Opcode.DMUL, Opcode.DDIV),
          Map.entry(Opcode.DDIV, Opcode.DMUL),
          Map.entry(Opcode.LMUL, Opcode.LADD),
          Map.entry(Opcode.LADD, Opcode.LSUB));

  private static final Map<Opcode, Opcode> BRANCHES =
      Map.ofEntries(
          Map.entry(Opcode.IFEQ, Opcode.IFNE),
          Map.entry(Opcode.IFNE, Opcode.IFEQ),
          Map.entry(Opcode.IFLT, Opcode.IFGE),
          Map.entry(Opcode.IFGE, Opcode.IFLT),
          Map.entry(Opcode.IFGT, Opcode.IFLE),
          Map.entry(Opcode.IFLE, Opcode.IFGT),
          Map.entry(Opcode.IF_ICMPEQ, Opcode.IF_ICMPNE),
          Map.entry(Opcode.IF_ICMPNE, Opcode.IF_ICMPEQ),
          Map.entry(Opcode.IF_ICMPLT, Opcode.IF_ICMPGE),
          Map.entry(Opcode.IF_ICMPGE, Opcode.IF_ICMPLT),
          Map.entry(Opcode.IF_ICMPGT, Opcode.IF_ICMPLE),
          Map.entry(Opcode.IF_ICMPLE, Opcode.IF_ICMPGT));

  /** Instead of one instruction, others. */
  private record Change(int at, int line, String what, Consumer<CodeBuilder> instead) {}

  /** Returns every mutant of a class. */
  static List<Mutant> of(byte[] original) {
    var mutants = new ArrayList<Mutant>();
    var model = ClassFile.of().parse(original);
    for (var method : model.methods()) {
      for (var change : changes(method)) {
        mutants.add(
            new Mutant(
                model.thisClass().asInternalName().replace('/', '.'),
                method.methodName().stringValue(),
                change.line,
                change.what,
                changed(model, method, change)));
      }
    }
    return mutants;
  }

  private static List<Change> changes(MethodModel method) {
    var changes = new ArrayList<Change>();
    var elements = method.code().map(c -> c.elementList()).orElse(List.of());
    int line = 0;
    for (int at = 0; at < elements.size(); at++) {
      if (elements.get(at) instanceof LineNumber number) {
        line = number.line();
      }
      boolean length =
          at + 1 < elements.size() && elements.get(at + 1) instanceof NewReferenceArrayInstruction;
      if (!length) { // an array that is too long does no harm
        add(changes, elements.get(at), at, line);
      }
    }
    return changes;
  }

  private static void add(List<Change> changes, CodeElement element, int at, int line) {
    switch (element) {
      case InvokeInstruction call -> {
        var name = call.name().stringValue();
        boolean ours = call.owner().asInternalName().startsWith("dev/cortado/tensor/");
        var other = OPPOSITES.get(name);
        if (ours && other != null) {
          changes.add(
              new Change(
                  at,
                  line,
                  name + " → " + other,
                  code ->
                      code.invoke(
                          call.opcode(),
                          call.owner().asSymbol(),
                          other,
                          call.typeSymbol(),
                          call.isInterface())));
        } else if (ours && (name.equals("negate") || name.equals("neg"))) {
          changes.add(new Change(at, line, name + " → nothing", code -> {}));
        }
      }
      case ConstantInstruction constant -> constant(changes, constant, at, line);
      case OperatorInstruction operator -> {
        var other = OPERATORS.get(operator.opcode());
        if (other != null) {
          changes.add(
              new Change(
                  at,
                  line,
                  operator.opcode() + " → " + other,
                  code -> code.with(OperatorInstruction.of(other))));
        }
      }
      case BranchInstruction branch -> {
        var other = BRANCHES.get(branch.opcode());
        if (other != null) {
          changes.add(
              new Change(
                  at,
                  line,
                  branch.opcode() + " → " + other,
                  code -> code.branch(other, branch.target())));
        }
      }
      default -> {}
    }
  }

  private static void constant(
      List<Change> changes, ConstantInstruction constant, int at, int line) {
    if (constant.constantValue() instanceof Double value) {
      for (double other : value == 0 ? new double[] {1} : new double[] {-value, 2 * value}) {
        changes.add(new Change(at, line, value + " → " + other, code -> code.loadConstant(other)));
      }
    } else if (constant.constantValue() instanceof Integer value) {
      int other = value == 1 ? 0 : value + 1;
      changes.add(new Change(at, line, value + " → " + other, code -> code.loadConstant(other)));
    }
  }

  private static byte[] changed(ClassModel model, MethodModel method, Change change) {
    CodeTransform replace =
        CodeTransform.ofStateful(
            () -> {
              int[] at = new int[1];
              return (code, element) -> {
                if (at[0]++ == change.at) {
                  change.instead.accept(code);
                } else {
                  code.with(element);
                }
              };
            });
    var transform =
        ClassTransform.transformingMethods(
            m -> m.equals(method), MethodTransform.transformingCode(replace));
    return ClassFile.of().transformClass(model, transform);
  }

  /** Returns what is changed, wherever it stands: lines move. */
  String key() {
    return type.substring(type.lastIndexOf('.') + 1) + "." + method + " " + change;
  }

  @Override
  public String toString() {
    return key() + " (line " + line + ")";
  }
}
