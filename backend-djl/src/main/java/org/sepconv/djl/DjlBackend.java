package org.sepconv.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.DepthToSpace;
import org.sepconv.Elementwise;
import org.sepconv.Gather;
import org.sepconv.Graph;
import org.sepconv.KernelKind;
import org.sepconv.Layout;
import org.sepconv.MatrixProduct;
import org.sepconv.Pad;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Quantize;
import org.sepconv.Rearrangement;
import org.sepconv.Reduce;
import org.sepconv.Reshape;
import org.sepconv.ResizeLinear;
import org.sepconv.ResizeNearest;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Slice;
import org.sepconv.Softmax;
import org.sepconv.SpaceToDepth;
import org.sepconv.SquareRoot;
import org.sepconv.TensorSpec;
import org.sepconv.Transpose;
import org.sepconv.TransposedConv2d;
import org.sepconv.Unary;
import org.sepconv.Weights;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.machine.HostSpeed;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;
import org.sepconv.spi.Vocabulary;

/** One device of the engine. All arrays are float32; the engine is never asked for another type. */
final class DjlBackend extends ConvBackend {
  private static final Vocabulary VOCABULARY =
      Vocabulary.FIRST
          .with(
              List.of(
                  Activate.class,
                  BatchNormalization.class,
                  Binary.class,
                  Concat.class,
                  Gather.class,
                  Graph.class,
                  MatrixProduct.class,
                  Pad.class,
                  Pool2d.class,
                  Quantize.class,
                  Reduce.class,
                  Reshape.class,
                  Slice.class,
                  Softmax.class,
                  SquareRoot.class,
                  Transpose.class,
                  DepthToSpace.class,
                  ResizeLinear.class,
                  ResizeNearest.class,
                  SpaceToDepth.class,
                  TransposedConv2d.class,
                  Unary.class))
          .withMoreActivations(
              List.of(
                  Activation.Sigmoid.class,
                  Activation.HardSigmoid.class,
                  Activation.Gelu.class,
                  Activation.Tanh.class));

  private final Device engineDevice;
  private final PtNDManager manager;
  private final boolean packs;
  private final int threads;
  private final boolean warmsUp;

  private DjlBackend(
      DeviceInfo device, Engine engine, Device engineDevice, int threads, boolean warmsUp) {
    super(device);
    this.engineDevice = engineDevice;
    this.threads = threads;
    this.warmsUp = warmsUp;
    this.manager = (PtNDManager) engine.newBaseManager(engineDevice);
    this.packs = packs(engine, engineDevice);
  }

  /** Starts the engine if need be. */
  static DjlBackend open(DeviceInfo device, Natives natives, BackendOptions options) {
    if (natives instanceof Natives.Missing(String reason, String remedy)) {
      throw new BackendException(device.id(), "unavailable: " + reason + "; " + remedy);
    }
    // The engine's threads wait for each other in a loop: more than processors only disturb.
    int threads = Math.min(options.threads(), Runtime.getRuntime().availableProcessors());
    PyTorch pytorch = PyTorch.start(device.id(), natives, threads);
    Device engineDevice = engineDevice(device.id(), pytorch.engine());
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("engine", "PyTorch " + pytorch.engine().getVersion());
    properties.put("bindings", "DJL " + Engine.getDjlVersion());
    properties.put("natives", natives.toString());
    properties.put("threads", engineDevice.isGpu() ? "of the GPU" : "" + threads);
    properties.put("engine start", pytorch.start().toMillis() + " ms");
    DeviceInfo opened = new DeviceInfo(device.id(), device.name(), properties);
    try {
      boolean warmsUp = !options.warmUp().isZero();
      return new DjlBackend(opened, pytorch.engine(), engineDevice, threads, warmsUp);
    } catch (RuntimeException failure) {
      throw new BackendException(device.id(), "cannot open: " + reason(failure), failure);
    }
  }

  private static Device engineDevice(String id, Engine engine) {
    String prefix = DjlBackendProvider.NAME + ":gpu";
    if (!id.startsWith(prefix)) {
      return Device.cpu();
    }
    int index = Integer.parseInt(id.substring(prefix.length()));
    int count = engine.getGpuCount();
    if (index >= count) {
      throw new BackendException(
          id, "the engine sees %d GPUs; check the driver and the CUDA runtime".formatted(count));
    }
    return Device.gpu(index);
  }

  /** Packed filters were tried out on x86 only, where oneDNN computes with its own kernels. */
  private static boolean packs(Engine engine, Device device) {
    return !device.isGpu()
        && engine.hasCapability("MKLDNN")
        && Natives.platform().endsWith("x86_64");
  }

  boolean warmsUp() {
    return warmsUp;
  }

  boolean onGpu() {
    return engineDevice.isGpu();
  }

  /** The kernels for convolutions in a row, on values in this layout. */
  List<Kernels> kernels(List<ConvGeometry> stages, Layout layout) {
    return stages.stream()
        .map(stage -> packs ? Kernels.choose(stage, layout, threads) : Kernels.ENGINE)
        .toList();
  }

  @Override
  public DeviceProfile profile() {
    if (onGpu()) {
      return new DeviceProfile(
          "estimated: a GPU of 10 TFLOP/s", 10e12, 500e9, 30e-6, efficiency(0.05, 0.3, 0.3));
    }
    HostSpeed host = HostSpeed.of(threads);
    return new DeviceProfile(
        "estimated; processor " + host.source(),
        // OpenMP's threads sleep between two calls where it is told to wait passively.
        host.ceilings(threads == 1 ? 20e-6 : 150e-6),
        efficiency(0.08, 0.55, 0.65));
  }

