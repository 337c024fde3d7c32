package org.sepconv.spark;

import org.apache.spark.sql.SparkSession;

/** Sessions of Spark for tests. */
final class Sessions {
  private Sessions() {}

  /** Tasks in this JVM, two at a time. */
  static SparkSession local() {
    return builder("local[2]").getOrCreate();
  }

  static SparkSession.Builder builder(String master) {
    return SparkSession.builder()
        .appName("sepconv tests")
        .master(master)
        .config("spark.ui.enabled", false)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/warehouse")
        .config("spark.sql.shuffle.partitions", 2);
  }
}
