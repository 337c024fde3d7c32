package org.sepconv.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.sql.SparkSession;

/**
 * The bytes of a model, sent to each executor once, however many jobs use it.
 *
 * @param hash of the bytes, SHA-256
 */
record SharedModel(String hash, Broadcast<byte[]> bytes) implements Serializable {

  /** Of the application that runs, by their hashes; Spark runs one at a time in a JVM. */
  private static final Map<String, SharedModel> OF_APPLICATION = new HashMap<>();

  private static String application = "";

  static SharedModel of(SparkSession spark, byte[] bytes) {
    SparkContext context = spark.sparkContext();
    synchronized (OF_APPLICATION) {
      watch(spark);
      return OF_APPLICATION.computeIfAbsent(
          hash(bytes),
          hash ->
              new SharedModel(
                  hash, JavaSparkContext.fromSparkContext(context).broadcast(bytes.clone())));
    }
  }

  /** Sees to it that what tasks in this JVM prepare ends with the application. */
  static void watch(SparkSession spark) {
    SparkContext context = spark.sparkContext();
    synchronized (OF_APPLICATION) {
      if (!application.equals(context.applicationId())) {
        application = context.applicationId();
        OF_APPLICATION.clear();
        context.addSparkListener(new End());
      }
    }
  }

  /** What a JVM keeps that outlives the application: the driver's, where it runs tasks itself. */
  private static final class End extends SparkListener {
    @Override
    public void onApplicationEnd(SparkListenerApplicationEnd end) {
      synchronized (OF_APPLICATION) {
        OF_APPLICATION.clear();
        application = "";
      }
      PreparedNetworks.ofThisJvm().retireAll();
    }
  }

  /**
   * Reads a file of any of Hadoop's file systems, on the driver.
   *
   * @throws IllegalArgumentException if it cannot be read
   */
  static byte[] read(SparkSession spark, String what, String file) {
    try {
      Path path = new Path(file);
      try (InputStream in =
          path.getFileSystem(spark.sparkContext().hadoopConfiguration()).open(path)) {
        return in.readAllBytes();
      }
    } catch (IOException | IllegalArgumentException failure) {
      throw new IllegalArgumentException(
          "%s '%s' cannot be read: %s".formatted(what, file, failure.getMessage()), failure);
    }
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
