package org.sepconv.spark;

import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * A network over the pictures of a partition, without Spark's MLlib: over a column of a dataset
 * with {@link #apply}, or over contents of files with {@code mapPartitions}, which gives rows of
 * {@link #schema()}:
 *
 * <pre>{@code
 * Dataset<Row> answers = contents.mapPartitions(function, Encoders.row(function.schema()));
 * JavaRDD<Row> rows = rddOfContents.mapPartitions(function);
 * }</pre>
 *
 * <p>The model is broadcast once, and prepared once in each executor, for all its tasks. Made on
 * the driver.
 */
public final class SepconvFunction
    implements MapPartitionsFunction<byte[], Row>, FlatMapFunction<Iterator<byte[]>, Row> {
  private static final long serialVersionUID = 1;

  /** What rows of {@link #schema()} call their columns. */
  private static final String CLASSES = "classes";

  private static final String ERROR = "error";

  private final SharedModel model;
  private final NetworkSettings settings;
  private final JobMetrics metrics;

  private SepconvFunction(SharedModel model, NetworkSettings settings, JobMetrics metrics) {
    this.model = model;
    this.settings = settings;
    this.metrics = metrics;
  }

  /**
   * Of a model that brings all its weights along. It is read here too, so that whatever is wrong
   * with it, or with the settings, is said before a job starts.
   *
   * @param model in ONNX; copied
   * @throws IllegalArgumentException if the model does not take pictures as the settings say, or
   *     there are not as many labels as classes
   * @throws org.sepconv.onnx.model.OnnxException if it is no model that is supported
   */
  public static SepconvFunction of(SparkSession spark, byte[] model, NetworkSettings settings) {
    SizedNetwork.of(model, settings);
    return new SepconvFunction(
        SharedModel.of(spark, model), settings, new JobMetrics(spark.sparkContext()));
  }

  /**
   * Of a file, on any of Hadoop's file systems; the driver alone reads it.
   *
   * @throws IllegalArgumentException also if it cannot be read
   */
  public static SepconvFunction of(SparkSession spark, String file, NetworkSettings settings) {
    return of(spark, SharedModel.read(spark, "model", file), settings);
  }

  public NetworkSettings settings() {
    return settings;
  }

  /** What all jobs with this function have done so far. */
  public JobMetrics metrics() {
    return metrics;
  }

  /**
   * What a job will take, by the cost model on this machine, before it starts.
   *
   * @param pictures of all partitions
   * @param cores that run a task each
   * @param sample contents of some of the pictures, which are decoded here
   * @throws IllegalArgumentException if no picture of the sample can be read
   */
  public JobEstimate estimate(long pictures, int partitions, int cores, List<byte[]> sample) {
    return JobEstimate.of(model.bytes().value(), settings, pictures, partitions, cores, sample);
  }

  /**
   * What contents of files become: {@code classes}, array of struct of label (null where there are
   * no labels), index and score, or array of float where {@code topK} is 0; {@code error}, null
   * where there are classes.
   */
  public StructType schema() {
    return new StructType()
        .add(CLASSES, Answer.type(settings), true)
        .add(ERROR, DataTypes.StringType, true);
  }

  /**
   * A dataset with two more columns.
   *
   * @param input binary, as the source {@code binaryFile} gives it, or the struct of the source
   *     {@code image}
   * @param output is added: the classes, null where a picture cannot be read
   * @param error is added: why it cannot be read, null where it can
   * @throws IllegalArgumentException if there is no such input, or one of the others is there
   */
  public Dataset<Row> apply(Dataset<?> dataset, String input, String output, String error) {
    StructType schema = dataset.schema();
    PictureColumn column = PictureColumn.of(schema, input);
    StructType extended = extended(schema, output, error, Answer.type(settings));
    return dataset
        .toDF()
        .mapPartitions(
            (MapPartitionsFunction<Row, Row>)
                rows -> answers(rows, column::source, SepconvFunction::with),
            Encoders.row(extended));
  }

  /**
   * With the two columns.
   *
   * @throws IllegalArgumentException if one of them is there already
   */
  static StructType extended(StructType schema, String output, String error, DataType type) {
    for (String added : new String[] {output, error}) {
      if (Arrays.asList(schema.fieldNames()).contains(added) || output.equals(error)) {
        throw new IllegalArgumentException(
            "the columns %s are to be added, but there is one called '%s' already: choose other names with outputCol and errorCol"
                .formatted(output + ", " + error, added));
      }
    }
    return schema.add(output, type, true).add(error, DataTypes.StringType, true);
  }

  private static Row with(Row row, Answer answer) {
    return with(row, answer.value(), answer.error());
  }

  /** A row with two more values. */
  static Row with(Row row, @Nullable Object output, @Nullable String error) {
    @Nullable Object[] values = new @Nullable Object[row.size() + 2];
    for (int i = 0; i < row.size(); i++) {
      values[i] = row.get(i);
    }
    values[row.size()] = output;
    values[row.size() + 1] = error;
    return RowFactory.create(values);
  }

  /** On an executor: contents of files to rows of {@link #schema()}, in their order. */
  @Override
  public Iterator<Row> call(Iterator<byte[]> contents) {
    return answers(contents, SepconvFunction::source, (_, answer) -> row(answer));
  }

  static Optional<PictureSource> source(byte[] content) {
    return Optional.ofNullable(content).map(file -> new PictureColumn.Content(file, "the picture"));
  }

  static Row row(Answer answer) {
    return RowFactory.create(answer.value(), answer.error());
  }

  /** Takes the network when there is a picture for it, and gives it back at the end of the task. */
  <T, R> Iterator<R> answers(
      Iterator<T> rows,
      Function<T, Optional<PictureSource>> source,
      BiFunction<T, Answer, R> result) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    PreparedNetworks.Lease lease = lease();
    AnswerIterator<T, R> answers;
    try {
      answers = new AnswerIterator<>(lease, settings, metrics, rows, source, result);
    } catch (RuntimeException | Error failure) {
      lease.close();
      throw failure;
    }
    TaskContext task = TaskContext.get();
    if (task != null) {
      task.addTaskCompletionListener((TaskCompletionListener) _ -> answers.close());
    }
    return answers;
  }

  /** One picture after the other; the caller closes it. */
  OnePicture onePicture() {
    PreparedNetworks.Lease lease = lease();
    try {
      return new OnePicture(lease, settings, metrics);
    } catch (RuntimeException | Error failure) {
      lease.close();
      throw failure;
    }
  }

  private PreparedNetworks.Lease lease() {
    return PreparedNetworks.ofThisJvm()
        .acquire(
            new PreparedNetworks.Key(model.hash(), settings),
            () -> {
              long start = System.nanoTime();
              PreparedNetwork network = PreparedNetwork.of(model.bytes().value(), settings);
              metrics.addPrepared((System.nanoTime() - start) / 1e9);
              return network;
            });
  }
}
