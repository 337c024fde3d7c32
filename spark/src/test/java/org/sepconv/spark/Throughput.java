package org.sepconv.spark;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sepconv.spi.OwningRun;
import org.sepconv.vision.PictureDecoder;
import org.sepconv.vision.Preprocessing;

/**
 * Many small pictures through PP-OCR's orientation model on two cores: without Spark (two threads,
 * each of which reads, decodes and runs), through {@link SepconvFunction} on {@code local[2]}, and
 * through ONNX Runtime in the same {@code mapPartitions}, with a session a partition, as its users
 * have it. The pictures are files of a folder, or packed in Parquet. Each in a JVM of its own;
 * three passes, of which the first gets warm. docs/benchmarks has the command.
 *
 * <pre>
 *   Throughput draw FOLDER COUNT
 *   Throughput pack FOLDER PARQUET
 *   Throughput loop FOLDER
 *   Throughput spark|onnxruntime FOLDER|PARQUET
 * </pre>
 */
public final class Throughput {
  private static final int CORES = 2;
  private static final int PARTITIONS = 8;

  private static final NetworkSettings SETTINGS =
      NetworkSettings.usual()
          .withPreset(org.sepconv.vision.Preset.TEXT_LINE)
          .withInputSize(Pictures.ORIENTATION_SIZE)
          .withTopK(1);

  private Throughput() {}

  /** See the class. */
  public static void main(String[] arguments) throws Exception {
    Path pictures = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "draw" -> Pictures.write(pictures, Integer.parseInt(arguments[2]));
      case "pack" -> pack(pictures, Path.of(arguments[2]));
      case "loop" -> loop(pictures);
      case "spark" -> spark(pictures, false);
      case "onnxruntime" -> spark(pictures, true);
      default -> throw new IllegalArgumentException("no mode '%s'".formatted(arguments[0]));
    }
  }

  private static void pack(Path folder, Path parquet) {
    SparkSession spark = Sessions.builder("local[" + CORES + "]").getOrCreate();
    try {
      contents(spark, folder).write().parquet(parquet.toString());
    } finally {
      spark.stop();
    }
  }

  /** Of a folder of pictures, or of what {@link #pack} made of one. */
  private static Dataset<Row> contents(SparkSession spark, Path pictures) {
    boolean packed = pictures.toString().endsWith(".parquet");
    return spark
        .read()
        .format(packed ? "parquet" : "binaryFile")
        .load(pictures.toString())
        .select("content")
        .coalesce(PARTITIONS);
  }

  /**
   * Three passes, and the most memory that the process had.
   *
   * @param pass gives how many pictures were the right way up
   */
  private static void measure(String mode, long count, Callable<Long> pass) throws Exception {
    for (String name : List.of("first", "second", "third")) {
      long start = System.nanoTime();
      long upright = pass.call();
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "%s, %s pass: %d pictures (%d upright) in %.1f s, %.0f a second%n",
          mode,
          name,
          count,
          upright,
          seconds,
          count / seconds);
    }
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      lines.filter(line -> line.startsWith("VmHWM")).forEach(System.out::println);
    }
  }

  private static List<Path> files(Path folder) throws Exception {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  private static void loop(Path folder) throws Exception {
    List<Path> files = files(folder);
    try (PreparedNetwork network = PreparedNetwork.of(Pictures.orientation(), SETTINGS);
        ExecutorService threads = Executors.newFixedThreadPool(CORES)) {
      measure(
          "loop",
          files.size(),
          () -> {
            AtomicInteger next = new AtomicInteger();
            List<Future<Long>> parts = new ArrayList<>();
            for (int i = 0; i < CORES; i++) {
              parts.add(threads.submit(() -> part(network, files, next)));
            }
            long upright = 0;
            for (Future<Long> part : parts) {
              upright += part.get();
            }
            return upright;
          });
    }
  }

  private static long part(PreparedNetwork network, List<Path> files, AtomicInteger next)
      throws Exception {
    long upright = 0;
    try (OwningRun run = network.run()) {
      for (int i = next.getAndIncrement(); i < files.size(); i = next.getAndIncrement()) {
        float[] values =
            network.preprocessing().tensor(PictureDecoder.standard().decode(files.get(i))).values();
        run.inputs().getFirst().write(values);
        run.run();
        float[] classes = run.outputs().getFirst().read();
        upright += classes[0] >= classes[1] ? 1 : 0;
      }
    }
    return upright;
  }

  private static void spark(Path pictures, boolean onnxRuntime) throws Exception {
    SparkSession spark = Sessions.builder("local[" + CORES + "]").getOrCreate();
    try {
      byte[] model = Pictures.orientation();
      Dataset<byte[]> contents = contents(spark, pictures).as(Encoders.BINARY());
      SepconvFunction function = SepconvFunction.of(spark, model, SETTINGS);
      measure(
          onnxRuntime ? "onnxruntime" : "spark",
          contents.count(),
          () ->
              onnxRuntime
                  ? contents
                      .mapPartitions(
                          (MapPartitionsFunction<byte[], Integer>) each -> session(model, each),
                          Encoders.INT())
                      .filter("value = 0")
                      .count()
                  : contents
                      .mapPartitions(
                          (MapPartitionsFunction<byte[], Row>) function,
                          Encoders.row(function.schema()))
                      .filter("classes[0].index = 0")
                      .count());
      System.out.println(function.metrics());
    } finally {
      spark.stop();
    }
  }

  /** A session for the partition, with one thread, as tasks fill the cores. */
  private static Iterator<Integer> session(byte[] model, Iterator<byte[]> contents)
      throws Exception {
    SizedNetwork sized = SizedNetwork.of(model, SETTINGS);
    Preprocessing preprocessing = sized.preprocessing();
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    List<Integer> answers = new ArrayList<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session = environment.createSession(model, options)) {
        String input = session.getInputNames().iterator().next();
        while (contents.hasNext()) {
          float[] values =
              preprocessing
                  .tensor(PictureDecoder.standard().decode(contents.next(), "the picture"))
                  .values();
          answers.add(likeliest(environment, session, input, values));
        }
      }
    }
    return answers.iterator();
  }

  private static int likeliest(
      OrtEnvironment environment, OrtSession session, String input, float[] values)
      throws OrtException {
    try (OnnxTensor tensor =
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(values), new long[] {1, 3, 48, 192});
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      float[] classes = ((float[][]) result.get(0).getValue())[0];
      return classes[0] >= classes[1] ? 0 : 1;
    }
  }
}
