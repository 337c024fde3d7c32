package org.sepconv.opencl;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which packages name which others, read from class files. A class names another where its constant
 * pool does: in code, descriptors, generic signatures and annotations. Constants that the compiler
 * copied leave no trace.
 */
final class PackageGraph {
  private static final Pattern IN_DESCRIPTOR = Pattern.compile("L((?:[\\w$]+/)+)[\\w$]+[;<.]");

  /** From a package to those that it names, each with a class that does. */
  private final Map<String, Map<String, String>> arrows = new TreeMap<>();

  private PackageGraph() {}

  /** Of all class files under a folder. */
  static PackageGraph of(Path folder) throws IOException {
    PackageGraph graph = new PackageGraph();
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(file -> file.toString().endsWith(".class")).sorted().toList();
    }
    for (Path file : files) {
      ClassModel model = ClassFile.of().parse(file);
      String name = model.thisClass().asInternalName();
      Map<String, String> named =
          graph.arrows.computeIfAbsent(packageOf(name), _ -> new TreeMap<>());
      for (String other : packagesIn(model)) {
        named.putIfAbsent(other, name.replace('/', '.'));
      }
      named.remove(packageOf(name));
    }
    return graph;
  }

  private static Set<String> packagesIn(ClassModel model) {
    Set<String> packages = new TreeSet<>();
    Set<Integer> strings = new TreeSet<>(); // paths in them may look like types
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof StringEntry string) {
        strings.add(string.utf8().index());
      }
    }
    for (PoolEntry entry : model.constantPool()) {
      switch (entry) {
        case ClassEntry type when !type.asInternalName().startsWith("[") ->
            packages.add(packageOf(type.asInternalName()));
        case Utf8Entry text when !strings.contains(text.index()) -> {
          Matcher matcher = IN_DESCRIPTOR.matcher(text.stringValue());
          while (matcher.find()) {
            packages.add(packageOf(matcher.group(1)));
          }
        }
        default -> {}
      }
    }
    return packages;
  }

  /** Of an internal name, as in {@code java/util/List}. */
  private static String packageOf(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('/'))).replace('/', '.');
  }

  /** The packages whose classes were read. */
  Set<String> packages() {
    return arrows.keySet();
  }

  /** What a package names, each with a class that does. */
  Map<String, String> namedBy(String from) {
    return arrows.getOrDefault(from, Map.of());
  }

  /** A circle, one line for each arrow of it; empty where there is none. */
  List<String> circle() {
    Set<String> left = new TreeSet<>(packages());
    // What names none of the others is in no circle; what is left in the end names one, forever.
    while (left.removeIf(from -> Collections.disjoint(left, namedBy(from).keySet()))) {}
    List<String> path = new ArrayList<>(left.stream().limit(1).toList());
    while (!path.isEmpty()) {
      Map<String, String> named = namedBy(path.getLast());
      String next = named.keySet().stream().filter(left::contains).findFirst().orElseThrow();
      int start = path.indexOf(next);
      path.add(next);
      if (start >= 0) {
        return IntStream.range(start, path.size() - 1)
            .mapToObj(at -> arrow(path.get(at), path.get(at + 1)))
            .toList();
      }
    }
    return List.of();
  }

  private String arrow(String from, String to) {
    return "%s names %s, in %s".formatted(from, to, namedBy(from).get(to));
  }
}
