package org.sepconv.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Gives the classes of a jar a current version of the class file format, with stack maps.
 *
 * <p>picocli's are of Java 5. The JVM verifies such classes by data flow, with its old verifier,
 * which takes longer than all the rest of {@code sepconv --version}, and keeps none of them in an
 * AOT cache.
 */
final class ModernJar {

  private ModernJar() {}

  /**
   * Rewrites a jar in place.
   *
   * @param arguments the jar
   */
  public static void main(String[] arguments) throws IOException {
    rewrite(Path.of(arguments[0]));
  }

  /** Everything else in the jar stays as it is; a jar appears whole or not at all. */
  static void rewrite(Path jar) throws IOException {
    Path copy = jar.resolveSibling(jar.getFileName() + ".tmp");
    try {
      copy(jar, copy);
      Files.move(copy, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private static void copy(Path jar, Path copy) throws IOException {
    URL[] classPath = {jar.toUri().toURL()};
    try (var loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
        JarFile from = new JarFile(jar.toFile());
        JarOutputStream to = new JarOutputStream(Files.newOutputStream(copy))) {
      ClassFile classFile =
          ClassFile.of(
              ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(loader)),
              StackMapsOption.GENERATE_STACK_MAPS);
      for (JarEntry entry : Collections.list(from.entries())) {
        byte[] content = from.getInputStream(entry).readAllBytes();
        if (entry.getName().endsWith(".class") && !entry.getName().endsWith("module-info.class")) {
          content = modern(classFile, content);
        }
        JarEntry copied = new JarEntry(entry.getName());
        copied.setTimeLocal(entry.getTimeLocal());
        to.putNextEntry(copied);
        to.write(content);
        to.closeEntry();
      }
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }

  /** Methods are taken apart and put together again, or else they would keep their old code. */
  private static byte[] modern(ClassFile classFile, byte[] content) {
    return classFile.transformClass(
        classFile.parse(content),
        ClassTransform.dropping(ClassFileVersion.class::isInstance)
            .andThen(ClassTransform.transformingMethodBodies((code, element) -> code.with(element)))
            .andThen(
                ClassTransform.endHandler(
                    builder -> builder.withVersion(ClassFile.JAVA_8_VERSION, 0))));
  }
}
