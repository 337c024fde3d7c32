package org.sepconv.examples.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sepconv.spark.SepconvModel;

/** A program to copy: a folder of pictures to a table of classes. */
public final class ClassifyPhotos {
  private ClassifyPhotos() {}

  /** Model, folder of pictures, folder for the answers. */
  public static void main(String[] arguments) {
    SparkSession spark = SparkSession.builder().appName("classify photos").getOrCreate();
    SepconvModel model = new SepconvModel().setModel(arguments[0]).setPreset("imagenet").setTopK(3);
    Dataset<Row> photos = spark.read().format("binaryFile").load(arguments[1]);
    Dataset<Row> answers = model.transform(photos).select("path", "classes", "error");
    answers.write().parquet(arguments[2]);
    System.out.println(model.metrics().orElseThrow());
  }
}
