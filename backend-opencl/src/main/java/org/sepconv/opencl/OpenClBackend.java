package org.sepconv.opencl;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jocl.cl_mem;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.DepthToSpace;
import org.sepconv.Elementwise;
import org.sepconv.Gather;
import org.sepconv.Graph;
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
import org.sepconv.opencl.device.ClContext;
import org.sepconv.opencl.kernel.CpuKernels;
import org.sepconv.opencl.kernel.GpuKernels;
import org.sepconv.opencl.kernel.KernelFamily;
import org.sepconv.opencl.plan.Chooser;
import org.sepconv.opencl.plan.Planner;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;
import org.sepconv.spi.Vocabulary;

/** An opened OpenCL device. */
final class OpenClBackend extends ConvBackend {
  private static final Vocabulary VOCABULARY =
      Vocabulary.FIRST
          .with(
              List.of(
                  Activate.class,
                  BatchNormalization.class,
                  Binary.class,
                  Concat.class,
                  DepthToSpace.class,
                  Gather.class,
                  Graph.class,
                  MatrixProduct.class,
                  Pad.class,
                  Pool2d.class,
                  Quantize.class,
                  Reduce.class,
                  Reshape.class,
                  ResizeLinear.class,
                  ResizeNearest.class,
                  Slice.class,
                  Softmax.class,
                  SpaceToDepth.class,
                  SquareRoot.class,
                  Transpose.class,
                  TransposedConv2d.class,
                  Unary.class))
          .withMoreActivations(
              List.of(
                  Activation.Sigmoid.class,
                  Activation.HardSigmoid.class,
                  Activation.Gelu.class,
                  Activation.Tanh.class));

  /** Work-items that the largest groups of the GPU kernels have. */
  private static final int GPU_GROUP = 256;

  private final ClContext context;
  private final KernelFamily family;
  private final Planner planner;

  OpenClBackend(
      DeviceInfo device,
      ClContext context,
      boolean cpuKernels,
      Function<KernelFamily, Chooser> chooser) {
    super(device);
    this.context = context;
    this.family =
        cpuKernels || context.device().largestGroup() < GPU_GROUP
            ? new CpuKernels(context.device(), context.computeUnits())
            : new GpuKernels(context.device(), context.computeUnits());
    this.planner = new Planner(context, family, chooser.apply(family));
  }

  @Override
  public DeviceProfile profile() {
    return family.profile();
  }

  @Override
  protected Vocabulary vocabulary() {
    return VOCABULARY;
  }

  @Override
  protected Support accepts(Problem problem) {
    return switch (problem.operation()) {
      case SeparableConv2d separable -> Planner.fuses(separable);
      case Graph _ ->
          new Support.No("no kernel is a whole graph: the queue takes those of all nodes in order");
      case BatchNormalization _,
          Conv2d _,
          Elementwise _,
          MatrixProduct _,
          Pool2d _,
          Rearrangement _,
          Reduce _,
          ResizeLinear _,
          Softmax _,
          TransposedConv2d _ ->
          Support.YES;
    };
  }

  /** That of the kernels: nothing is turned around between the nodes. */
  @Override
  protected Layout layoutBetween(Layout output) {
    return Layout.NHWC;
  }

  @Override
  protected Tensor allocateTensor(TensorSpec spec) {
    return tensor(spec, context.allocate(spec.bytes(), "a tensor of " + spec));
  }

  /** A tensor that owns the buffer from now on. */
  private Tensor tensor(TensorSpec spec, cl_mem buffer) {
    try {
      return new OpenClTensor(this, context, spec, buffer);
    } catch (RuntimeException | Error failure) {
      context.free(buffer);
      throw failure;
    }
  }

  @Override
  protected long sharedBytes(TensorSpec spec) {
    return context.partBytes(spec.bytes());
  }

  @Override
  protected List<Tensor> allocateShared(List<TensorSpec> specs, long[] offsets, long bytes) {
    List<Tensor> tensors = new ArrayList<>();
    if (specs.isEmpty()) {
      return tensors;
    }
    try {
      if (!context.fits(bytes)) {
        specs.forEach(spec -> tensors.add(allocateTensor(spec)));
        return tensors;
      }
      cl_mem arena = context.allocate(bytes, "the values between the nodes of a graph");
      try {
        for (int i = 0; i < offsets.length; i++) {
          TensorSpec spec = specs.get(i);
          tensors.add(
              tensor(spec, context.part(arena, offsets[i], spec.bytes(), "a tensor of " + spec)));
        }
        return tensors;
      } finally {
        context.free(arena); // its parts keep it
      }
    } catch (RuntimeException | Error failure) {
      tensors.forEach(Tensor::close);
      throw failure;
    }
  }

  @Override
  protected Prepared prepareProblem(Problem problem, Weights weights) {
    return switch (problem.operation()) {
      case Conv2d conv ->
          new OpenClOperation(this, problem, planner.conv2d(conv, (ConvWeights) weights, problem));
      case SeparableConv2d separable ->
          planner
              .separable(separable, (SeparableWeights) weights, problem)
              .<Prepared>map(planned -> new OpenClOperation(this, problem, planned))
              .orElseGet(
                  () -> prepareComposed(problem, weights, "no kernel for this device fuses it"));
      case Graph graph -> throw new IllegalArgumentException("not accepted: " + graph);
      case BatchNormalization _,
          Elementwise _,
          MatrixProduct _,
          Pool2d _,
          Rearrangement _,
          Reduce _,
          ResizeLinear _,
          Softmax _,
          TransposedConv2d _ ->
          new OpenClOperation(this, problem, planner.operation(problem, weights));
    };
  }

  /** What moved and was waited for, for tests. */
  ClContext context() {
    return context;
  }

  @Override
  protected void release() {
    context.close();
  }
}
