package org.sepconv.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.conformance.process.ChildJvm;
import org.sepconv.conformance.process.TwiceLoaded;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.DeviceInfo;

/** Missing, mismatched and broken natives: a reason and the way out, never a hang or a crash. */
class UnavailableTest {
  private static final String NATIVES = "native/lib/pytorch.properties";

  /** Probes or opens, and prints what comes of it. */
  public static final class Attempt {
    public static void main(String[] arguments) {
      DjlBackendProvider provider = new DjlBackendProvider();
      if (arguments[0].equals("probe")) {
        System.out.println(provider.probe());
        return;
      }
      try {
        provider
            .open(new DeviceInfo(arguments[1], "test", Map.of()), BackendOptions.defaults())
            .close();
        System.out.println("opened");
      } catch (BackendException refused) {
        System.out.println("refused: " + refused.getMessage());
      }
    }
  }

  /** The class path without some resources. */
  private static final class Without extends ClassLoader {
    private final String hidden;

    Without(String hidden) {
      super(UnavailableTest.class.getClassLoader());
      this.hidden = hidden;
    }

    @Override
    public URL getResource(String name) {
      return name.startsWith(hidden) ? null : super.getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return name.startsWith(hidden) ? Collections.emptyEnumeration() : super.getResources(name);
    }
  }

  private static Natives.Missing missing(Natives natives) {
    return assertInstanceOf(Natives.Missing.class, natives);
  }

  @Test
  void nativesOfThisBuildAreFound() {
    Natives natives = Natives.find(getClass().getClassLoader());
    assertEquals(Natives.platform(), assertInstanceOf(Natives.Bundled.class, natives).platform());
  }

  @Test
  void missingNativesNameTheDependency() {
    Natives.Missing missing = missing(Natives.find(new Without("native/")));
    assertTrue(missing.reason().contains("no PyTorch natives for " + Natives.platform()));
    assertTrue(
        missing
            .remedy()
            .matches(
                "add the dependency ai.djl.pytorch:pytorch-native-cpu:[0-9.]+:"
                    + Natives.platform()),
        missing.remedy());
  }

