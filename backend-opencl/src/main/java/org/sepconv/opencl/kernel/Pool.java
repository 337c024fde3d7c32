package org.sepconv.opencl.kernel;

import java.util.Locale;
import java.util.Map;
import org.sepconv.ConvGeometry;
import org.sepconv.Pool2d;
import org.sepconv.Shape;

/** Plans pool.cl: the maximum or the mean of windows, NHWC to NHWC. */
final class Pool {
  private Pool() {}

  /** Adds a launch, and says the kernel's id. */
  static String add(
      PlanDraft plan,
      KernelFamily family,
      Pool2d pool,
      Shape input,
      Argument source,
      Argument destination) {
    ConvGeometry geometry = pool.geometry(input);
    Shape output = geometry.output();
    Work work = family.work(output.n() * output.h() * output.w(), output.c());
    boolean max = pool.function() == Pool2d.Function.MAX;
    int divisor = max ? 1 : pool.countPadding() ? pool.kernelH() * pool.kernelW() : 0;
    ArgumentList arguments =
        new ArgumentList()
            .add(source, destination)
            .ints(divisor)
            .ints(work.arguments())
            .ints(input.h(), input.w(), output.h(), output.w(), pool.kernelH(), pool.kernelW())
            .ints(pool.strideH(), pool.strideW())
            .ints(geometry.padding().top(), geometry.padding().left());
    Map<String, String> constants = Map.of("FUNCTION", pool.function().name());
    plan.launch(work.launch("pool", "pool", constants, arguments));
    String name = pool.function().name().toLowerCase(Locale.ROOT);
    return "f32-%s-pool-nhwc-%s".formatted(name, work.name(family.name()));
  }
}
