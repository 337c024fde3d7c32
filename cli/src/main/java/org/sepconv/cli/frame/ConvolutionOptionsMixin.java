package org.sepconv.cli.frame;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.Padding;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.cases.ShapeCase;
import picocli.CommandLine.Option;

/** The options that describe a separable convolution and its input. */
public final class ConvolutionOptionsMixin {

  @Option(
      names = "--in",
      paramLabel = "CxHxW",
      defaultValue = "64x56x56",
      description = "Input: channels, height, width; or NxCxHxW (default: ${DEFAULT-VALUE}).")
  private Shape input;

  @Option(
      names = "--out",
      paramLabel = "O",
      defaultValue = "64",
      description = "Output channels (default: ${DEFAULT-VALUE}).")
  private int outChannels;

  @Option(
      names = {"-k", "--kernel"},
      paramLabel = "K|HxW",
      defaultValue = "3",
      description = "Kernel size (default: ${DEFAULT-VALUE}).")
  private HeightWidth kernel;

  @Option(
      names = {"-s", "--stride"},
      paramLabel = "S|HxW",
      defaultValue = "1",
      description = "Stride (default: ${DEFAULT-VALUE}).")
  private HeightWidth stride;

  @Option(
      names = "--dilation",
      paramLabel = "D|HxW",
      defaultValue = "1",
      description = "Distance between neighbouring taps, 1 = none (default: ${DEFAULT-VALUE}).")
  private HeightWidth dilation;

  @Option(
      names = {"-p", "--padding"},
      paramLabel = "PADDING",
      defaultValue = "same",
      description =
          "valid, same, same_lower, one number, or top,left,bottom,right"
              + " (default: ${DEFAULT-VALUE}).")
  private Padding padding;

  @Option(
      names = "--depth-multiplier",
      paramLabel = "M",
      defaultValue = "1",
      description =
          "Outputs of the depthwise stage for each input channel (default: ${DEFAULT-VALUE}).")
  private int depthMultiplier;

  @Option(
      names = "--groups",
      paramLabel = "G",
      description = "Put a convolution in G groups beside the standard and the separable one.")
  private Optional<Integer> groups = Optional.empty();

  @Option(
      names = "--no-bias",
      description = "Leave out the bias that every convolution has by default.")
  private boolean noBias;

  @Option(
      names = "--residual",
      description = "Add a residual, of the output's shape, before the last activation.")
  private boolean residual;

  @Option(
      names = "--activation",
      paramLabel = "NAME",
      defaultValue = "none",
      description =
          "After every convolution: none, relu, relu6, hard_swish, silu, leaky_relu:SLOPE or"
              + " clamp:MIN:MAX (default: ${DEFAULT-VALUE}).")
  private Activation activation;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images in the input (default: 1, or the N of --in).")
  private Optional<Integer> batch = Optional.empty();

  /** Images in the input, where they are given on their own. */
  public Optional<Integer> batch() {
    return batch;
  }

  /** The input's shape. */
  public Shape input() {
    return batch.map(input::withBatch).orElse(input);
  }

  /** The separable convolution. */
  SeparableConv2d separable() {
    return SeparableConv2d.of(input.c(), outChannels)
        .kernel(kernel.height(), kernel.width())
        .stride(stride.height(), stride.width())
        .dilation(dilation.height(), dilation.width())
        .padding(padding)
        .depthMultiplier(depthMultiplier)
        .bias(!noBias, !noBias)
        .residual(residual)
        .activation(activation)
        .build();
  }

  /**
   * The ways to get from the input to the output channels: the standard convolution first, the
   * separable one last.
   */
  public List<ShapeCase> variants() {
    SeparableConv2d separable = separable();
    Conv2d standard = separable.equivalentStandard();
    List<ShapeCase> variants = new ArrayList<>();
    variants.add(new ShapeCase("standard", standard, input()));
    groups.ifPresent(
        count ->
            variants.add(
                new ShapeCase("grouped", standard.toBuilder().groups(count).build(), input())));
    variants.add(new ShapeCase("separable", separable, input()));
    return variants;
  }

  /** One line: {@code 1x64x56x56 -> 1x64x56x56, 3x3, stride 1x1, padding same, bias}. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    text.append(input()).append(" -> ").append(separable().outputShape(input()));
    text.append(", kernel ").append(kernel).append(", stride ").append(stride.height());
    if (stride.width() != stride.height()) {
      text.append('x').append(stride.width());
    }
    if (dilation.height() != 1 || dilation.width() != 1) {
      text.append(", dilation ").append(dilation);
    }
    text.append(", padding ").append(padding);
    if (depthMultiplier != 1) {
      text.append(", depth multiplier ").append(depthMultiplier);
    }
    text.append(noBias ? ", no bias" : ", bias");
    if (residual) {
      text.append(", residual");
    }
    if (!activation.equals(Activation.NONE)) {
      text.append(", ").append(activation);
    }
    return text.toString();
  }
}
