package org.sepconv.opencl.kernel;

import java.util.Map;
import org.sepconv.Shape;

/** Plans product.cl: products of stacks of matrices, all of them NCHW. */
final class Product {
  private static final int MOST_ROWS = 8;

  private Product() {}

  /** Adds a launch, and says the kernel's id. */
  static String add(
      PlanDraft plan,
      KernelFamily family,
      Shape first,
      Shape second,
      Shape output,
      Argument from,
      Argument with,
      Argument destination) {
    Work columns = family.work(output.h(), output.w());
    int rows = Math.min(MOST_ROWS, Integer.highestOneBit(output.h()));
    ArgumentList arguments =
        new ArgumentList()
            .add(from, with, destination)
            .ints(output.h(), first.w(), output.w(), output.c())
            .ints(batchStride(first), channelStride(first))
            .ints(batchStride(second), channelStride(second));
    Map<String, String> constants =
        Map.of(
            "ACT", "CLAMP",
            "ROWS", "" + rows,
            "WIDTH", "" + columns.width(),
            "GROUP", "" + columns.group());
    long[] groups = {
      Math.ceilDiv(Math.ceilDiv(output.w(), columns.width()), columns.group()),
      Math.ceilDiv(output.h(), rows),
      (long) output.n() * output.c()
    };
    plan.launch(
        new Launch(
            new ProgramKey("product", constants),
            "product",
            arguments.list(),
            groups,
            new long[] {columns.group(), 1, 1}));
    return "f32-product-%dx%s".formatted(rows, columns.name(family.name()));
  }

  private static int batchStride(Shape matrices) {
    return matrices.n() == 1 ? 0 : matrices.c() * matrices.h() * matrices.w();
  }

  private static int channelStride(Shape matrices) {
    return matrices.c() == 1 ? 0 : matrices.h() * matrices.w();
  }
}
