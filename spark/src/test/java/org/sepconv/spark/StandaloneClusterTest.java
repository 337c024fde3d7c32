package org.sepconv.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A master, two workers and a job, as {@code spark/cluster.sh} starts them. */
class StandaloneClusterTest {
  private static final int COUNT = 30;
  private static final int SLICES = 3;
  private static final int SECONDS = 120;

  @TempDir private Path folder;

  private ProcessBuilder job(SparkHome home) throws IOException {
    List<String> jars = new ArrayList<>(home.jobJars());
    List<String> command = new ArrayList<>(List.of("bash", "cluster.sh"));
    command.addAll(List.of("--class", ClassifyJob.class.getName()));
    command.addAll(List.of("--jars", String.join(",", jars)));
    for (String conf :
        List.of(
            "spark.ui.enabled=false",
            "spark.executor.memory=1g",
            "spark.sepconv.preset=text-line",
            "spark.sepconv.topK=1",
            "spark.sepconv.inputSize=" + Pictures.ORIENTATION_SIZE)) {
      command.addAll(List.of("--conf", conf));
    }
    // The application's own jar may be any of them.
    command.add(jars.getFirst());
    command.add(folder.resolve("model.onnx").toString());
    command.add(folder.resolve("pictures").toString());
    command.add(folder.resolve("answers").toString());
    command.add(String.valueOf(SLICES));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", home.folder().toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("CORES", "1");
    try (ServerSocket free = new ServerSocket(0)) {
      builder.environment().put("PORT", String.valueOf(free.getLocalPort()));
    }
    return builder.redirectErrorStream(true);
  }

  private boolean written(int slice) {
    return Files.exists(folder.resolve("answers/slice=%d/_SUCCESS".formatted(slice)));
  }

  /** The driver is killed when a slice is written, and another begun. */
  @Test
  void aJobWhoseDriverIsKilledLosesNothingAndDoublesNothingWhenItStartsAgain() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/bin/bash")), "skipped: cluster.sh needs bash");
    SparkHome home = SparkHome.make();
    Pictures.write(folder.resolve("pictures"), COUNT);
    Files.writeString(folder.resolve("pictures/p007.png"), "broken");
    Files.write(folder.resolve("model.onnx"), Pictures.orientation());

    Path first = folder.resolve("first.log");
    Process killed = job(home).redirectOutput(first.toFile()).start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!written(0) && killed.isAlive() && System.nanoTime() < deadline) {
      Thread.sleep(5);
    }
    killed
        .descendants()
        .filter(process -> process.info().commandLine().orElse("").contains("SparkSubmit"))
        .forEach(ProcessHandle::destroyForcibly);
    assertTrue(killed.waitFor(SECONDS, TimeUnit.SECONDS), "the cluster ends with its job");
    assertTrue(written(0), Files.readString(first));
    assertFalse(written(SLICES - 1), "killed too late");

    Path second = folder.resolve("second.log");
    Process again = job(home).redirectOutput(second.toFile()).start();
    assertTrue(again.waitFor(SECONDS, TimeUnit.SECONDS), "the second job ends");
    String said = Files.readString(second);
    assertEquals(0, again.exitValue(), said);
    assertTrue(said.contains("slice 1 of 3 is there already"), said);
    assertTrue(said.contains("slice 3 of 3 is written"), said);

    SparkSession spark = Sessions.local();
    try {
      List<Row> rows =
          spark
              .read()
              .parquet(folder.resolve("answers").toString())
              .selectExpr("substring_index(path, '/', -1) AS name", "classes", "error")
              .orderBy("name")
              .collectAsList();
      assertEquals(
          IntStream.range(0, COUNT).mapToObj("p%03d.png"::formatted).toList(),
          rows.stream().map(row -> row.<String>getAs("name")).toList());
      for (int i = 0; i < COUNT; i++) {
        assertEquals(i == 7, rows.get(i).isNullAt(1), rows.get(i).toString());
        assertEquals(i != 7, rows.get(i).isNullAt(2), rows.get(i).toString());
      }
    } finally {
      spark.stop();
    }
  }
}
