package dev.cortado.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every public type and method of the library says what it is for. */
class DocumentedTest {
  @Test
  void publicTypesAndMethodsHaveJavadoc() throws IOException {
    var files = Repository.sources().stream().filter(Repository::isLibrary).toList();
    assertThat(files).isNotEmpty();
    var missing = new ArrayList<String>();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var units = manager.getJavaFileObjectsFromPaths(files);
      var task = (JavacTask) compiler.getTask(null, manager, null, List.of(), null, units);
      var scanner = new Undocumented(DocTrees.instance(task), missing);
      task.parse().forEach(unit -> scanner.scan(unit, null));
    }
    assertThat(missing).as("public, but without javadoc").isEmpty();
  }

  /** Walks through types that can be seen from outside. */
  private static final class Undocumented extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final DocTrees docs;
    private final List<String> missing;

    Undocumented(DocTrees docs, List<String> missing) {
      this.docs = docs;
      this.missing = missing;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void none) {
      if (isSeen(type.getModifiers())) {
        check(type, type.getSimpleName().toString());
        return super.visitClass(type, none);
      }
      return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void none) {
      if (isSeen(method.getModifiers()) && !isOverride(method)) {
        check(method, method.getName().toString());
      }
      return null;
    }

    private void check(Tree tree, String name) {
      DocCommentTree doc = docs.getDocCommentTree(getCurrentPath());
      if (doc == null) {
        CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
        var line =
            unit.getLineMap().getLineNumber(docs.getSourcePositions().getStartPosition(unit, tree));
        var file = Repository.ROOT.relativize(Path.of(unit.getSourceFile().toUri()));
        missing.add(file + ":" + line + " " + name);
      }
    }

    /** Public by its own word, or because it is a member of an interface. */
    private boolean isSeen(ModifiersTree modifiers) {
      var flags = modifiers.getFlags();
      var parent = getCurrentPath().getParentPath().getLeaf();
      var inInterface = parent.getKind() == Tree.Kind.INTERFACE;
      return flags.contains(Modifier.PUBLIC) || (inInterface && !flags.contains(Modifier.PRIVATE));
    }

    private static boolean isOverride(MethodTree method) {
      return method.getModifiers().getAnnotations().stream()
          .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
    }
  }
}
