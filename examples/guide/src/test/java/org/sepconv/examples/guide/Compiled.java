package org.sepconv.examples.guide;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A class of a page, compiled into a folder. */
record Compiled(String name, Path folder) {

  static Compiled of(String name, String source, Path folder) {
    var file =
        new SimpleJavaFileObject(
            URI.create("string:///" + name + ".java"), SimpleJavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    List<String> options =
        List.of(
            "-proc:none", "-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
    StringWriter messages = new StringWriter();
    if (!ToolProvider.getSystemJavaCompiler()
        .getTask(messages, null, null, options, null, List.of(file))
        .call()) {
      throw new AssertionError(messages + source);
    }
    return new Compiled(name, folder);
  }

  /** What its method {@code main} prints. */
  String run(String... arguments) throws Exception {
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, Compiled.class.getClassLoader())) {
      Class<?> program = loader.loadClass(name);
      return printed(
          () -> program.getMethod("main", String[].class).invoke(null, (Object) arguments));
    }
  }

  /** What a program prints. */
  static String printed(Program program) throws Exception {
    PrintStream stdout = System.out;
    Locale locale = Locale.getDefault();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try {
      Locale.setDefault(Locale.ROOT);
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      program.run();
    } finally {
      System.setOut(stdout);
      Locale.setDefault(locale);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  /** May throw anything. */
  interface Program {
    void run() throws Exception;
  }
}
