package org.sepconv.spark;

import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.MLWritable;

/**
 * What the stages of pictures have in common: a column that comes in, two that are added, and what
 * runs. Parameters are methods that return them: Spark finds them so.
 *
 * @param <S> the stage itself
 */
public abstract sealed class PictureStage<S extends PictureStage<S>> extends Transformer
    implements MLWritable permits SepconvModel, SepconvFilter {
  private static final long serialVersionUID = 1;

  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> outputCol;
  private final Param<String> errorCol;
  private final Param<String> backend;
  private final IntParam threads;

  /**
   * @param output the column that is added, unless another is set
   * @param whatItHolds besides nothing, where there is an error
   */
  PictureStage(String uid, String output, String whatItHolds) {
    this.uid = uid; // first: a parameter asks for it
    inputCol =
        new Param<>(
            this, "inputCol", "pictures: contents of files, or the struct of the source image");
    outputCol =
        new Param<>(
            this, "outputCol", "is added: " + whatItHolds + "; null where there is an error");
    errorCol =
        new Param<>(this, "errorCol", "is added: why a picture cannot be read; null where it can");
    backend = new Param<>(this, "backend", "backend or device that runs it");
    threads = new IntParam(this, "threads", "threads that a run of one task may use");
    NetworkSettings usual = NetworkSettings.usual();
    setDefault(inputCol, "content");
    setDefault(outputCol, output);
    setDefault(errorCol, "error");
    setDefault(backend, usual.backend());
    setDefault(threads, usual.threads());
  }

  @Override
  public final String uid() {
    return uid;
  }

  public final Param<String> inputCol() {
    return inputCol;
  }

  public final Param<String> outputCol() {
    return outputCol;
  }

  public final Param<String> errorCol() {
    return errorCol;
  }

  public final Param<String> backend() {
    return backend;
  }

  public final IntParam threads() {
    return threads;
  }

  /** The column with the pictures; {@code content} unless another is set. */
  public final S setInputCol(String column) {
    return with(inputCol, column);
  }

  /** The column for what is made of them. */
  public final S setOutputCol(String column) {
    return with(outputCol, column);
  }

  /** The column for errors; {@code error} unless another is set. */
  public final S setErrorCol(String column) {
    return with(errorCol, column);
  }

  /** {@code cpu} unless another is set. */
  public final S setBackend(String name) {
    return with(backend, name);
  }

  /** 1 unless another is set: tasks fill the cores. */
  public final S setThreads(int count) {
    return with(threads, count);
  }

  /** This, with a parameter set. */
  final <T> S with(Param<? super T> param, T value) {
    set(param, value);
    return self();
  }

  abstract S self();
}
