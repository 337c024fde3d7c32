package org.sepconv.conformance.process;

import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a main class twice in one JVM, each time in a class loader that has the whole class path for
 * itself, as a server does with an application that is deployed again.
 */
public final class TwiceLoaded {
  private TwiceLoaded() {}

  /** The main class, and its arguments. */
  public static void main(String[] arguments) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    for (int i = 0; i < 2; i++) {
      try (URLClassLoader loader =
          new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
        Thread.currentThread().setContextClassLoader(loader);
        Method main = loader.loadClass(arguments[0]).getDeclaredMethod("main", String[].class);
        main.setAccessible(true); // the class may be of a test
        main.invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
      }
    }
  }
}
