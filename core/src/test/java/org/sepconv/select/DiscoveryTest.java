package org.sepconv.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.FakeBackend;

/** Backends on the class path, some of them broken: the services file lies in a child loader. */
@Timeout(60)
class DiscoveryTest {
  @TempDir Path directory;

  /** One that works. */
  public static class Working implements ConvBackendProvider {
    @Override
    public String name() {
      return "working";
    }

    @Override
    public int rank() {
      return 1;
    }

    @Override
    public Availability probe() {
      return new Availability.Available(List.of(new DeviceInfo("working", "Works", Map.of())));
    }

    @Override
    public ConvBackend open(DeviceInfo device, BackendOptions options) {
      return new FakeBackend(device.id());
    }
  }

  /** One whose constructor throws. */
  public static final class Throwing extends Working {
    public Throwing() {
      throw new IllegalStateException("thrown by the constructor");
    }
  }

  /** One whose class cannot be initialised. */
  public static final class Uninitialised extends Working {
    private static final int SIZE = Integer.parseInt("thrown by the initialiser");

    @Override
    public int rank() {
      return SIZE;
    }
  }

  /** Not a provider at all. */
  public static final class Other {}

  @Test
  void brokenProvidersAreReportedLastAndHideNobody() throws Exception {
    Backends backends =
        discover(
            "org.sepconv.missing.Provider",
            Throwing.class.getName(),
            Uninitialised.class.getName(),
            Other.class.getName(),
            Working.class.getName());
    List<BackendStatus> statuses = backends.statuses();
    assertEquals(5, statuses.size());
    assertEquals("working", statuses.getFirst().name());
    String reasons = "";
    for (BackendStatus status : statuses.subList(1, 5)) {
      Availability.Unavailable unavailable =
          assertInstanceOf(Availability.Unavailable.class, status.availability());
      assertTrue(unavailable.reason().startsWith("cannot be loaded: "), unavailable.reason());
      assertEquals(Integer.MAX_VALUE, status.rank());
      reasons += unavailable.reason() + "\n";
    }
    assertTrue(reasons.contains("org.sepconv.missing.Provider"), reasons);
    assertTrue(reasons.contains(Throwing.class.getName()), reasons);
    assertTrue(reasons.contains("thrown by the constructor"), reasons);
    assertTrue(reasons.contains(Uninitialised.class.getName()), reasons);
    assertTrue(reasons.contains(Other.class.getName()), reasons);
    assertEquals("working", backends.backend("working").device().id());
    backends.close();
  }

  @Test
  void aLineThatIsNoClassNameHidesNobodyInOtherFiles() throws Exception {
    Backends backends = discover("not a class name");
    assertEquals(1, backends.statuses().size());
    assertTrue(backends.statuses().getFirst().availability().toString().contains("Illegal"));
  }

  @Test
  void withoutProvidersThereIsNothing() throws Exception {
    Backends backends = discover();
    assertEquals(List.of(), backends.statuses());
    assertEquals(List.of(), backends.devices());
  }

  @Test
  void aClassPathThatCannotBeReadIsReportedAndEnds() throws Exception {
    ClassLoader unreadable =
        new ClassLoader(DiscoveryTest.class.getClassLoader()) {
          @Override
          public Enumeration<URL> getResources(String name) throws IOException {
            throw new IOException("disk error");
          }
        };
    Backends backends = in(unreadable, Backends::discover);
    assertEquals(1, backends.statuses().size());
    assertTrue(backends.statuses().getFirst().availability() instanceof Availability.Unavailable);
  }

  private Backends discover(String... lines) throws Exception {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.write(services.resolve(ConvBackendProvider.class.getName()), List.of(lines));
    try (URLClassLoader child =
        new URLClassLoader(
            new URL[] {directory.toUri().toURL()}, DiscoveryTest.class.getClassLoader())) {
      return in(child, Backends::discover);
    }
  }

  private static Backends in(ClassLoader loader, Supplier<Backends> action) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return action.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
