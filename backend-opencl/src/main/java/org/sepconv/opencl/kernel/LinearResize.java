package org.sepconv.opencl.kernel;

import java.util.Map;
import org.sepconv.ResizeLinear;
import org.sepconv.Shape;

/** Plans linear_resize.cl: bilinear interpolation, NHWC to NHWC. */
final class LinearResize {
  private LinearResize() {}

  /** Adds a launch, and says the kernel's id. */
  static String add(
      PlanDraft plan,
      KernelFamily family,
      ResizeLinear resize,
      Shape input,
      Shape output,
      Argument source,
      Argument destination) {
    int[] places = new int[2 * (output.h() + output.w())];
    float[] shares = new float[output.h() + output.w()];
    for (int i = 0; i < shares.length; i++) {
      ResizeLinear.Between between =
          i < output.h() ? resize.rows(input, i) : resize.columns(input, i - output.h());
      places[2 * i] = between.first();
      places[2 * i + 1] = between.second();
      shares[i] = between.share();
    }
    Work work = family.work(output.n() * output.h() * output.w(), output.c());
    ArgumentList arguments =
        new ArgumentList()
            .add(source, plan.constant(places), plan.constant(shares), destination)
            .ints(work.arguments())
            .ints(input.h(), input.w(), output.h(), output.w());
    plan.launch(work.launch("linear_resize", "resize", Map.of(), arguments));
    return "f32-linear-resize-nhwc-" + work.name(family.name());
  }
}
