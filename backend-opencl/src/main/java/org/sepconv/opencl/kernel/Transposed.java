package org.sepconv.opencl.kernel;

import java.util.Arrays;
import org.sepconv.ConvWeights;
import org.sepconv.Shape;
import org.sepconv.TransposedConv2d;

/** Plans transposed.cl: transposed convolutions, NHWC to NHWC. */
final class Transposed {
  private Transposed() {}

  /** Adds a launch, and says the kernel's id. */
  static String add(
      PlanDraft plan,
      KernelFamily family,
      TransposedConv2d conv,
      ConvWeights weights,
      Shape input,
      Shape output,
      Argument source,
      Argument destination) {
    int outputs = conv.outputsPerGroup();
    int width = family.work(1, outputs).width();
    int blocks = Math.ceilDiv(outputs, width);
    Work units = family.work(output.n() * output.h() * output.w(), conv.groups() * blocks);
    // Units of a line are blocks of outputs: what is computed at once is one of them.
    Work work =
        new Work(units.lines(), units.length(), width, units.run(), units.each(), units.group());
    Epilogue epilogue = Epilogue.of(conv.activation());
    ArgumentList arguments =
        new ArgumentList()
            .add(source, plan.constant(packed(conv, weights, blocks * width)))
            .add(plan.constant(bias(conv, weights, blocks * width)), destination)
            .epilogue(epilogue)
            .ints(work.arguments())
            .ints(conv.channelsPerGroup(), outputs, blocks, conv.inChannels(), conv.outChannels())
            .ints(input.h(), input.w(), output.h(), output.w(), conv.kernelH(), conv.kernelW())
            .ints(conv.strideH(), conv.strideW(), conv.dilationH(), conv.dilationW())
            .ints(conv.padding().top(), conv.padding().left());
    plan.launch(
        work.launch("transposed", "transposed", Epilogue.constants(false, epilogue), arguments));
    return "f32-transposed-nhwc-" + work.name(family.name());
  }

  /** [group][tap][channel][output, padded]. */
  private static float[] packed(TransposedConv2d conv, ConvWeights weights, int padded) {
    float[] filter = weights.filter();
    int outputs = conv.outputsPerGroup();
    int channels = conv.channelsPerGroup();
    int taps = conv.kernelH() * conv.kernelW();
    long length = (long) conv.groups() * taps * channels * padded;
    float[] packed = new float[Math.toIntExact(length)];
    for (int c = 0; c < conv.inChannels(); c++) {
      for (int o = 0; o < outputs; o++) {
        for (int tap = 0; tap < taps; tap++) {
          int row = (c / channels * taps + tap) * channels + c % channels;
          packed[row * padded + o] = filter[(c * outputs + o) * taps + tap];
        }
      }
    }
    return packed;
  }

  /** [group][output, padded]. */
  private static float[] bias(TransposedConv2d conv, ConvWeights weights, int padded) {
    float[] bias = weights.biasOrZeros(conv.outChannels());
    float[] packed = new float[conv.groups() * padded];
    int outputs = conv.outputsPerGroup();
    for (int group = 0; group < conv.groups(); group++) {
      float[] own = Arrays.copyOfRange(bias, group * outputs, (group + 1) * outputs);
      System.arraycopy(own, 0, packed, group * padded, outputs);
    }
    return packed;
  }
}
