package org.sepconv.cpu.operation;

import java.util.List;
import java.util.Optional;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.BatchNorm;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.Convolution;
import org.sepconv.DepthToSpace;
import org.sepconv.Gather;
import org.sepconv.Graph;
import org.sepconv.MatrixProduct;
import org.sepconv.Operation;
import org.sepconv.Pad;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Quantize;
import org.sepconv.Reduce;
import org.sepconv.Reshape;
import org.sepconv.ResizeLinear;
import org.sepconv.ResizeNearest;
import org.sepconv.Slice;
import org.sepconv.Softmax;
import org.sepconv.SpaceToDepth;
import org.sepconv.SquareRoot;
import org.sepconv.Transpose;
import org.sepconv.TransposedConv2d;
import org.sepconv.Unary;
import org.sepconv.Weights;
import org.sepconv.cpu.kernel.KernelFamily;
import org.sepconv.cpu.kernel.Loops;
import org.sepconv.cpu.layout.ChannelBlocks;

/** Chooses the kernel for an operation that is no convolution. */
public final class TensorKernels {

  /** Classes of the operations that there are kernels for: all but convolutions and graphs. */
  public static final List<Class<? extends Operation>> OPERATIONS =
      List.of(
          Activate.class,
          BatchNormalization.class,
          Binary.class,
          Concat.class,
          DepthToSpace.class,
          Gather.class,
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
          Unary.class);

  private TensorKernels() {}

  /** A kernel for the problem on tensors that lie as the family has them. */
  public static TensorKernel of(Problem problem, Weights weights, KernelFamily family) {
    List<ChannelBlocks> inputs =
        problem.inputs().stream().map(spec -> family.blocks(spec.shape())).toList();
    ChannelBlocks first = inputs.getFirst();
    ChannelBlocks output = family.blocks(problem.destination().shape());
    return switch (problem.operation()) {
      case Activate(Activation activation) -> activation(activation, output, family.loops());
      case SquareRoot _ -> new MapKernel("square-root", output, Ranges::squareRoot, List.of());
      case Unary(Unary.Function function) ->
          new MapKernel(
              new Unary(function).toString().replace(' ', '-'),
              output,
              (values, from, end) -> family.loops().unary(function, values, from, end),
              family.loops().tinyProblems(function));
      case Quantize quantize ->
          new MapKernel(
              "quantize",
              output,
              (values, from, end) -> Ranges.quantize(quantize, values, from, end),
              List.of());
      case Binary binary ->
          new BinaryKernel(binary, first, inputs.getLast(), output, family.loops());
      case BatchNormalization _ -> new BatchNormKernel((BatchNorm) weights, output, family.loops());
      case Pool2d pool -> new PoolKernel(pool, first, output, family.loops());
      case Reduce reduce ->
          RowReduction.computes(reduce)
              ? new RowReduction(reduce, first, output, family.loops())
              : new ReduceKernel(reduce, first, output);
      case ResizeLinear resize -> new ResizeLinearKernel(resize, first, output, family.loops());
      case Softmax softmax -> new SoftmaxKernel(softmax, output, family.loops(), family.turn());
      case MatrixProduct _ -> product(first, inputs.getLast(), output, family.loops());
      case Reshape _ -> new ReshapeKernel(first, output);
      case Concat concat -> new CopyKernel(concat, inputs, output, family.loops());
      case DepthToSpace turned -> new CopyKernel(turned, inputs, output, family.loops());
      case Gather gather -> new CopyKernel(gather, inputs, output, family.loops());
      case Pad pad -> new CopyKernel(pad, inputs, output, family.loops());
      case ResizeNearest resize -> new CopyKernel(resize, inputs, output, family.loops());
      case Slice slice -> new CopyKernel(slice, inputs, output, family.loops());
      case SpaceToDepth turned -> new CopyKernel(turned, inputs, output, family.loops());
      case Transpose transpose -> new CopyKernel(transpose, inputs, output, family.loops());
      case Convolution _, TransposedConv2d _, Graph _ ->
          throw new IllegalArgumentException("no kernel of tensors computes " + problem);
    };
  }

  private static TensorKernel product(
      ChannelBlocks first, ChannelBlocks second, ChannelBlocks output, Loops loops) {
    Optional<String> why = TiledProductKernel.refusal(second, output, loops);
    return why.isEmpty()
        ? new TiledProductKernel(first, second, output, loops)
        : new MatrixProductKernel(first, second, output, loops, why.get());
  }

  private static TensorKernel activation(Activation activation, ChannelBlocks blocks, Loops loops) {
    return new MapKernel(
        "activation-" + activation,
        blocks,
        (values, from, end) -> loops.activate(activation, values, from, end),
        loops.tinyProblems(activation));
  }
}
