package org.sepconv.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.sepconv.vision.Preset;

/**
 * A network as a stage of a Spark ML pipeline: pictures of one column become classes in another.
 *
 * <pre>{@code
 * SepconvModel model =
 *     new SepconvModel().setModel("hdfs:///models/mobilenet.onnx").setBatchSize(8);
 * Dataset<Row> answers = model.transform(spark.read().format("binaryFile").load("hdfs:///photos"));
 * }</pre>
 *
 * <p>Saved with the bytes of its model, so that a loaded one needs no other file. Not thread-safe.
 */
public final class SepconvModel extends PictureStage<SepconvModel> {
  private static final long serialVersionUID = 1;

  /** Beside the parameters, where one is saved. */
  private static final String MODEL_FILE = "model.onnx";

  private final Param<String> model;
  private final IntParam batchSize;
  private final Param<String> inputSize;
  private final Param<String> preset;
  private final IntParam topK;
  private final StringArrayParam labels;
  private final IntParam decodingThreads;

  /** The model where it is no file, or was saved with this; null where it is a file. */
  private byte @Nullable [] bytes;

  /** What the parameter "model" was when the bytes came; another value since then counts. */
  private String bytesOf = "";

  /** The last one, for its metrics. */
  private transient @Nullable SepconvFunction function;

  public SepconvModel() {
    this(Identifiable.randomUID("sepconv"));
  }

  /** With an id of its own, as Spark's stages have them. */
  public SepconvModel(String uid) {
    super(uid, "classes", "the likeliest classes");
    model = new Param<>(this, "model", "file of the model, ONNX, on any of Hadoop's file systems");
    batchSize = new IntParam(this, "batchSize", "pictures that the network takes at once");
    inputSize =
        new Param<>(
            this,
            "inputSize",
            "height x width of what the network takes, 48x192 for instance, where its model leaves it free");
    preset =
        new Param<>(
            this, "preset", "what the network was trained on: imagenet, tensorflow or text-line");
    topK =
        new IntParam(this, "topK", "classes of an answer at most; 0 for the outputs as they are");
    labels = new StringArrayParam(this, "labels", "names of all classes, in their order");
    decodingThreads =
        new IntParam(this, "decodingThreads", "threads that a task decodes with, beside its runs");
    NetworkSettings usual = NetworkSettings.usual();
    setDefault(model, "");
    setDefault(batchSize, usual.batchSize());
    setDefault(inputSize, "");
    setDefault(preset, usual.preset().toString());
    setDefault(topK, usual.topK());
    setDefault(labels, new String[0]);
    setDefault(decodingThreads, usual.decodingThreads());
  }

  public Param<String> model() {
    return model;
  }

  public IntParam batchSize() {
    return batchSize;
  }

  public Param<String> inputSize() {
    return inputSize;
  }

  public Param<String> preset() {
    return preset;
  }

  public IntParam topK() {
    return topK;
  }

  public StringArrayParam labels() {
    return labels;
  }

  public IntParam decodingThreads() {
    return decodingThreads;
  }

  /** A file, which the driver reads when {@link #transform} is called. */
  public SepconvModel setModel(String file) {
    bytes = null;
    return with(model, file);
  }

  /** A model in ONNX, instead of a file; copied. */
  public SepconvModel setModel(byte[] onnx) {
    bytes = onnx.clone();
    bytesOf = "";
    return with(model, "");
  }

  /** 1 unless another is set. */
  public SepconvModel setBatchSize(int pictures) {
    return with(batchSize, pictures);
  }

  /** {@code 48x192}, height x width, for models that leave it free. */
  public SepconvModel setInputSize(String size) {
    return with(inputSize, size);
  }

  /** {@code imagenet} unless another is set. */
  public SepconvModel setPreset(String name) {
    return with(preset, name);
  }

  /** 5 unless another is set; 0 for the outputs as they are. */
  public SepconvModel setTopK(int most) {
    return with(topK, most);
  }

  /** None unless they are set; as many as the network has classes. */
  public SepconvModel setLabels(String... names) {
    return with(labels, names);
  }

  /** 1 unless another is set. */
  public SepconvModel setDecodingThreads(int count) {
    return with(decodingThreads, count);
  }

  @Override
  SepconvModel self() {
    return this;
  }

