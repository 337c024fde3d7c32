package org.sepconv.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.Layout;
import org.sepconv.Padding;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.Weights;
import org.sepconv.conformance.LoopBackend.LoopTensor;
import org.sepconv.spi.Execution;
import org.sepconv.spi.KernelCandidate;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/** A convolution on plain loops. Each fault is one condition in the place where it belongs. */
final class LoopConvolution extends Prepared {
  private static final int TILE = 8;

  private final LoopBackend loops;
  private final Fault fault;
  private final Conv2d conv;
  private final ConvGeometry geometry;
  private final Padding.Explicit padding;
  private final int strideH;
  private final int strideW;
  // The input: its size, and how far its neighbouring values lie from each other.
  private final int height;
  private final int width;
  private final int imageStride;
  private final int channelStride;
  private final int rowStride;
  private final int columnStride;

  /** Of each tap of the filter: how far it lies from the first, in rows and in columns. */
  private final int[] tapRows;

  private final int[] tapColumns;

  /** Of each tap: where its weight lies among those of its channel. */
  private final int[] tapWeights;

  private final float[] filter;
  private final float[] bias;
  private final AtomicInteger runs = new AtomicInteger();

  /** For {@link Fault#CLOSES_OTHERS}. */
  private final int closedBefore;

  /** For {@link Fault#SHARED_SCRATCH}. */
  private final float[] scratch;

  /** For {@link Fault#STALE_INPUT}. */
  private float[] firstInput = new float[0];

  /** Tensors of the run that was started last, for {@link Fault#SHARED_QUEUE}. */
  private Tensor[][] queued = {};

