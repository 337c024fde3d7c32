package org.sepconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README tells the truth: its example compiles and runs, its commands exist. */
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");

  @Test
  void theJavaExampleCompilesAndRuns(@TempDir Path classes) throws Exception {
    Matcher example =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
    assertTrue(example.find(), "no Java example");
    compile(example.group(1), classes);
    PrintStream stdout = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader.loadClass("Example").getMethod("main", String[].class).invoke(null, (Object) null);
    } finally {
      System.setOut(stdout);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("8.41 times fewer MACs"), text);
    assertTrue(text.contains("NHWC 1x128x28x28: 100352 values"), text);
  }

  private static void compile(String source, Path classes) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var file =
        new SimpleJavaFileObject(
            URI.create("string:///Example.java"), SimpleJavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    StringWriter messages = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                messages,
                null,
                null,
                List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path")),
                null,
                List.of(file))
            .call();
    assertTrue(compiled, messages::toString);
  }

  @Test
  void itShowsEveryCommandAndNoOther() throws Exception {
    var commands = Main.commandLine(_ -> null).getSubcommands().keySet();
    Matcher shown = Pattern.compile("`?\\./sepconv ([a-z-]+)").matcher(Files.readString(README));
    Set<String> names = new TreeSet<>();
    while (shown.find()) {
      names.add(shown.group(1));
    }
    Set<String> expected = new TreeSet<>(commands);
    expected.remove("generate-completion"); // for packagers; --help has it
    names.remove("generate-completion");
    assertEquals(expected, names);
  }

  @Test
  void everyFileThatItLinksToExists() throws Exception {
    Matcher link = Pattern.compile("\\]\\(([^)#:]+)\\)").matcher(Files.readString(README));
    while (link.find()) {
      assertTrue(Files.exists(README.resolveSibling(link.group(1))), link.group(1));
    }
  }
}
