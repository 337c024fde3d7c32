package org.sepconv.cpu.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.conformance.process.ChildJvm;

/**
 * A web application that is deployed again and again in one JVM leaves nothing behind. In a JVM
 * that clears soft references with every collection: those of the JDK to method handles, as of
 * every {@code toString()} of a record, hold a loader until memory runs short.
 */
class RedeployedTest {
  private static final int TIMES = 20;

  /** Deployments until the JVM itself has what it keeps, as proxies of method handles. */
  private static final int WARM = 5;

  /** A part of what one deployment takes, for fifteen. */
  private static final long MOST_GROWTH_KIB = 1024;

  private static final int MOST_COLLECTIONS = 200;

  @Test
  void itsLoaderIsCollectedAndMetaspaceIsFlat() throws Exception {
    ChildJvm.Ended ended =
        new ChildJvm()
            .option("-XX:SoftRefLRUPolicyMSPerMB=0", "-Xmx512m", "-Dsepconv.hostSpeed=assumed")
            .option("--add-modules", "jdk.incubator.vector")
            .run(RedeployedTest.class);
    assertEquals(0, ended.status(), ended::output);
    System.out.print(ended.out());
  }

  /** Deploys, and fails if something stays. */
  public static void main(String[] arguments) throws Exception {
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    List<Long> metaspace = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      loaders.add(deploy(i % (2 * WARM) == 0));
      awaitCollection(loaders.getLast(), i);
      metaspace.add(metaspace());
    }
    System.out.println("metaspace after each deployment, in KiB: " + metaspace);
    assertTrue(metaspace.getLast() <= metaspace.get(WARM) + MOST_GROWTH_KIB, metaspace::toString);
  }

  /** With everything that it needs in a loader of its own. */
  private static WeakReference<ClassLoader> deploy(boolean warm) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      thread.setContextClassLoader(loader);
      Class<?> application = loader.loadClass(Application.class.getName());
      assertEquals(loader, application.getClassLoader());
      application
          .getMethod(warm ? "run" : "computeCold")
          .invoke(application.getConstructor().newInstance());
      return new WeakReference<>(loader);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Threads that end, and code that is being compiled, hold it for a while. */
  private static void awaitCollection(WeakReference<ClassLoader> loader, int number)
      throws InterruptedException {
    for (int i = 0; loader.get() != null; i++) {
      assertTrue(i < MOST_COLLECTIONS, "the loader of deployment " + number + " is held");
      System.gc();
      Thread.sleep(50);
    }
  }

  private static long metaspace() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().equals("Metaspace"))
            .mapToLong((MemoryPoolMXBean pool) -> pool.getUsage().getUsed())
            .sum()
        >> 10;
  }
}