  /**
   * The parameters, checked.
   *
   * @throws IllegalArgumentException if one of them cannot be, naming it and the way out
   */
  public NetworkSettings settings() {
    return new NetworkSettings(
            getOrDefault(backend()),
            (int) getOrDefault(threads()),
            (int) getOrDefault(batchSize),
            0,
            0,
            Preset.parse(getOrDefault(preset)),
            (int) getOrDefault(topK),
            List.of(getOrDefault(labels)),
            (int) getOrDefault(decodingThreads))
        .withInputSize(getOrDefault(inputSize));
  }

  /**
   * Adds the two columns.
   *
   * @throws IllegalArgumentException if there is no input column, it holds no pictures, or one of
   *     the others is there already
   */
  @Override
  public StructType transformSchema(StructType schema) {
    PictureColumn.of(schema, getOrDefault(inputCol()));
    return SepconvFunction.extended(
        schema, getOrDefault(outputCol()), getOrDefault(errorCol()), Answer.type(settings()));
  }

  /**
   * Adds the two columns, when the result is computed.
   *
   * @throws IllegalArgumentException as {@link #transformSchema}, and if the model cannot be read
   *     or is not for such pictures
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    SparkSession spark = dataset.sparkSession();
    function = SepconvFunction.of(spark, bytes(spark), settings());
    return function.apply(
        dataset, getOrDefault(inputCol()), getOrDefault(outputCol()), getOrDefault(errorCol()));
  }

  /**
   * What jobs on the result of the last {@link #transform} have done; empty before there is one.
   */
  public Optional<JobMetrics> metrics() {
    return Optional.ofNullable(function).map(SepconvFunction::metrics);
  }

  /**
   * What a job will take, by the cost model on this machine, before it starts.
   *
   * @param pictures of all partitions
   * @param cores that run a task each
   * @param sample contents of some of the pictures, which are decoded here
   * @throws IllegalArgumentException if the model cannot be read, or no picture of the sample
   */
  public JobEstimate estimate(
      SparkSession spark, long pictures, int partitions, int cores, List<byte[]> sample) {
    return JobEstimate.of(bytes(spark), settings(), pictures, partitions, cores, sample);
  }

  private byte[] bytes(SparkSession spark) {
    String file = getOrDefault(model);
    if (bytes != null && file.equals(bytesOf)) {
      return bytes;
    }
    if (file.isBlank()) {
      throw new IllegalArgumentException(
          "there is no model: set one with setModel, a file in ONNX or its bytes");
    }
    return SharedModel.read(spark, "model", file);
  }

  @Override
  public SepconvModel copy(ParamMap extra) {
    SepconvModel copy = defaultCopy(extra);
    copy.bytes = bytes;
    copy.bytesOf = bytesOf;
    return copy;
  }

  @Override
  public MLWriter write() {
    return new Writer(this);
  }

  public static MLReader<SepconvModel> read() {
    return new Reader();
  }

  /** One that was saved. */
  public static SepconvModel load(String path) {
    return read().load(path);
  }

  /** Parameters as Spark has them, and the model beside. */
  private static final class Writer extends MLWriter {
    private final SepconvModel saved;

    Writer(SepconvModel saved) {
      this.saved = saved;
    }

    @Override
    public void saveImpl(String path) {
      byte[] onnx = saved.bytes(sparkSession());
      DefaultParamsWriter.saveMetadata(saved, path, sparkSession());
      Path file = new Path(path, MODEL_FILE);
      try (OutputStream out =
          file.getFileSystem(sparkSession().sparkContext().hadoopConfiguration()).create(file)) {
        out.write(onnx);
      } catch (IOException failure) {
        throw new IllegalArgumentException(
            "%s cannot be written: %s".formatted(file, failure.getMessage()), failure);
      }
    }
  }

  private static final class Reader extends MLReader<SepconvModel> {
    @Override
    public SepconvModel load(String path) {
      DefaultParamsReader.Metadata metadata =
          DefaultParamsReader.loadMetadata(path, sparkSession(), SepconvModel.class.getName());
      SepconvModel loaded = new SepconvModel(metadata.uid());
      metadata.getAndSetParams(loaded, metadata.getAndSetParams$default$2());
      loaded.bytes =
          SharedModel.read(sparkSession(), "model", new Path(path, MODEL_FILE).toString());
      loaded.bytesOf = loaded.getOrDefault(loaded.model);
      return loaded;
    }
  }
}
