package org.sepconv.spark;

import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import org.sepconv.vision.filter.ColourMatrix;
import org.sepconv.vision.filter.FilterKernel;
import org.sepconv.vision.filter.PictureFilter;

/**
 * A picture filter as a stage of a Spark ML pipeline, pictures in and pictures out: a kernel on
 * each colour, then a colour matrix, as {@code sepconv filter} has them.
 *
 * <pre>{@code
 * SepconvFilter edges = new SepconvFilter().setDepthwise("sobel-x").setPointwise("luma");
 * Dataset<Row> pictures = edges.transform(spark.read().format("binaryFile").load("hdfs:///photos"));
 * }</pre>
 *
 * <p>What comes out are PNG files, upright, with the alpha of what went in, 8 bits a colour. Not
 * thread-safe.
 */
public final class SepconvFilter extends PictureStage<SepconvFilter> {
  private static final long serialVersionUID = 1;

  private final Param<String> depthwise;
  private final Param<String> pointwise;
  private final IntParam size;

  /** Of the last result. */
  private transient @Nullable JobMetrics metrics;

  public SepconvFilter() {
    this(Identifiable.randomUID("sepconvFilter"));
  }

  /** With an id of its own, as Spark's stages have them. */
  public SepconvFilter(String uid) {
    super(uid, "filtered", "a PNG file");
    depthwise = new Param<>(this, "depthwise", "kernel on each colour");
    pointwise = new Param<>(this, "pointwise", "colour matrix behind it");
    size = new IntParam(this, "size", "rows and columns of the kernel, odd");
    setDefault(depthwise, FilterKernel.IDENTITY.toString());
    setDefault(pointwise, ColourMatrix.IDENTITY.toString());
    setDefault(size, FilterKernel.SMALLEST);
  }

  public Param<String> depthwise() {
    return depthwise;
  }

  public Param<String> pointwise() {
    return pointwise;
  }

  public IntParam size() {
    return size;
  }

  /** A {@link FilterKernel} by its name; {@code identity} unless another is set. */
  public SepconvFilter setDepthwise(String kernel) {
    return with(depthwise, kernel);
  }

  /** A {@link ColourMatrix} by its name; {@code identity} unless another is set. */
  public SepconvFilter setPointwise(String matrix) {
    return with(pointwise, matrix);
  }

  /** 3 unless another is set. */
  public SepconvFilter setSize(int rows) {
    return with(size, rows);
  }

  @Override
  SepconvFilter self() {
    return this;
  }

  /**
   * The parameters, checked.
   *
   * @throws IllegalArgumentException if one of them cannot be, naming it and the way out
   */
  public PictureFilter filter() {
    return new PictureFilter(
        FilterKernel.parse(getOrDefault(depthwise)),
        (int) getOrDefault(size),
        ColourMatrix.parse(getOrDefault(pointwise)));
  }

  private NetworkSettings settings() {
    return NetworkSettings.usual()
        .withBackend(getOrDefault(backend()))
        .withThreads((int) getOrDefault(threads()));
  }

  /**
   * Adds the two columns.
   *
   * @throws IllegalArgumentException if there is no input column, it holds no pictures, one of the
   *     others is there already, or there is no such filter
   */
  @Override
  public StructType transformSchema(StructType schema) {
    PictureColumn.of(schema, getOrDefault(inputCol()));
    filter();
    settings();
    return SepconvFunction.extended(
        schema, getOrDefault(outputCol()), getOrDefault(errorCol()), DataTypes.BinaryType);
  }

  /**
   * Adds the two columns, when the result is computed.
   *
   * @throws IllegalArgumentException as {@link #transformSchema}
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType extended = transformSchema(dataset.schema());
    SharedModel.watch(dataset.sparkSession());
    metrics = new JobMetrics(dataset.sparkSession().sparkContext());
    return dataset
        .toDF()
        .mapPartitions(
            function(
                PictureColumn.of(dataset.schema(), getOrDefault(inputCol())),
                filter(),
                settings(),
                metrics),
            Encoders.row(extended));
  }

  /** Static, so that nothing but its arguments goes to the executors. */
  private static MapPartitionsFunction<Row, Row> function(
      PictureColumn column, PictureFilter filter, NetworkSettings settings, JobMetrics metrics) {
    FilterKernel kernel = filter.kernel();
    int size = filter.size();
    ColourMatrix matrix = filter.matrix();
    return rows -> {
      FilteredRows filtered =
          new FilteredRows(
              rows, column, new PictureFilter(kernel, size, matrix), settings, metrics);
      TaskContext task = TaskContext.get();
      if (task != null) {
        task.addTaskCompletionListener((TaskCompletionListener) _ -> filtered.close());
      }
      return filtered;
    };
  }

  /**
   * What jobs on the result of the last {@link #transform} have done; empty before there is one.
   */
  public Optional<JobMetrics> metrics() {
    return Optional.ofNullable(metrics);
  }

  @Override
  public SepconvFilter copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  @Override
  public MLWriter write() {
    return new DefaultParamsWriter(this);
  }

  public static MLReader<SepconvFilter> read() {
    return new DefaultParamsReader<>();
  }

  /** One that was saved. */
  public static SepconvFilter load(String path) {
    return read().load(path);
  }
}
