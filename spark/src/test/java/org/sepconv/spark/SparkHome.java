package org.sepconv.spark;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Assumptions;

/**
 * As much of an installation of Spark as executors are started from: its jars, from the class path
 * of the tests. Sepconv's own are not among them, but come with the job, as a user's do.
 */
final class SparkHome {
  private final Path folder;
  private final List<String> jobJars;

  private SparkHome(Path folder, List<String> jobJars) {
    this.folder = folder;
    this.jobJars = jobJars;
  }

  /** Where the variable SPARK_HOME says, which the module's pom sets for the tests. */
  static SparkHome make() throws IOException {
    String home = System.getenv("SPARK_HOME");
    Assumptions.assumeTrue(
        home != null && home.contains("target"),
        "skipped: SPARK_HOME, which Maven sets for the tests, is " + home);
    Path folder = Path.of(home);
    Path jars = Files.createDirectories(folder.resolve("jars"));
    Path own = Files.createDirectories(folder.resolve("own"));
    Files.writeString(folder.resolve("RELEASE"), "Spark as far as tests need it\n");
    List<String> jobJars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        Path packed = own.resolve("classes%d.jar".formatted(jobJars.size()));
        pack(path, packed);
        jobJars.add(packed.toString());
      } else if (path.getFileName().toString().matches("(sepconv|imageio|common-).*\\.jar")) {
        jobJars.add(entry);
      } else if (Files.exists(path)) {
        Path link = jars.resolve(path.getFileName());
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, path.toAbsolutePath());
      }
    }
    return new SparkHome(folder, jobJars);
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      Files.walkFileTree(
          classes,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
                throws IOException {
              String name = classes.relativize(path).toString().replace(File.separatorChar, '/');
              out.putNextEntry(new JarEntry(name));
              Files.copy(path, out);
              return FileVisitResult.CONTINUE;
            }
          });
    }
  }

  Path folder() {
    return folder;
  }

  /** Sepconv's jars, and those that a cluster lacks. */
  List<String> jobJars() {
    return jobJars;
  }

  /** A session with two executors, each a process of its own with so many cores. */
  SparkSession session(int cores) {
    return Sessions.builder("local-cluster[2,%d,2048]".formatted(cores))
        .config("spark.jars", String.join(",", jobJars))
        .config("spark.executor.memory", "1g")
        // Tasks go to all executors, and not before all are there.
        .config("spark.cores.max", 2 * cores)
        .config("spark.scheduler.minRegisteredResourcesRatio", 1.0)
        .config("spark.scheduler.maxRegisteredResourcesWaitingTime", "60s")
        .config("spark.locality.wait", "0s")
        // Maven's own JVM may be older than the executors' must be.
        .config("spark.executorEnv.JAVA_HOME", System.getProperty("java.home"))
        .config("spark.executorEnv.SPARK_SCALA_VERSION", "2.13")
        .getOrCreate();
  }
}
