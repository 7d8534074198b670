package dev.cortado.rules;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.BaseStream;

/** What may know what. */
@AnalyzeClasses(packages = "dev.cortado", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] NUMERIC = {
    "dev.cortado.tensor..", "dev.cortado.simd..", "dev.cortado.autograd..", "dev.cortado.nn.."
  };
  private static final String[] LIBRARY = {
    "dev.cortado.tensor..",
    "dev.cortado.simd..",
    "dev.cortado.testkit..",
    "dev.cortado.autograd..",
    "dev.cortado.nn..",
    "dev.cortado.vision..",
    "dev.cortado.training.."
  };

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices()
          .assignedFrom(new Packages())
          .should()
          .beFreeOfCycles()
          // One class has to name the backend that is always there.
          .ignoreDependency(nameMatching("dev.cortado.tensor.Backends"), alwaysTrue())
          .because("a reader has to be able to start somewhere");

  @ArchTest
  static final ArchRule vectorApiStaysInSimd =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.cortado.simd..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.incubator..")
          .because("the rest has to run where the Vector API is missing");

  @ArchTest
  static final ArchRule vectorApiStaysOutOfSignatures =
      noMethods()
          .that()
          .arePublic()
          .and()
          .areDeclaredInClassesThat()
          .arePublic()
          .should()
          .haveRawReturnType(vectorType())
          .orShould()
          .haveRawParameterTypes(anyVectorType())
          .because(
              "a signature that names an incubating type breaks its callers with the next JDK");

  @ArchTest
  static final ArchRule foreignMemoryStaysInOpenClAndFiles =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.cortado.opencl..", "dev.cortado.tensor.io..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.lang.foreign..")
          .because("memory is Java arrays, owned by the collector; only files are mapped");

  @ArchTest
  static final ArchRule numericCodeUsesThreadsThroughParallel =
      noClasses()
          .that()
          .resideInAnyPackage(NUMERIC)
          .and()
          .haveNameNotMatching("dev\\.cortado\\.(tensor\\.Parallel(Job|Worker)?|simd\\.Background)")
          .should()
          .dependOnClassesThat(assignableTo(Executor.class))
          .orShould()
          .callMethodWhere(
              target(nameMatching("start.*")).and(target(owner(assignableTo(Thread.class)))))
          .orShould()
          .callMethodWhere(
              target(name("parallel")).and(target(owner(assignableTo(BaseStream.class)))))
          .orShould()
          .callMethodWhere(target(name("parallelStream")))
          .because(
              "results must not depend on the number of threads, and Parallel sees to that;"
                  + " Background computes none");

  @ArchTest
  static final ArchRule randomnessComesFromASeed =
      noClasses()
          .should()
          .dependOnClassesThat(assignableTo(ThreadLocalRandom.class))
          .orShould()
          .callConstructor(Random.class)
          .orShould()
          .callMethod(Math.class, "random")
          .because("the same seed has to give the same bits");

  @ArchTest
  static final ArchRule logsGoThroughSlf4j =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.util.logging..",
              "org.apache.commons.logging..",
              "org.apache.logging..",
              "ch.qos.logback..")
          .because("who embeds Cortado chooses where its log goes");

  @ArchTest
  static final ArchRule onlyProgramsPrint =
      noClasses()
          .that()
          .resideInAnyPackage(LIBRARY)
          .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
          .because("a library that prints cannot be embedded");

  @ArchTest
  static final ArchRule onlyProgramsExit =
      noClasses()
          .that()
          .resideInAnyPackage(LIBRARY)
          .should()
          .callMethod(System.class, "exit", int.class)
          .because("a library that exits cannot be embedded");

  @ArchTest
  static final ArchRule apiThrowsNothingChecked =
      noMethods()
          .that()
          .arePublic()
          .and()
          .areDeclaredInClassesThat()
          .resideInAnyPackage(LIBRARY)
          .and()
          .areDeclaredInClassesThat(canBeSeen().and(not(isCallback())))
          .should()
          .declareThrowableOfType(
              assignableTo(Exception.class).and(assignableTo(RuntimeException.class).negate()))
          .because("a caller that cannot mend a problem should not have to name it");

  private static DescribedPredicate<JavaClass> canBeSeen() {
    return DescribedPredicate.describe(
        "can be seen from outside",
        type ->
            type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(canBeSeen()::test).orElse(true));
  }

  /** What a caller hands in may throw what it likes: the library deals with it. */
  private static DescribedPredicate<JavaClass> isCallback() {
    return DescribedPredicate.describe(
        "is a callback", type -> type.isInterface() && type.getMethods().size() == 1);
  }

  private static DescribedPredicate<JavaClass> vectorType() {
    return DescribedPredicate.describe(
        "a type of the Vector API", type -> type.getPackageName().startsWith("jdk.incubator"));
  }

  private static DescribedPredicate<java.util.List<JavaClass>> anyVectorType() {
    return DescribedPredicate.describe(
        "a type of the Vector API among them", types -> types.stream().anyMatch(vectorType()));
  }

  /**
   * Each package is a slice, but the heart of tensor-core is one: tensors are computed by ops and
   * ops make tensors, so their packages cannot but know each other.
   */
  private static final class Packages implements SliceAssignment {
    private static final java.util.List<String> HEART =
        Arrays.asList("dev.cortado.tensor", "dev.cortado.tensor.op", "dev.cortado.tensor.spi");

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      var name = type.getPackageName();
      return SliceIdentifier.of(HEART.contains(name) ? HEART.getFirst() : name);
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }
}
