package org.sepconv.opencl.kernel;

import java.util.HashMap;
import java.util.Map;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.Layout;
import org.sepconv.Shape;

/** Plans direct.cl, which computes every convolution in every layout. */
final class Direct {
  private Direct() {}

  static Candidate candidate(
      Operand operand, ConvWeights weights, Layout source, Layout destination, int group) {
    String id =
        "f32-direct-%s-%s".formatted(source, destination).toLowerCase(java.util.Locale.ROOT);
    return new Candidate(() -> id, plan -> add(plan, operand, weights, source, destination, group));
  }

  private static void add(
      PlanDraft plan,
      Operand operand,
      ConvWeights weights,
      Layout source,
      Layout destination,
      int group) {
    ConvGeometry geometry = operand.geometry();
    Conv2d conv = geometry.conv();
    Shape in = geometry.input();
    Shape out = geometry.output();
    Epilogue epilogue = Epilogue.of(conv.activation());
    ArgumentList arguments =
        new ArgumentList()
            .add(operand.source(), plan.constant(weights.filter()))
            .add(plan.constant(weights.biasOrZeros(out.c())))
            .output(operand)
            .epilogue(epilogue)
            .ints(out.elements(), in.c(), in.h(), in.w(), out.c(), out.h(), out.w())
            .ints(conv.kernelH(), conv.kernelW(), conv.strideH(), conv.strideW())
            .ints(conv.dilationH(), conv.dilationW())
            .ints(geometry.padding().top(), geometry.padding().left())
            .ints(conv.channelsPerGroup(), conv.outputsPerGroup())
            .ints(source == Layout.NHWC ? 1 : 0, destination == Layout.NHWC ? 1 : 0);
    Map<String, String> constants = new HashMap<>(Epilogue.constants(conv.residual(), epilogue));
    constants.put("GROUP", "" + group);
    constants.put("WIDTH", "1");
    ProgramKey key = new ProgramKey("direct", constants);
    long groups = Math.ceilDiv((long) out.elements(), group);
    plan.launch(
        new Launch(key, "direct", arguments.list(), new long[] {groups}, new long[] {group}));
  }
}