  /**
   * What oneDNN reaches of the peak that the JVM measures: the middle of what was measured, see
   * docs/benchmarks/2026-11-28-estimates.md.
   */
  private static Map<KernelKind, Double> efficiency(
      double depthwise, double pointwise, double standard) {
    return Map.of(
        KernelKind.DEPTHWISE, depthwise,
        KernelKind.GROUPED, depthwise,
        KernelKind.STANDARD, standard,
        KernelKind.POINTWISE, pointwise);
  }

  @Override
  protected Vocabulary vocabulary() {
    return VOCABULARY;
  }

  @Override
  protected Support accepts(Problem problem) {
    return problem.operation() instanceof Graph graph ? GraphScript.supports(graph) : Support.YES;
  }

  @Override
  protected Tensor allocateTensor(TensorSpec spec) {
    try {
      return new DjlTensor(this, spec, zeros(spec));
    } catch (RuntimeException failure) {
      throw failure("allocate " + spec, failure);
    }
  }

  @Override
  protected Prepared prepareProblem(Problem problem, Weights weights) {
    try {
      return switch (problem.operation()) {
        case Conv2d conv ->
            ScriptedOperation.prepare(this, problem, List.of(conv), List.of((ConvWeights) weights));
        case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) -> {
          SeparableWeights both = (SeparableWeights) weights;
          yield ScriptedOperation.prepare(
              this,
              problem,
              List.of(depthwise, pointwise),
              List.of(both.depthwise(), both.pointwise()));
        }
        case BatchNormalization _,
            Elementwise _,
            Graph _,
            MatrixProduct _,
            Pool2d _,
            Rearrangement _,
            Reduce _,
            ResizeLinear _,
            Softmax _,
            TransposedConv2d _ ->
            ScriptedOperation.prepare(this, problem, weights);
      };
    } catch (RuntimeException failure) {
      throw failure("prepare %s on %s".formatted(problem.operation(), problem.source()), failure);
    }
  }

  @Override
  protected void release() {
    manager.close();
  }

  /**
   * Makes the calling thread compute with this backend's number of threads. The engine keeps the
   * number for each thread that calls it, and a new one starts with the number that was set last,
   * so it is set before each run (40 ns).
   */
  void useThreads() {
    if (!onGpu()) {
      JniUtils.setNumThreads(threads);
    }
  }

  /** How many arrays of the engine are alive, for tests. */
  int arrays() {
    return manager.getManagedArrays().size();
  }

  PtSymbolBlock load(String methods) {
    try {
      ByteArrayInputStream archive = new ByteArrayInputStream(ScriptArchive.of(methods));
      return EngineCalls.ALL.make(() -> JniUtils.loadModule(manager, archive, false, false));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // it is read from memory
    }
  }

  /** What a script returned, as an array of this backend. */
  PtNDArray adopt(IValue result) {
    return result.toTensor(manager);
  }

  /** Zeros: an N x C x H x W view that is dense in the order of {@code spec}. */
  PtNDArray zeros(TensorSpec spec) {
    return channelsSecond(spec, (PtNDArray) manager.zeros(shape(spec), DataType.FLOAT32));
  }

  /** A copy of host values: an N x C x H x W view that is dense in the order of {@code spec}. */
  PtNDArray copyOf(TensorSpec spec, MemorySegment values) {
    ByteBuffer direct =
        ByteBuffer.allocateDirect(Math.toIntExact(values.byteSize()))
            .order(ByteOrder.nativeOrder());
    MemorySegment.ofBuffer(direct).copyFrom(values);
    return channelsSecond(spec, manager.create(direct, shape(spec), DataType.FLOAT32));
  }

  /** A copy of host values in the engine's own memory. */
  PtNDArray arrayOf(float[] values, long... sizes) {
    ByteBuffer direct =
        ByteBuffer.allocateDirect(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.nativeOrder());
    direct.asFloatBuffer().put(values);
    try (PtNDArray shared = manager.create(direct, new Shape(sizes), DataType.FLOAT32)) {
      // On the CPU the engine only borrows the buffer, which lives as long as this object does.
      return (PtNDArray) shared.duplicate();
    }
  }

  private static Shape shape(TensorSpec spec) {
    org.sepconv.Shape shape = spec.shape();
    return spec.layout() == Layout.NCHW
        ? new Shape(shape.n(), shape.c(), shape.h(), shape.w())
        : new Shape(shape.n(), shape.h(), shape.w(), shape.c());
  }

  private static PtNDArray channelsSecond(TensorSpec spec, PtNDArray dense) {
    if (spec.layout() == Layout.NCHW) {
      return dense;
    }
    try (dense) {
      return dense.transpose(0, 3, 1, 2);
    }
  }

  /** An error of the engine as one of ours; ours stay as they are. */
  RuntimeException failure(String doing, RuntimeException failure) {
    return failure instanceof BackendException
        ? failure
        : new BackendException(device().id(), "cannot " + doing + ": " + reason(failure), failure);
  }

  /** The engine's message without its stack of C++ frames. */
  private static String reason(RuntimeException failure) {
    String message = String.valueOf(failure.getMessage());
    int error = message.lastIndexOf("RuntimeError: ");
    String reason = error < 0 ? message : message.substring(error);
    return reason.strip().lines().findFirst().orElse("");
  }
}
