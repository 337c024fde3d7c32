package org.sepconv.conformance;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
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
 * copied leave no trace. Immutable once made.
 */
public final class PackageGraph {
  private static final Pattern IN_DESCRIPTOR = Pattern.compile("L((?:[\\w$]+/)+)[\\w$]+[;<.]");

  /** From a package to those that it names, each with a class that does. */
  private final Map<String, Map<String, String>> arrows = new TreeMap<>();

  private PackageGraph() {}

  /**
   * Of the module that a class belongs to, with all its packages: a jar, or a folder of class files
   * as Maven makes it.
   */
  public static PackageGraph ofModuleOf(Class<?> type) throws IOException {
    try {
      Path place = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(place)) {
        return of(place);
      }
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        return of(jar.getPath("/"));
      }
    } catch (URISyntaxException failure) {
      throw new IOException(failure);
    }
  }

  /** Of all class files under a folder. */
  public static PackageGraph of(Path folder) throws IOException {
    PackageGraph graph = new PackageGraph();
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(PackageGraph::isClass).sorted().toList();
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

  /** Not the description of a module, which is in no package. */
  private static boolean isClass(Path file) {
    String name = file.toString(); // the root of a jar has no file name
    return name.endsWith(".class") && !name.endsWith("module-info.class");
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
  public Set<String> packages() {
    return Collections.unmodifiableSet(arrows.keySet());
  }

  /** What a package names, each with a class that does. */
  public Map<String, String> namedBy(String from) {
    return Collections.unmodifiableMap(arrows.getOrDefault(from, Map.of()));
  }

  /** The packages that name this one, each with a class that does. */
  public Map<String, String> naming(String to) {
    Map<String, String> naming = new TreeMap<>();
    arrows.forEach(
        (from, named) -> {
          if (named.containsKey(to)) {
            naming.put(from, named.get(to));
          }
        });
    return naming;
  }

  /**
   * Packages outside that are named and may not be, each with a class that does.
   *
   * @param allowed packages, or with a dot at the end packages that begin so
   */
  public Map<String, String> strangers(List<String> allowed) {
    Map<String, String> strangers = new TreeMap<>();
    for (Map<String, String> named : arrows.values()) {
      named.forEach(
          (to, by) -> {
            boolean known = arrows.containsKey(to) || allowed.contains(to);
            boolean prefix =
                allowed.stream().anyMatch(name -> name.endsWith(".") && to.startsWith(name));
            if (!known && !prefix) {
              strangers.putIfAbsent(to, by);
            }
          });
    }
    return strangers;
  }

  /** A circle, one line for each arrow of it; empty where there is none. */
  public List<String> circle() {
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
