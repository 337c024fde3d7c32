package org.sepconv.spark;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.util.TaskCompletionListener;
import org.sepconv.vision.Preset;

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

  private static final String PREFIX = "spark.sepconv.";

  private final SepconvFunction function;

  /** Of the task that runs this. */
  private transient OnePicture own;

  private transient long attempt;

  /** With the configuration of the session that is active, on the driver. */
  public ClassifyUdf() {
    SparkSession spark = SparkSession.active();
    RuntimeConfig conf = spark.conf();
    String model = conf.get(PREFIX + "model", "");
    if (model.isBlank()) {
      throw new IllegalArgumentException(
          "%s has no model: set %smodel to a file in ONNX".formatted(NAME, PREFIX));
    }
    NetworkSettings usual = NetworkSettings.usual();
    NetworkSettings settings =
        usual
            .withBackend(conf.get(PREFIX + "backend", usual.backend()))
            .withThreads(number(conf, "threads", usual.threads()))
            .withInputSize(conf.get(PREFIX + "inputSize", ""))
            .withPreset(Preset.parse(conf.get(PREFIX + "preset", usual.preset().toString())))
            .withTopK(number(conf, "topK", usual.topK()));
    if (settings.topK() == 0) {
      throw new IllegalArgumentException(
          "%stopK is 0, but %s gives classes: set it to 1 at least, or use SepconvModel for outputs as they are"
              .formatted(PREFIX, NAME));
    }
    String labels = conf.get(PREFIX + "labels", "");
    if (!labels.isBlank()) {
      settings = settings.withLabels(labels(spark, labels));
    }
    function = SepconvFunction.of(spark, model, settings);
  }

  private static int number(RuntimeConfig conf, String key, int usual) {
    String text = conf.get(PREFIX + key, String.valueOf(usual));
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(
          "%s%s is '%s', but must be a whole number".formatted(PREFIX, key, text));
    }
  }

  private static List<String> labels(SparkSession spark, String file) {
    byte[] text = SharedModel.read(spark, PREFIX + "labels", file);
    return new String(text, StandardCharsets.UTF_8).lines().map(String::strip).toList();
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
