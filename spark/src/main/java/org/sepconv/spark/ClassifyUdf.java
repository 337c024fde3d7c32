package org.sepconv.spark;

import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * The SQL function {@code sepconv_classify(content)}: a struct of {@code classes} and {@code
 * error}, one of which is null. A row at a time, without batches and without decoding beside
 * running: {@link SepconvModel} is faster.
 *
 * <p>{@link SepconvExtensions} brings it into a session. Where extensions cannot be set any more,
 * Spark makes one by the name of this class: {@code spark.udf.registerJavaFunction} in Python, with
 * the {@linkplain #TYPE type} that it returns. Either way, the session's configuration says what it
 * does, when a query is planned:
 *
 * <pre>
 *   spark.sepconv.model       file of the model, on any of Hadoop's file systems
 *   spark.sepconv.labels      file of the classes' names, one a line
 *   spark.sepconv.inputSize   spark.sepconv.preset   spark.sepconv.topK
 *   spark.sepconv.backend     spark.sepconv.threads  as the parameters of {@link SepconvModel}
 * </pre>
 */
public final class ClassifyUdf implements UDF1<byte[], Row> {
  private static final long serialVersionUID = 1;

  /** What Spark calls it. */
  public static final String NAME = "sepconv_classify";

  /** What it returns, as Spark's DDL says it. */
  public static final String TYPE =
      "struct<classes:array<struct<label:string,index:int,score:float>>,error:string>";

  private final SepconvFunction function;

  /** Of the task that runs this. */
  private transient @Nullable OnePicture own;

  private transient long attempt;

  /** With the configuration of the session that is active, on the driver. */
  public ClassifyUdf() {
    SparkSession spark = SparkSession.active();
    String model = spark.conf().get(SessionSettings.PREFIX + "model", "");
    if (model.isBlank()) {
      throw new IllegalArgumentException(
          "%s has no model: set %smodel to a file in ONNX".formatted(NAME, SessionSettings.PREFIX));
    }
    NetworkSettings settings = SessionSettings.of(spark).withBatchSize(1);
    if (settings.topK() == 0) {
      throw new IllegalArgumentException(
          "%stopK is 0, but %s gives classes: set it to 1 at least, or use SepconvModel for outputs as they are"
              .formatted(SessionSettings.PREFIX, NAME));
    }
    function = SepconvFunction.of(spark, model, settings);
  }

  static DataType type() {
    return DataType.fromDDL(TYPE);
  }

  /** Of the driver too, where Spark computes small tables itself. */
  @Override
  public synchronized Row call(byte[] content) {
    TaskContext task = TaskContext.get();
    if (task == null) {
      try (OnePicture one = function.onePicture()) {
        return answer(one, content);
      }
    }
    if (own == null || task.taskAttemptId() != attempt) {
      OnePicture one = function.onePicture();
      task.addTaskCompletionListener((TaskCompletionListener) _ -> one.close());
      own = one;
      attempt = task.taskAttemptId();
    }
    return answer(own, content);
  }

  private static Row answer(OnePicture one, byte[] content) {
    return SepconvFunction.row(one.answer(SepconvFunction.source(content)));
  }
}
