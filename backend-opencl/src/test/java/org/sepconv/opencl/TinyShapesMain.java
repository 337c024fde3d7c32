package org.sepconv.opencl;

/**
 * Runs {@link TinyShapes} and {@link TinyOperations} with the family {@code cpu} or {@code gpu},
 * and prints what was wrong.
 */
final class TinyShapesMain {
  private TinyShapesMain() {}

  public static void main(String[] arguments) {
    boolean cpuKernels = arguments[0].equals("cpu");
    TinyShapes.run(cpuKernels).forEach(System.out::println);
    TinyOperations.run(cpuKernels).forEach(System.out::println);
  }
}
