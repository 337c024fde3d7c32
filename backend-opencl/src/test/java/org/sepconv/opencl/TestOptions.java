package org.sepconv.opencl;

import org.sepconv.spi.BackendOptions;

/** Both kernel families, each with one way to move data, and a cache that a clean build forgets. */
final class TestOptions {
  private TestOptions() {}

  static BackendOptions cpuKernels() {
    return options().with("opencl.kernels", "cpu").with("opencl.transfer", "map");
  }

  static BackendOptions gpuKernels() {
    return options().with("opencl.kernels", "gpu").with("opencl.transfer", "copy");
  }

  private static BackendOptions options() {
    return BackendOptions.defaults().with("opencl.cache", "target/opencl-cache");
  }
}
