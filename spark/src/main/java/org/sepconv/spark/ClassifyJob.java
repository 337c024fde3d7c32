package org.sepconv.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Classifies a folder of pictures into Parquet files, slice by slice: a job that can be killed at
 * any time, and started again with the same arguments. What is written of a slice counts when all
 * of it is there, and is written anew otherwise, so no picture is lost and none is there twice.
 *
 * <pre>
 *   spark-submit --class org.sepconv.spark.ClassifyJob sepconv-spark-VERSION-all.jar
 *       MODEL PICTURES OUTPUT [slices, 1 unless you say otherwise]
 * </pre>
 *
 * <p>Settings come with {@code --conf spark.sepconv.topK=1} and the like, as {@link ClassifyUdf}
 * has them, and {@code batchSize} and {@code decodingThreads}. The output has the columns path,
 * classes, error and slice.
 */
public final class ClassifyJob {
  /** Pictures that are decoded on the driver, to say what the job will take. */
  private static final int SAMPLE = 10;

  /** What Spark writes last, when a slice is whole. */
  private static final String WHOLE = "_SUCCESS";

  private ClassifyJob() {}

  /** See the class. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 3 || arguments.length > 4) {
      throw new IllegalArgumentException(
          "the arguments are MODEL PICTURES OUTPUT [slices], not " + Arrays.toString(arguments));
    }
    int slices = arguments.length == 3 ? 1 : Integer.parseInt(arguments[3]);
    SparkSession spark = SparkSession.builder().appName("sepconv classify").getOrCreate();
    try {
      classify(spark, arguments[0], arguments[1], arguments[2], slices);
    } finally {
      spark.stop();
    }
  }

  private static void classify(
      SparkSession spark, String model, String pictures, String output, int slices)
      throws IOException {
    SepconvFunction function = SepconvFunction.of(spark, model, SessionSettings.of(spark));
    // Without their content, nothing of the files is read yet.
    List<String> paths =
        read(spark, pictures).select("path").as(Encoders.STRING()).collectAsList().stream()
            .sorted()
            .toList();
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("there is no file in " + pictures);
    }
    if (slices < 1 || slices > paths.size()) {
      throw new IllegalArgumentException(
          "slices is %d, but must be from 1 to the %d files in %s"
              .formatted(slices, paths.size(), pictures));
    }
    int cores = spark.sparkContext().defaultParallelism();
    int partitions = Math.min(Math.ceilDiv(paths.size(), slices), 3 * cores);
    JobEstimate estimate = estimate(spark, function, paths, partitions * slices, cores);
    System.out.println(estimate);
    long start = System.nanoTime();
    for (int slice = 0; slice < slices; slice++) {
      Path folder = new Path(output, "slice=" + slice);
      FileSystem files = folder.getFileSystem(spark.sparkContext().hadoopConfiguration());
      if (files.exists(new Path(folder, WHOLE))) {
        System.out.printf("slice %d of %d is there already%n", slice + 1, slices);
        continue;
      }
      List<String> own = new ArrayList<>();
      for (int i = slice; i < paths.size(); i += slices) {
        own.add(paths.get(i));
      }
      function
          .apply(
              read(spark, escaped(own)).select("path", "content").repartition(partitions),
              "content",
              "classes",
              "error")
          .drop("content")
          .write()
          .mode(SaveMode.Overwrite)
          .parquet(folder.toString());
      System.out.printf("slice %d of %d is written%n", slice + 1, slices);
    }
    JobMetrics metrics = function.metrics();
    System.out.println(metrics);
    if (metrics.run() == paths.size()) {
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.println(estimate.beside(seconds, metrics));
    }
  }

  private static JobEstimate estimate(
      SparkSession spark, SepconvFunction function, List<String> paths, int partitions, int cores) {
    List<byte[]> sample =
        read(spark, escaped(paths.subList(0, Math.min(SAMPLE, paths.size()))))
            .select("content")
            .as(Encoders.BINARY())
            .collectAsList();
    return function.estimate(paths.size(), partitions, cores, sample);
  }

  private static Dataset<Row> read(SparkSession spark, String... where) {
    return spark.read().format("binaryFile").load(where);
  }

  /** Spark takes paths for patterns. */
  private static String[] escaped(List<String> paths) {
    return paths.stream()
        .map(path -> path.replaceAll("([\\\\{}\\[\\]*?])", "\\\\$1"))
        .toArray(String[]::new);
  }
}
