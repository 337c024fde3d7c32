package org.sepconv.opencl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Links a path to the libjsig of the JDK that runs this, for LD_PRELOAD. The build starts it from
 * source, on the JDK of the tests: Maven knows only the one that it runs on itself, whose libjsig
 * prints warnings where it is preloaded into a newer JVM.
 */
final class LinkLibjsig {
  private LinkLibjsig() {}

  public static void main(String[] arguments) throws IOException {
    Path library = Path.of(System.getProperty("java.home"), "lib", "libjsig.so");
    Path link = Path.of(arguments[0]);
    Files.createDirectories(link.getParent());
    Files.deleteIfExists(link);
    if (Files.exists(library)) { // none but Linux has one of this name
      Files.createSymbolicLink(link, library);
    }
  }
}
