package org.sepconv.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.sepconv.vision.Classes;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** What there is to say of a picture, and how Spark has it. */
sealed interface Answer {

  /** The likeliest classes, the best first. */
  record Likeliest(List<Classes.Guess> classes) implements Answer {}

  /** The outputs of the network as they are, one after the other. */
  record Outputs(float[] values) implements Answer {}

  /** Why there is none. */
  record Failed(String error) implements Answer {}

  /**
   * The answer for one picture of a batch.
   *
   * @param outputs of the batch
   * @param n which picture
   */
  static Answer of(List<float[]> outputs, int n, NetworkSettings settings) {
    if (settings.topK() > 0) {
      float[] own = part(outputs.getFirst(), n, settings.batchSize());
      return new Likeliest(new Classes(settings.labels(), settings.topK()).best(own));
    }
    int size = outputs.stream().mapToInt(output -> output.length / settings.batchSize()).sum();
    float[] values = new float[size];
    int filled = 0;
    for (float[] output : outputs) {
      float[] own = part(output, n, settings.batchSize());
      System.arraycopy(own, 0, values, filled, own.length);
      filled += own.length;
    }
    return new Outputs(values);
  }

  private static float[] part(float[] output, int n, int batch) {
    int size = output.length / batch;
    return Arrays.copyOfRange(output, size * n, size * (n + 1));
  }

  /** The type of {@link #value}. */
  static DataType type(NetworkSettings settings) {
    if (settings.topK() == 0) {
      return DataTypes.createArrayType(DataTypes.FloatType, false);
    }
    StructType guess =
        new StructType()
            .add("label", DataTypes.StringType, true)
            .add("index", DataTypes.IntegerType, false)
            .add("score", DataTypes.FloatType, false);
    return DataTypes.createArrayType(guess, false);
  }

  /** As Spark takes it; null where there is none. */
  default @Nullable Object value() {
    return switch (this) {
      case Likeliest(List<Classes.Guess> classes) -> {
        List<Row> rows = new ArrayList<>();
        for (Classes.Guess guess : classes) {
          rows.add(RowFactory.create(guess.label().orElse(null), guess.index(), guess.share()));
        }
        yield sequence(rows);
      }
      case Outputs(float[] values) -> {
        List<Float> boxed = new ArrayList<>(values.length);
        for (float value : values) {
          boxed.add(value);
        }
        yield sequence(boxed);
      }
      case Failed _ -> null;
    };
  }

  /** Why there is no value; null where there is one. */
  default @Nullable String error() {
    return this instanceof Failed(String reason) ? reason : null;
  }

  private static <E> Seq<E> sequence(List<E> list) {
    return CollectionConverters.asScala(list).toSeq();
  }
}