  /**
   * @param input the problem's, but for {@link Fault#ADAPTED_KEEPS_SIZE}
   */
  LoopConvolution(LoopBackend backend, Problem problem, Shape input, float[] filter, float[] bias) {
    super(backend, problem);
    this.loops = backend;
    this.fault = backend.fault;
    this.closedBefore = backend.closed.get();
    this.conv = (Conv2d) problem.operation();
    this.geometry = conv.geometry(input);
    this.padding = padding();
    this.strideH = stride(fault == Fault.SWAPPED_STRIDES ? conv.strideW() : conv.strideH());
    this.strideW = stride(fault == Fault.SWAPPED_STRIDES ? conv.strideH() : conv.strideW());
    Layout layout = fault == Fault.IGNORED_LAYOUT ? Layout.NCHW : problem.source().layout();
    this.height = input.h();
    this.width = input.w();
    this.imageStride = input.c() * height * width;
    this.channelStride = layout.channelStride(input);
    this.rowStride = layout.rowStride(input);
    this.columnStride = layout.columnStride(input);
    int taps = conv.kernelH() * conv.kernelW();
    boolean dilated = fault != Fault.IGNORED_DILATION;
    this.tapRows = new int[taps];
    this.tapColumns = new int[taps];
    this.tapWeights = new int[taps];
    for (int tap = 0; tap < taps; tap++) {
      int row = tap / conv.kernelW();
      int column = tap % conv.kernelW();
      tapRows[tap] = row * (dilated ? conv.dilationH() : 1);
      tapColumns[tap] = column * (dilated ? conv.dilationW() : 1);
      tapWeights[tap] = fault == Fault.TRANSPOSED_FILTER ? column * conv.kernelH() + row : tap;
    }
    this.filter = filter;
    this.bias = bias;
    this.scratch = new float[problem.destination().shape().elements()];
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
  public List<KernelCandidate> explain() {
    return switch (fault) {
      case EXPLAINS_ANOTHER -> List.of(KernelCandidate.taken("f32-fast", "the fastest"));
      case EXPLAINS_WITHOUT_REASON ->
          List.of(
              KernelCandidate.refused("f32-fast", " "), KernelCandidate.taken(kernel(), "simple"));
      default -> super.explain();
    };
  }

  @Override
  protected Optional<Prepared> adapted(Problem other, Weights given) {
    Shape input = (fault == Fault.ADAPTED_KEEPS_SIZE ? problem() : other).source().shape();
    return Optional.of(new LoopConvolution(loops, other, input, filter, bias));
  }

  @Override
  protected Execution execution() {
    return new Execution() {
      /** For {@link Fault#STALE_BINDING}. */
      private Tensor[][] first = {};

      @Override
      protected void start(Tensor[] inputs, Tensor[] outputs) {
        if (first.length == 0) {
          first = new Tensor[][] {inputs.clone(), outputs.clone()};
        }
        switch (fault) {
          case STALE_BINDING -> runOn(first[0], first[1]);
          case SHARED_QUEUE -> queued = new Tensor[][] {inputs, outputs};
          default -> runOn(inputs, outputs);
        }
      }

      @Override
      protected void await() {
        if (fault == Fault.SHARED_QUEUE) {
          runOn(queued[0], queued[1]);
        }
      }
    };
  }

  private void runOn(Tensor[] inputs, Tensor[] outputs) {
    float[] in = ((LoopTensor) inputs[0]).values;
    float[] out = ((LoopTensor) outputs[0]).values;
    if (conv.residual()) {
      withResidual(in, ((LoopTensor) inputs[1]).values, out);
    } else {
      convolve(in, Optional.empty(), out);
    }
  }

  private void withResidual(float[] in, float[] added, float[] out) {
    if (fault == Fault.RESIDUAL_READ_LATE) {
      Arrays.fill(out, 0);
    }
    convolve(in, Optional.of(added), out);
    if (fault == Fault.MODIFIED_RESIDUAL) {
      System.arraycopy(out, 0, added, 0, out.length);
    }
  }

  private void convolve(float[] in, Optional<float[]> residual, float[] out) {
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
          case SOURCE_LAYOUT -> problem().source().layout();
          case IGNORED_LAYOUT -> Layout.NCHW;
          default -> problem().destination().layout();
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
    int taps = tapRows.length;
    int products = channels * taps;
    int firstRow = y * strideH - padding.top();
    int firstColumn = x * strideW - padding.left();
    boolean backwards = fault == Fault.UNSTABLE_ORDER && run % 2 == 1;
    boolean drops = fault == Fault.DROPPED_TAP && taps > 1;
    boolean lost = fault == Fault.CLOSES_OTHERS && loops.closed.get() > closedBefore;
    float sum = 0;
    for (int i = 0; i < channels; i++) {
      int c = backwards ? channels - 1 - i : i;
      for (int j = 0; j < taps; j++) {
        int tap = backwards ? taps - 1 - j : j;
        if (drops && tap == taps - 1) {
          continue;
        }
        float weight = lost ? 0 : filter[o * products + c * taps + tapWeights[tap]];
        int row = firstRow + tapRows[tap];
        int column = firstColumn + tapColumns[tap];
        sum += product(pixel(in, n, firstChannel + c, row, column), weight);
        if (fault == Fault.FLUSHED_SUBNORMALS && Math.abs(sum) < Float.MIN_NORMAL) {
          sum = 0;
        }
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

  /** An input value; zero in the padding. */
  private float pixel(float[] in, int n, int c, int row, int column) {
    boolean inside = row >= 0 && row < height && column >= 0 && column < width;
    if (!inside && fault == Fault.REPEATED_EDGE) {
      row = Math.clamp(row, 0, height - 1);
      column = Math.clamp(column, 0, width - 1);
      inside = true;
    }
    if (!inside) {
      return 0;
    }
    return in[n * imageStride + c * channelStride + row * rowStride + column * columnStride];
  }

  @Override
  protected void release() {
    if (fault == Fault.ADAPTED_CLOSED_WITH_FIRST || fault == Fault.WEIGHTS_CLOSED_WITH_FIRST) {
      Arrays.fill(filter, 0);
    }
    loops.closed.incrementAndGet();
  }
}
