package org.sepconv.djl;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * The native libraries that the engine will load on this machine, or why there are none. Looks at
 * the class path as DJL does, but loads nothing and reads only a few small files.
 */
sealed interface Natives {

  /**
   * Natives in a jar.
   *
   * @param version PyTorch's version and the build, {@code 2.7.1-20250812}
   * @param flavor {@code cpu}, or the CUDA version: {@code cu128}
   * @param platform {@code linux-x86_64}
   * @param libraries the names of PyTorch's libraries
   * @param jniLibrary the resource that binds them to Java
   * @param djlVersion the version of DJL
   */
  record Bundled(
      String version,
      String flavor,
      String platform,
      List<String> libraries,
      String jniLibrary,
      String djlVersion)
      implements Natives {

    @Override
    public boolean cuda() {
      return flavor.startsWith("cu");
    }

    /** The resource of one of the libraries. */
    String resource(String library) {
      return "pytorch/" + flavor + "/" + platform + "/" + library;
    }

    @Override
    public String toString() {
      return "PyTorch " + version + " " + flavor + " " + platform;
    }
  }

  /** Natives in a folder, which the user names with PYTORCH_LIBRARY_PATH. */
  record Installed(Path folder) implements Natives {

    @Override
    public boolean cuda() {
      return Files.exists(folder.resolve(System.mapLibraryName("torch_cuda")));
    }

    @Override
    public String toString() {
      return "PyTorch in " + folder;
    }
  }

  /** There are none that fit. */
  record Missing(String reason, String remedy) implements Natives {}

  /** Whether they can compute on CUDA devices. */
  default boolean cuda() {
    return false;
  }

  /** Finds natives for this machine. */
  static Natives find(ClassLoader classes) {
    return find(classes, platform());
  }

  /** Finds natives for a platform, for instance {@code linux-x86_64}. */
  static Natives find(ClassLoader classes, String platform) {
    Optional<Properties> engine = properties(classes, "pytorch-engine.properties");
    if (engine.isEmpty() || classes.getResource("ai/djl/engine/Engine.class") == null) {
      return new Missing(
          "the PyTorch engine of DJL is not on the class path",
          "add the dependency ai.djl.pytorch:pytorch-engine");
    }
    String wanted = engine.get().getProperty("pytorch_version", "");
    String djl = engine.get().getProperty("djl_version", "");

    Optional<Path> installed = installed();
    if (installed.isPresent()) {
      return new Installed(installed.get());
    }
    List<Bundled> bundled = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (Properties found : allProperties(classes, "native/lib/pytorch.properties")) {
      Bundled natives = bundled(found, djl);
      if (natives.platform.equals(platform)) {
        bundled.add(natives);
      } else {
        others.add(natives.platform);
      }
    }
    if (bundled.isEmpty()) {
      return new Missing(
          "there are no PyTorch natives for %s on the class path%s"
              .formatted(
                  platform, others.isEmpty() ? "" : ", only for " + String.join(", ", others)),
          "add the dependency ai.djl.pytorch:pytorch-native-cpu:" + wanted + ":" + platform);
    }
    // DJL's own order: CUDA before CPU, then the newest.
    bundled.sort(Comparator.comparing(Bundled::flavor).thenComparing(Bundled::version).reversed());
    return check(classes, bundled.getFirst(), wanted, djl);
  }

  private static Natives check(
      ClassLoader classes, Bundled natives, String wanted, String djlVersion) {
    String version = natives.version.split("-", 2)[0];
    String override = setting("PYTORCH_VERSION").orElse(version);
    if (!natives.version.startsWith(override)) {
      return new Missing(
          "PYTORCH_VERSION asks for PyTorch %s, but the natives on the class path are %s"
              .formatted(override, natives.version),
          "unset PYTORCH_VERSION, or add those natives");
    }
    String jni = version + "-" + djlVersion;
    String found =
        properties(classes, "jnilib/pytorch.properties")
            .map(properties -> properties.getProperty("jni_version", "none"))
            .orElse("none");
    if (!found.startsWith(jni)) {
      return new Missing(
          "the natives are PyTorch %s, but their Java binding is %s"
              .formatted(version, found.equals("none") ? "missing" : "for " + found),
          version.equals(wanted)
              ? "add the dependency ai.djl.pytorch:pytorch-jni:" + jni
              : "use natives of version " + wanted + ", or the dependency pytorch-jni:" + jni);
    }
    if (classes.getResource(natives.jniLibrary) == null) {
      return new Missing(
          "DJL has no Java binding for " + natives,
          "use the natives pytorch-native-cpu:" + wanted + ":" + natives.platform);
    }
    return natives;
  }

  private static Bundled bundled(Properties found, String djlVersion) {
    String classifier = found.getProperty("classifier", "");
    String flavor = found.getProperty("flavor", "");
    if (flavor.isEmpty()) { // older jars: cpu-linux-x86_64
      String[] parts = classifier.split("-", 2);
      flavor = parts[0];
      classifier = parts.length > 1 ? parts[1] : "";
    }
    String libraries = found.getProperty("libraries", "");
    return new Bundled(
        found.getProperty("version", "unknown"),
        flavor,
        classifier,
        libraries.isEmpty() ? List.of() : List.of(libraries.split(",")),
        "jnilib/" + classifier + "/" + flavor + "/" + System.mapLibraryName("djl_torch"),
        djlVersion);
  }

  private static Optional<Path> installed() {
    String name = System.mapLibraryName("torch");
    for (String entry :
        setting("PYTORCH_LIBRARY_PATH").orElse("").split(java.io.File.pathSeparator)) {
      if (entry.isBlank()) {
        continue;
      }
      Path path = Path.of(entry);
      if (Files.isRegularFile(path) && path.endsWith(name)) {
        return Optional.of(Objects.requireNonNull(path.toAbsolutePath().getParent()));
      }
      if (Files.isRegularFile(path.resolve(name))) {
        return Optional.of(path.toAbsolutePath());
      }
    }
    return Optional.empty();
  }

  /** What DJL reads: an environment variable, or a system property of the same name. */
  static Optional<String> setting(String name) {
    String value = System.getenv(name);
    if (value == null) {
      value = System.getProperty(name);
    }
    return Optional.ofNullable(value).filter(text -> !text.isBlank());
  }

  /** DJL's name of this machine. */
  static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String prefix = system.startsWith("win") ? "win" : system.startsWith("mac") ? "osx" : system;
    String processor = System.getProperty("os.arch");
    return prefix + "-" + (processor.equals("amd64") ? "x86_64" : processor);
  }

  private static Optional<Properties> properties(ClassLoader classes, String resource) {
    return allProperties(classes, resource).stream().findFirst();
  }

  private static List<Properties> allProperties(ClassLoader classes, String resource) {
    List<Properties> all = new ArrayList<>();
    try {
      for (URL url : Collections.list(classes.getResources(resource))) {
        Properties properties = new Properties();
        try (InputStream stream = url.openStream()) {
          properties.load(stream);
        }
        all.add(properties);
      }
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException("cannot read " + resource, unreadable);
    }
    return all;
  }
}
