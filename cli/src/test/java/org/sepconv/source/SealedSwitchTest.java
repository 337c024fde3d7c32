package org.sepconv.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.CaseTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.lang.model.type.DeclaredType;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * No switch over a sealed type of ours has a default: with one, a new activation or weight format
 * would compile, and each such place would leave it out in silence.
 */
class SealedSwitchTest {
  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

  @Test
  void noSwitchOverASealedTypeHasADefault() throws IOException {
    Path root = Path.of("..").toAbsolutePath().normalize();
    try (StandardJavaFileManager files = COMPILER.getStandardFileManager(null, null, null)) {
      List<JavaFileObject> sources = new ArrayList<>();
      files.getJavaFileObjectsFromPaths(sources(root)).forEach(sources::add);
      assertTrue(sources.size() > 100, () -> "few sources below " + root + ": " + sources.size());
      assertEquals(List.of(), defaults(sources));
    }
  }

  @Test
  void suchASwitchIsFound() throws IOException {
    String source =
        """
        class Example {
          sealed interface Animal {}
          record Dog(Animal friend) implements Animal {}
          record Cat() implements Animal {}
          int statement(Animal animal) {
            switch (animal) {
              case Dog _ -> { return 1; }
              default -> { return 2; }
            }
          }
          int expression(Dog dog) {
            return switch (dog.friend()) {
              case Dog _ -> 1;
              case null, default -> 2;
            };
          }
          int exhaustive(Animal animal) {
            return switch (animal) { case Dog _ -> 1; case Cat _ -> 2; };
          }
          int open(String text) {
            return switch (text) { case "dog" -> 1; default -> 2; };
          }
        }
        """;
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("memory:///Example.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    assertEquals(
        List.of("/Example.java:8: default of Animal", "/Example.java:14: default of Animal"),
        defaults(List.of(file)));
  }

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(path -> path.toString().matches(".*/src/(main|test)/java/.*\\.java"))
          .toList();
    }
  }

  /** Each default of a switch over a sealed type, with file and line. */
  private static List<String> defaults(List<JavaFileObject> sources) throws IOException {
    List<String> options =
        List.of(
            "-proc:none",
            "--add-modules",
            "jdk.incubator.vector",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "-d",
            System.getProperty("java.io.tmpdir") + File.separator);
    // What cannot be resolved here, of other modules' tests, is no concern of this test.
    JavacTask task = (JavacTask) COMPILER.getTask(null, null, _ -> {}, options, null, sources);
    Trees trees = Trees.instance(task);
    List<CompilationUnitTree> units = new ArrayList<>();
    task.parse().forEach(units::add);
    task.analyze();
    List<String> found = new ArrayList<>();
    for (CompilationUnitTree unit : units) {
      new Scanner(trees, unit, found).scan(new TreePath(unit), null);
    }
    return found;
  }

  private static final class Scanner extends TreePathScanner<Void, Void> {
    private final Trees trees;
    private final CompilationUnitTree unit;
    private final List<String> found;

    Scanner(Trees trees, CompilationUnitTree unit, List<String> found) {
      this.trees = trees;
      this.unit = unit;
      this.found = found;
    }

    @Override
    public Void visitSwitch(SwitchTree tree, Void unused) {
      check(tree.getExpression(), tree.getCases());
      return super.visitSwitch(tree, unused);
    }

    @Override
    public Void visitSwitchExpression(SwitchExpressionTree tree, Void unused) {
      check(tree.getExpression(), tree.getCases());
      return super.visitSwitchExpression(tree, unused);
    }

    private void check(ExpressionTree selector, List<? extends CaseTree> cases) {
      // The selector stands in parentheses, as a tree of its own.
      if (trees.getTypeMirror(new TreePath(getCurrentPath(), selector))
              instanceof DeclaredType declared
          && declared.asElement().getModifiers().contains(Modifier.SEALED)
          && !declared.toString().startsWith("java.")) {
        for (CaseTree one : cases) {
          boolean isDefault =
              one.getLabels().stream().anyMatch(DefaultCaseLabelTree.class::isInstance);
          if (isDefault) {
            LineMap lines = unit.getLineMap();
            long start = trees.getSourcePositions().getStartPosition(unit, one);
            found.add(
                "%s:%d: default of %s"
                    .formatted(
                        unit.getSourceFile().toUri().getPath(),
                        lines.getLineNumber(start),
                        declared.asElement().getSimpleName()));
          }
        }
      }
    }
  }
}
