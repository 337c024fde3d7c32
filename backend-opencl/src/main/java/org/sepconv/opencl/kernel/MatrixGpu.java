package org.sepconv.opencl.kernel;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;

/**
 * Plans matrix_gpu.cl: standard, grouped and pointwise convolutions on GPUs, and a depthwise and a
 * pointwise convolution in one.
 */
final class MatrixGpu {
  private MatrixGpu() {}

  /** What a work-group computes, {@code depth} products at a time, and a work-item of it. */
  record Block(int pixels, int outputs, int depth, int itemPixels, int itemOutputs) {

    /** Work-items of a work-group. */
    int group() {
      return pixels / itemPixels * (outputs / itemOutputs);
    }

    long localBytes() {
      return 2L * depth * (pixels + 4 + outputs) * Float.BYTES;
    }

    /** Work-groups that compute all of these. */
    long groups(int allPixels, int allOutputs) {
      return (long) Math.ceilDiv(allPixels, pixels) * Math.ceilDiv(allOutputs, outputs);
    }

    private String name() {
      return "%dx%dx%d-%dx%d-gpu".formatted(pixels, outputs, depth, itemPixels, itemOutputs);
    }
  }

  static Candidate candidate(Operand operand, ConvWeights weights, Block block) {
    String kind = operand.isProduct() ? "pointwise" : "implicit";
    return new Candidate(
        () -> "f32-%s-nhwc-%s".formatted(kind, block.name()),
        plan -> add(plan, operand, weights, block));
  }

  /** The depthwise stage once for each block of outputs, in local memory. */
  static Candidate separable(
      Operand depthwise, ConvWeights taps, Operand pointwise, ConvWeights weights, Block block) {
    Conv2d conv = depthwise.conv();
    return new Candidate(
        () ->
            "f32-separable-nhwc-%dx%ds%d-%s"
                .formatted(conv.kernelH(), conv.kernelW(), conv.strideH(), block.name()),
        plan -> addSeparable(plan, depthwise, taps, pointwise, weights, block));
  }

  private static void add(PlanDraft plan, Operand operand, ConvWeights weights, Block block) {
    Conv2d conv = operand.conv();
    Epilogue epilogue = Epilogue.of(conv.activation());
    Map<String, String> constants =
        constants(block, conv.channelsPerGroup(), conv.residual(), epilogue);
    if (!operand.isProduct()) {
      constants.put("IMPLICIT", "");
    }
    ArgumentList arguments = new ArgumentList().add(operand.source());
    addProduct(arguments, plan, operand, operand.geometry(), weights, block);
    launch(plan, constants, arguments, operand, block);
  }

  private static void addSeparable(
      PlanDraft plan,
      Operand depthwise,
      ConvWeights taps,
      Operand pointwise,
      ConvWeights weights,
      Block block) {
    Conv2d first = depthwise.conv();
    Conv2d second = pointwise.conv();
    Epilogue between = Epilogue.of(first.activation());
    int padded = Packing.roundUp(first.outChannels(), 4);
    Map<String, String> constants =
        constants(
            block,
            first.inChannels(),
            second.residual(),
            between,
            Epilogue.of(second.activation()));
    constants.put("SEPARABLE", "");
    constants.put("KERNEL_H", "" + first.kernelH());
    constants.put("KERNEL_W", "" + first.kernelW());
    float[] bias = Arrays.copyOf(taps.biasOrZeros(first.outChannels()), padded);
    ArgumentList arguments =
        new ArgumentList()
            .add(depthwise.source(), plan.constant(Packing.taps(first, taps, padded)))
            .add(plan.constant(bias))
            .epilogue(between)
            .ints(padded);
    addProduct(arguments, plan, pointwise, depthwise.geometry(), weights, block);
    launch(plan, constants, arguments, pointwise, block);
  }

  private static Map<String, String> constants(
      Block block, int channels, boolean residual, Epilogue... epilogues) {
    Map<String, String> constants = new HashMap<>(Epilogue.constants(residual, epilogues));
    constants.put("BLOCK_PIXELS", "" + block.pixels);
    constants.put("BLOCK_OUTPUTS", "" + block.outputs);
    constants.put("BLOCK_DEPTH", "" + block.depth);
    constants.put("ITEM_PIXELS", "" + block.itemPixels);
    constants.put("ITEM_OUTPUTS", "" + block.itemOutputs);
    constants.put("LOAD_WIDTH", channels % 4 == 0 ? "4" : "1");
    constants.put("WIDTH", "4");
    return constants;
  }

  /** The arguments from the weights on, which all three kernels of matrix_gpu.cl have. */
  private static void addProduct(
      ArgumentList arguments,
      PlanDraft plan,
      Operand operand,
      ConvGeometry window,
      ConvWeights weights,
      Block block) {
    Conv2d conv = operand.conv();
    Conv2d taps = window.conv();
    int depth = conv.productsPerOutput();
    int paddedDepth = Packing.roundUp(depth, block.depth);
    int paddedOutputs = Packing.roundUp(conv.outputsPerGroup(), block.outputs);
    arguments
        .add(plan.constant(Packing.matrix(conv, weights, paddedDepth, paddedOutputs)))
        .add(plan.constant(Packing.bias(conv, weights, paddedOutputs)))
        .output(operand)
        .epilogue(Epilogue.of(conv.activation()))
        .ints(operand.pixels(), conv.channelsPerGroup(), conv.outputsPerGroup(), depth)
        .ints(paddedDepth, paddedOutputs, conv.inChannels(), conv.outChannels())
        .ints(window.input().h(), window.input().w(), window.output().h(), window.output().w())
        .ints(taps.kernelW(), taps.strideH(), taps.strideW())
        .ints(taps.dilationH(), taps.dilationW())
        .ints(window.padding().top(), window.padding().left());
  }

  private static void launch(
      PlanDraft plan,
      Map<String, String> constants,
      ArgumentList arguments,
      Operand operand,
      Block block) {
    Conv2d conv = operand.conv();
    long[] groups = {
      Math.ceilDiv(operand.pixels(), block.pixels),
      Math.ceilDiv(conv.outputsPerGroup(), block.outputs),
      conv.groups()
    };
    plan.launch(
        new Launch(
            new ProgramKey("matrix_gpu", constants),
            "matrix",
            arguments.list(),
            groups,
            new long[] {block.group(), 1, 1}));
  }
}
