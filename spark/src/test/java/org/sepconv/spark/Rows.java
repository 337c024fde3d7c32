package org.sepconv.spark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What goes into stages, and what comes out. */
final class Rows {
  private Rows() {}

  /** The pictures of a folder, in three partitions. */
  static Dataset<Row> files(SparkSession spark, Path where) {
    return spark.read().format("binaryFile").load(where.toString()).repartition(3);
  }

  /** Sorted here: Spark would compute all twice, once to find out how to sort. */
  static List<Row> inOrder(Dataset<Row> answers) {
    List<Row> rows = new ArrayList<>(answers.collectAsList());
    rows.sort(Comparator.comparing(row -> row.<String>getAs("path")));
    return rows;
  }

  /** Outputs of a network as they are. */
  static float[] outputs(Row row) {
    List<Float> values = row.getList(row.fieldIndex("classes"));
    float[] all = new float[values.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = values.get(i);
    }
    return all;
  }
}