  @Test
  void providerReportsThemAsUnavailable() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(new Without("native/"));
    try {
      assertInstanceOf(Availability.Unavailable.class, new DjlBackendProvider().probe());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void nativesOfAnotherPlatformAreNamed() {
    Natives.Missing missing = missing(Natives.find(getClass().getClassLoader(), "plan9-mips"));
    assertTrue(missing.reason().endsWith("only for " + Natives.platform()), missing.reason());
  }

  @Test
  void missingBindingNamesTheDependency() {
    Natives.Missing missing = missing(Natives.find(new Without("jnilib/")));
    assertTrue(missing.reason().contains("Java binding is missing"), missing.reason());
    assertTrue(missing.remedy().contains("ai.djl.pytorch:pytorch-jni:"), missing.remedy());
  }

  @Test
  void missingEngineNamesTheDependency() {
    Natives.Missing missing = missing(Natives.find(new Without("pytorch-engine")));
    assertTrue(missing.remedy().contains("ai.djl.pytorch:pytorch-engine"), missing.remedy());
  }

  @Test
  void probingLoadsNothingOfTheEngine() throws Exception {
    ChildJvm.Ended ended = new ChildJvm().option("-verbose:class").run(Attempt.class, "probe");
    assertTrue(ended.output().contains("Available[devices=[DeviceInfo[id=djl"), ended.output());
    assertTrue(ended.output().contains("org.sepconv.djl.Natives "));
    assertFalse(ended.output().contains("] ai.djl."), "probing loads classes of DJL");
  }

  @Test
  void probingIsSilent() throws Exception {
    ChildJvm.Ended ended = new ChildJvm().without("slf4j-nop").run(Attempt.class, "probe");
    assertEquals(1, ended.output().lines().count(), ended.output());
  }

  @Test
  void mismatchedNativesAreRefused(@TempDir Path folder) throws Exception {
    writeNatives(folder, "1.2.3-20200101");
    ChildJvm.Ended ended =
        new ChildJvm().without("pytorch-native").with(folder).run(Attempt.class, "probe");
    assertTrue(
        ended.output().contains("the natives are PyTorch 1.2.3, but their Java binding is for"),
        ended.output());
  }

  @Test
  void brokenNativesAreAnError(@TempDir Path folder, @TempDir Path cache) throws Exception {
    Natives.Bundled real = (Natives.Bundled) Natives.find(getClass().getClassLoader());
    writeNatives(folder, real.version());
    ChildJvm.Ended ended =
        new ChildJvm()
            .without("pytorch-native")
            .with(folder)
            .environment("ENGINE_CACHE_DIR", cache.toString())
            .run(Attempt.class, "open", "djl");
    assertRefused(ended, "does not start");
    assertRefused(ended, "pytorch-jni");
  }

  @Test
  void damagedCacheIsAnError(@TempDir Path cache) throws Exception {
    Natives.Bundled real = (Natives.Bundled) Natives.find(getClass().getClassLoader());
    Path folder =
        cache
            .resolve("pytorch")
            .resolve(real.version() + "-" + real.flavor() + "-" + real.platform());
    Files.createDirectories(folder);
    for (String library : real.libraries()) {
      Files.write(folder.resolve(library), new byte[100]); // cut short
    }
    ChildJvm.Ended ended =
        new ChildJvm()
            .environment("ENGINE_CACHE_DIR", cache.toString())
            .run(Attempt.class, "open", "djl");
    assertRefused(ended, "damaged");
    assertRefused(ended, "delete the folder " + cache.resolve("pytorch"));
  }

  @Test
  void nativesOfAnotherClassLoaderAreNamed() throws Exception {
    ChildJvm.Ended ended =
        new ChildJvm().run(TwiceLoaded.class, Attempt.class.getName(), "open", "djl");
    assertRefused(ended, "belong to another class loader");
    assertRefused(ended, "where all applications share them");
    assertTrue(ended.output().startsWith("opened"), ended::output);
  }

  @Test
  void nativesThatVanishedAreAnError() throws Exception {
    assertRefused(
        new ChildJvm().without("pytorch-native").run(Attempt.class, "open", "djl"),
        "add the dependency ai.djl.pytorch:pytorch-native-cpu:");
  }

  @Test
  void cacheThatCannotBeWrittenIsNamed(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    ChildJvm.Ended ended =
        new ChildJvm()
            .environment("ENGINE_CACHE_DIR", file.resolve("cache").toString())
            .run(Attempt.class, "open", "djl");
    assertRefused(ended, "cannot be unpacked into " + file.resolve("cache"));
    assertRefused(ended, "set DJL_CACHE_DIR");
  }

  @Test
  void javaThatDeniesNativeCodeIsNamed() throws Exception {
    assertRefused(
        new ChildJvm()
            .nativeAccess("--illegal-native-access=deny")
            .run(Attempt.class, "open", "djl"),
        "start java with --enable-native-access=ALL-UNNAMED");
  }

  @Test
  void environmentThatAllowsTheNetworkIsRefused() throws Exception {
    assertRefused(
        new ChildJvm().environment("DJL_OFFLINE", "false").run(Attempt.class, "open", "djl"),
        "DJL_OFFLINE=false");
  }

  @Test
  void gpuThatTheEngineDoesNotSeeIsAnError() throws Exception {
    assertRefused(
        new ChildJvm().run(Attempt.class, "open", "djl:gpu99"), "djl:gpu99: the engine sees");
  }

  private static void assertRefused(ChildJvm.Ended ended, String reason) {
    assertEquals(0, ended.status(), ended.output());
    assertTrue(ended.output().contains("refused: djl"), ended.output());
    assertTrue(ended.output().contains(reason), ended.output());
  }

  /** Natives for this platform whose libraries are none. */
  private static void writeNatives(Path folder, String version) throws IOException {
    String library = System.mapLibraryName("torch");
    Path properties = folder.resolve(NATIVES);
    Files.createDirectories(properties.getParent());
    Files.writeString(
        properties,
        "version=%s\nflavor=cpu\nclassifier=%s\nlibraries=%s\n"
            .formatted(version, Natives.platform(), library));
    Path libraries = folder.resolve("pytorch").resolve("cpu").resolve(Natives.platform());
    Files.createDirectories(libraries);
    Files.writeString(libraries.resolve(library), "not a library");
  }
}
