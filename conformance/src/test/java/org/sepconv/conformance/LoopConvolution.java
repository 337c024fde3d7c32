package org.sepconv.conformance;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.Layout;
import org.sepconv.Padding;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.conformance.LoopBackend.LoopTensor;
import org.sepconv.spi.PreparedConvolution;
import org.sepconv.spi.Tensor;

/** A convolution on plain loops. Each fault is one condition in the place where it belongs. */
final class LoopConvolution extends PreparedConvolution {
  private static final int TILE = 8;

  private final LoopBackend loops;
  private final Fault fault;
  private final Conv2d conv;
  private final ConvGeometry geometry;
  private final Padding.Explicit padding;
  private final int strideH;
  private final int strideW;
  private final float[] filter;
  private final float[] bias;
  private final AtomicInteger runs = new AtomicInteger();

  /** For {@link Fault#CLOSES_OTHERS}. */
  private final int closedBefore;

  /** For {@link Fault#SHARED_SCRATCH}. */
  private final float[] scratch;

  /** For {@link Fault#STALE_INPUT}. */
  private float[] firstInput = new float[0];

  LoopConvolution(
      LoopBackend backend,
      Conv2d conv,
      ConvWeights weights,
      TensorSpec source,
      TensorSpec destination) {
    super(backend, conv, source, destination);
    this.loops = backend;
    this.fault = backend.fault;
    this.closedBefore = backend.closed.get();
    this.conv = conv;
    this.geometry = conv.geometry(source.shape());
    this.padding = padding();
    this.strideH = stride(fault == Fault.SWAPPED_STRIDES ? conv.strideW() : conv.strideH());
    this.strideW = stride(fault == Fault.SWAPPED_STRIDES ? conv.strideH() : conv.strideW());
    this.filter = weights.filter();
    this.bias = weights.biasOrZeros(conv.outChannels());
    this.scratch = new float[destination.shape().elements()];
  }

  private int stride(int wanted) {
    return fault == Fault.STRIDE_WITHIN_KERNEL
        ? Math.min(wanted, Math.max(conv.kernelH(), conv.kernelW()))
        : wanted;
  }

  private Padding.Explicit padding() {
    Padding.Explicit right = geometry.padding();
    boolean centred =
        fault == Fault.CENTRED_PADDING
            || (fault == Fault.UPPER_FOR_LOWER && conv.padding() == Padding.sameLower());
    if (!centred) {
      return right;
    }
    int vertical = right.top() + right.bottom();
    int horizontal = right.left() + right.right();
    return new Padding.Explicit(
        vertical / 2, horizontal / 2, vertical - vertical / 2, horizontal - horizontal / 2);
  }

  @Override
  public String kernel() {
    return "f32-" + conv.kind() + "-loops";
  }

  @Override
  protected void compute(Tensor src, Tensor dst) {
    compute(((LoopTensor) src).values, Optional.empty(), ((LoopTensor) dst).values);
  }

  @Override
  protected void compute(Tensor src, Tensor residual, Tensor dst) {
    float[] added = ((LoopTensor) residual).values;
    float[] out = ((LoopTensor) dst).values;
    if (fault == Fault.RESIDUAL_READ_LATE) {
      Arrays.fill(out, 0);
    }
    compute(((LoopTensor) src).values, Optional.of(added), out);
    if (fault == Fault.MODIFIED_RESIDUAL) {
      System.arraycopy(out, 0, added, 0, out.length);
    }
  }

  private void compute(float[] in, Optional<float[]> residual, float[] out) {
    int run = runs.getAndIncrement();
    if (fault == Fault.STALE_INPUT) {
      firstInput = run == 0 ? in.clone() : firstInput;
      in = firstInput;
    }
    float[] target =
        switch (fault) {
          case SHARED_SCRATCH -> scratch;
          case SHARED_BACKEND_SCRATCH -> loops.sharedScratch;
          default -> out;
        };
    Shape shape = geometry.output();
    int images = fault == Fault.FIRST_IMAGE_ONLY ? 1 : shape.n();
    for (int n = 0; n < images; n++) {
      for (int o = 0; o < outChannels(shape); o++) {
        computeImage(in, residual, target, n, o, run);
        if (target != out) {
          Thread.yield(); // so that a single processor shows the race as well
        }
      }
    }
    if (target != out) {
      System.arraycopy(target, 0, out, 0, out.length);
    }
    if (fault == Fault.MODIFIED_SOURCE) {
      in[in.length / 2] += 1;
    }
  }

  private int outChannels(Shape shape) {
    boolean drops = fault == Fault.DROPPED_CHANNEL_TAIL && shape.c() > TILE;
    return drops ? shape.c() / TILE * TILE : shape.c();
  }

