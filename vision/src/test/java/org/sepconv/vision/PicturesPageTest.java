package org.sepconv.vision;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/pictures.md} tells the truth: its programs compile and run. */
class PicturesPageTest {
  private static final Path PAGE = Path.of("..", "docs", "pictures.md");

  @TempDir Path folder;

  @Test
  void itsProgramsRun() throws Exception {
    Map<String, String> programs = programs();
    compile(programs);
    String bright =
        picture(
            "bright.png",
            Drawing.on(Picture.ofGrey(400, 200, new byte[80_000]))
                .fill(Quadrilateral.of(100, 50, 120, 60).corners(), 0xFFFFFF)
                .picture());
    String text = Files.writeString(folder.resolve("page.png"), "no picture").toString();
    assertEquals(
        "picture of 400x200 becomes NCHW 1x3x224x224\nrefused: "
            + text
            + " is not a picture that can be read: "
            + "PNG, JPEG, GIF, BMP or TIFF\n",
        run("Prepare", bright, text));
    assertEquals("NHWC 1x3x128x128, its middle is 200.0, 100.0\n", run("Letterbox", bright));
    Path drawn = folder.resolve("drawn.png");
    String found = run("Find", bright, drawn.toString());
    assertEquals(1, found.lines().count(), found);
    assertTrue(found.startsWith("a part of picture of 12"), found);
    assertEquals(400, ImageIO.read(drawn.toFile()).getWidth());
    assertEquals(java.util.Set.of("Prepare", "Letterbox", "Find"), programs.keySet());
  }

  private String picture(String name, Picture picture) throws Exception {
    Path path = folder.resolve(name);
    ImageIO.write(picture.toImage(), "png", path.toFile());
    return path.toString();
  }

  private static Map<String, String> programs() throws Exception {
    Matcher block =
        Pattern.compile("```java\n(.*?public class (\\w+) .*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    Map<String, String> programs = new LinkedHashMap<>();
    while (block.find()) {
      programs.put(block.group(2), block.group(1));
    }
    return programs;
  }

  private void compile(Map<String, String> programs) {
    List<SimpleJavaFileObject> sources =
        programs.entrySet().stream()
            .<SimpleJavaFileObject>map(program -> source(program.getKey(), program.getValue()))
            .toList();
    StringWriter messages = new StringWriter();
    boolean compiled =
        ToolProvider.getSystemJavaCompiler()
            .getTask(
                messages,
                null,
                null,
                List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path")),
                null,
                sources)
            .call();
    assertTrue(compiled, messages::toString);
  }

  private static SimpleJavaFileObject source(String name, String text) {
    return new SimpleJavaFileObject(
        URI.create("string:///" + name + ".java"), SimpleJavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  private String run(String program, String... arguments) throws Exception {
    PrintStream stdout = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader.loadClass(program).getMethod("main", String[].class).invoke(null, (Object) arguments);
    } finally {
      System.setOut(stdout);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
