package org.sepconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
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
import javax.imageio.ImageIO;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.Graph;
import org.sepconv.Weights;
import org.sepconv.graph.Networks;
import org.sepconv.onnx.OnnxWriter;

/** The README tells the truth: its example compiles and runs, its commands exist. */
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");

  @Test
  void theJavaExampleCompilesAndRuns(@TempDir Path classes) throws Exception {
    String text = run("Example", classes);
    assertTrue(text.contains("8.41 times fewer MACs"), text);
    assertTrue(text.contains("NHWC 1x128x28x28: 100352 values"), text);
  }

  @Test
  void theClassifierCompilesAndRuns(@TempDir Path folder) throws Exception {
    Graph network = Networks.of("mobilenet_v3_small", 224, 0.25);
    Path model = folder.resolve("model.onnx");
    OnnxWriter.write(network.problem(), Weights.random(network, 1), model);
    Path picture = folder.resolve("picture.png");
    ImageIO.write(new BufferedImage(300, 240, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
    String text = run("Classify", folder, model.toString(), picture.toString());
    assertTrue(text.strip().matches("class [0-9]+"), text);
  }

  /** Compiles a program of the README, and gives what it prints. */
  private static String run(String name, Path classes, String... arguments) throws Exception {
    Matcher block =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
    String source =
        block
            .results()
            .map(found -> found.group(1))
            .filter(text -> text.contains("public class " + name + " "))
            .findFirst()
            .orElseThrow(() -> new AssertionError("there is no program " + name));
    compile(name, source, classes);
    PrintStream stdout = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {classes.toUri().toURL()}, ReadmeTest.class.getClassLoader())) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) arguments);
    } finally {
      System.setOut(stdout);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static void compile(String name, String source, Path classes) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var file =
        new SimpleJavaFileObject(
            URI.create("string:///" + name + ".java"), SimpleJavaFileObject.Kind.SOURCE) {
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
