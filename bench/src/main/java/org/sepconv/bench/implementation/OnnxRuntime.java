package org.sepconv.bench.implementation;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * ONNX Runtime on the CPU: a session with every optimisation, NCHW in and out as ONNX has it (it
 * converts to its own blocked layout inside, which is part of a run). A problem that was read from
 * a file is run from that file, any other one from a model that we write. Input and output are
 * tensors over direct buffers, allocated once.
 *
 * <p>Names no class of ONNX Runtime, so that it can say where its jar is missing.
 */
final class OnnxRuntime implements Implementation {
  static final String NAME = "onnxruntime";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean peer() {
    return true;
  }

  @Override
  public Optional<String> unavailable() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String system = os.startsWith("mac") ? "osx" : os.startsWith("windows") ? "win" : "linux";
    String arch =
        switch (System.getProperty("os.arch")) {
          case "amd64", "x86_64" -> "x64";
          default -> System.getProperty("os.arch");
        };
    String folder = "/ai/onnxruntime/native/" + system + "-" + arch + "/";
    if (OnnxRuntime.class.getResource("/ai/onnxruntime/OrtEnvironment.class") == null) {
      return Optional.of("the jar com.microsoft.onnxruntime:onnxruntime is not on the class path");
    }
    return OnnxRuntime.class.getResource(folder + System.mapLibraryName("onnxruntime")) == null
        ? Optional.of("ONNX Runtime has no library for %s %s".formatted(os, arch))
        : Optional.empty();
  }

  /**
   * A larger stack: version 1.29 walks through the command line of its process with a recursion for
   * each character, and a long class path takes more than the usual megabyte.
   */
  @Override
  public List<String> jvmOptions(Path folder) {
    return List.of("-Xss16m");
  }

  @Override
  public boolean readsFiles() {
    return true;
  }

  @Override
  public PreparedLayer prepare(Workload work, int threads) {
    return OnnxRuntimeLayer.prepare(work, threads);
  }
}
