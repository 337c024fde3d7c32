package org.sepconv.opencl;

/**
 * Runs {@link TinyShapes} with the family {@code cpu} or {@code gpu}, and prints what was wrong.
 */
final class TinyShapesMain {
  private TinyShapesMain() {}

  public static void main(String[] arguments) {
    TinyShapes.run(arguments[0].equals("cpu")).forEach(System.out::println);
  }
}
