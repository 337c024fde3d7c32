package org.sepconv.spi;

import java.time.Duration;
import java.util.Objects;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Convolution;
import org.sepconv.Layout;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cost.DeviceProfile;

/**
 * One opened device: it owns tensors and prepares convolutions. Thread-safe.
 *
 * <p>The least that a backend implements is {@link #prepareConv2d}; one that can fuse overrides
 * {@link #prepareSeparable} as well. The public methods check their arguments here, once for all
 * backends.
 *
 * <p>Close what it handed out first. Closing waits for the runs under way; whatever is still used
 * afterwards is an {@link IllegalStateException}.
 */
public abstract class ConvBackend implements AutoCloseable {
  private final DeviceInfo device;
  private final Duration warmUp;
  private final Lifecycle lifecycle;

  /** For backends whose runs are fast from the first on. */
  protected ConvBackend(DeviceInfo device) {
    this(device, Duration.ZERO);
  }

  /**
   * For backends whose first runs are slow.
   *
   * @param warmUp how long {@link #prepare} may run what it prepared
   */
  @SuppressWarnings("this-escape") // release() is only kept here, and called by close()
  protected ConvBackend(DeviceInfo device, Duration warmUp) {
    this.device = Objects.requireNonNull(device, "device");
    this.warmUp = Objects.requireNonNull(warmUp, "warmUp");
    this.lifecycle = new Lifecycle("backend " + device.id(), this::release);
  }

  public final DeviceInfo device() {
    return device;
  }

  /** What the cost model knows of this device. */
  public abstract DeviceProfile profile();

  /**
   * Whether {@link #prepare} accepts this convolution on such tensors, or why not. Only for
   * convolutions that can take {@code source}: others are refused by {@code prepare} itself. A
   * backend that adds no residuals says no to convolutions that do.
   */
  public abstract Support supports(Convolution convolution, TensorSpec source, Layout destination);

  /**
   * A tensor of zeros in the memory of this device. The caller closes it.
   *
   * @throws BackendException if there is not enough memory
   */
  public final Tensor allocate(TensorSpec spec) {
    Objects.requireNonNull(spec, "spec");
    enter();
    try {
      return allocateTensor(spec);
    } finally {
      leave();
    }
  }

  /** {@link #prepare(Convolution, Weights, TensorSpec, Layout)} with one layout on both sides. */
  public final PreparedConvolution prepare(
      Convolution convolution, Weights weights, TensorSpec source) {
    return prepare(convolution, weights, source, source.layout());
  }

  /**
   * Packs the weights, compiles the kernels, allocates what runs need, and warms up as long as
   * {@link BackendOptions#warmUp()} allows. The caller closes the result; the weights are not
   * needed any more afterwards.
   *
   * @param source shape and layout of the tensors that {@code run} will take
   * @param destination layout of the tensors that {@code run} will fill
   * @throws IllegalArgumentException if the weights do not match the convolution, or the
   *     convolution cannot take such an input
   * @throws BackendException if this backend does not support it, with the reason, or the device
   *     fails
   */
  public final PreparedConvolution prepare(
      Convolution convolution, Weights weights, TensorSpec source, Layout destination) {
    PreparedConvolution prepared = prepareCold(convolution, weights, source, destination);
    if (!warmUp.isZero()) {
      try {
        WarmUp.run(prepared, warmUp);
      } catch (RuntimeException | Error failure) {
        prepared.close();
        throw failure;
      }
    }
    return prepared;
  }

  /** Prepares without warming up: for what runs once, and for parts of something else. */
  final PreparedConvolution prepareCold(
      Convolution convolution, Weights weights, TensorSpec source, Layout destination) {
    TensorSpec target = new TensorSpec(convolution.outputShape(source.shape()), destination);
    weights.checkMatches(convolution);
    enter();
    try {
      if (supports(convolution, source, destination) instanceof Support.No no) {
        throw new BackendException(
            device.id(), "does not support " + convolution + " on " + source + ": " + no.reason());
      }
      return switch (convolution) {
        case Conv2d conv -> prepareConv2d(conv, (ConvWeights) weights, source, target);
        case SeparableConv2d separable ->
            prepareSeparable(separable, (SeparableWeights) weights, source, target);
      };
    } finally {
      leave();
    }
  }

  /**
   * The one-call form: prepares, runs once, and cleans up. For the simple case; to run often,
   * {@link #prepare} once.
   *
   * @param values the input in the order of {@code source}
   * @return the output in the same layout, in a new array
   * @throws IllegalArgumentException as {@link #prepare}, or if {@code values} has the wrong length
   */
  public final float[] convolve(
      Convolution convolution, Weights weights, TensorSpec source, float[] values) {
    source.shape().checkLength("values", values.length);
    try (PreparedConvolution prepared = prepareCold(convolution, weights, source, source.layout());
        Tensor src = allocate(source);
        Tensor dst = allocate(prepared.destination())) {
      src.write(values);
      prepared.run(src, dst);
      return dst.read();
    }
  }

  /**
   * The one-call form of a convolution that adds a residual.
   *
   * @param residual values of the output's shape in the same layout
   * @return the output in the same layout, in a new array
   * @throws IllegalArgumentException as {@link #prepare}, or if {@code values} or {@code residual}
   *     has the wrong length, or the convolution adds no residual
   */
  public final float[] convolve(
      Convolution convolution,
      Weights weights,
      TensorSpec source,
      float[] values,
      float[] residual) {
    source.shape().checkLength("values", values.length);
    try (PreparedConvolution prepared = prepareCold(convolution, weights, source, source.layout());
        Tensor src = allocate(source);
        Tensor dst = allocate(prepared.destination())) {
      src.write(values);
      dst.write(residual);
      prepared.run(src, dst, dst);
      return dst.read();
    }
  }

  final void enter() {
    lifecycle.enter();
  }

  final void leave() {
    lifecycle.leave();
  }

  @Override
  public final void close() {
    lifecycle.close();
  }

  /** Allocates a tensor: the backend is open. */
  protected abstract Tensor allocateTensor(TensorSpec spec);

  /** Prepares a single convolution: weights match, shapes are right, {@link #supports} said yes. */
  protected abstract PreparedConvolution prepareConv2d(
      Conv2d conv, ConvWeights weights, TensorSpec source, TensorSpec destination);

  /** Prepares a separable convolution; unless overridden, as one convolution after the other. */
  protected PreparedConvolution prepareSeparable(
      SeparableConv2d separable,
      SeparableWeights weights,
      TensorSpec source,
      TensorSpec destination) {
    return ComposedSeparable.prepare(this, separable, weights, source, destination);
  }

  /** Gives everything back; called once, when nothing uses it any more. */
  protected abstract void release();
}