  private void computeImage(
      float[] in, Optional<float[]> residual, float[] out, int n, int o, int run) {
    Shape shape = geometry.output();
    Layout layout =
        switch (fault) {
          case SOURCE_LAYOUT -> source().layout();
          case IGNORED_LAYOUT -> Layout.NCHW;
          default -> destination().layout();
        };
    int rows = shape.h();
    if (fault == Fault.UNWRITTEN_LAST_ROW
        || (fault == Fault.MANY_THREADS
            && loops.threads > Runtime.getRuntime().availableProcessors())) {
      rows--;
    }
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < shape.w(); x++) {
        int index = layout.index(shape, n, o, y, x);
        float added = residual.map(values -> values[index]).orElse(0f);
        float value = output(sum(in, n, o, y, x, run), added, o, x);
        float old = fault == Fault.ACCUMULATED_OUTPUT ? out[index] : 0;
        out[index] = Float.isNaN(old) || Math.abs(old) < 1e29f ? value : value + old;
      }
    }
  }

  private float output(float sum, float residual, int o, int x) {
    return switch (fault) {
      case BIAS_PER_PIXEL -> activate(sum + bias[x % bias.length] + residual);
      case ACTIVATION_BEFORE_BIAS -> activate(sum + residual) + bias[o];
      case IGNORED_RESIDUAL -> activate(sum + bias[o]);
      case RESIDUAL_AFTER_ACTIVATION -> activate(sum + bias[o]) + residual;
      default -> activate(sum + bias[o] + residual);
    };
  }

  private float activate(float x) {
    if (fault == Fault.NAN_TO_ZERO && conv.activation() == Activation.RELU) {
      return x > 0 ? x : 0;
    }
    return (float) conv.activation().apply(x);
  }

  private float sum(float[] in, int n, int o, int y, int x, int run) {
    int channels = conv.channelsPerGroup();
    int firstChannel = o / conv.outputsPerGroup() * channels;
    if (fault == Fault.IGNORED_GROUPS) {
      firstChannel = 0;
    } else if (fault == Fault.MULTIPLIER_ORDER && channels == 1) {
      firstChannel = o % conv.inChannels();
    }
    int taps = conv.kernelH() * conv.kernelW();
    int products = channels * taps;
    boolean backwards = fault == Fault.UNSTABLE_ORDER && run % 2 == 1;
    float sum = 0;
    for (int i = 0; i < products; i++) {
      int product = backwards ? products - 1 - i : i;
      int tap = product % taps;
      if (fault == Fault.DROPPED_TAP && taps > 1 && tap == taps - 1) {
        continue;
      }
      int c = firstChannel + product / taps;
      float weight = weight(o * products + product - tap, tap);
      sum += product(pixel(in, n, c, y, x, tap), weight);
      if (fault == Fault.FLUSHED_SUBNORMALS && Math.abs(sum) < Float.MIN_NORMAL) {
        sum = 0;
      }
    }
    return sum;
  }

  private float product(float pixel, float weight) {
    return switch (fault) {
      case HALF_PRECISION -> Float.float16ToFloat(Float.floatToFloat16(pixel)) * weight;
      case NOT_FINITE_TO_ZERO -> Float.isFinite(pixel) ? pixel * weight : 0;
      default -> pixel * weight;
    };
  }

  private float weight(int firstTap, int tap) {
    if (fault == Fault.CLOSES_OTHERS && loops.closed.get() > closedBefore) {
      return 0;
    }
    int row = tap / conv.kernelW();
    int column = tap % conv.kernelW();
    return filter[
        firstTap + (fault == Fault.TRANSPOSED_FILTER ? column * conv.kernelH() + row : tap)];
  }

  /** The input under a tap: zero in the padding. */
  private float pixel(float[] in, int n, int c, int y, int x, int tap) {
    Shape shape = geometry.input();
    int dilationH = fault == Fault.IGNORED_DILATION ? 1 : conv.dilationH();
    int dilationW = fault == Fault.IGNORED_DILATION ? 1 : conv.dilationW();
    int row = y * strideH - padding.top() + tap / conv.kernelW() * dilationH;
    int column = x * strideW - padding.left() + tap % conv.kernelW() * dilationW;
    boolean inside = row >= 0 && row < shape.h() && column >= 0 && column < shape.w();
    if (!inside && fault == Fault.REPEATED_EDGE) {
      row = Math.clamp(row, 0, shape.h() - 1);
      column = Math.clamp(column, 0, shape.w() - 1);
      inside = true;
    }
    Layout layout = fault == Fault.IGNORED_LAYOUT ? Layout.NCHW : source().layout();
    return inside ? in[layout.index(shape, n, c, row, column)] : 0;
  }

  @Override
  protected void release() {
    loops.closed.incrementAndGet();
  }
}
