package org.sepconv.cli.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.cli.Ran;
import org.sepconv.files.FloatArray;
import org.sepconv.files.NpyFile;

/** {@code export} and {@code convert}, and {@code run} of what they write. */
class ExportCommandTest {
  private static final String NETWORK = "mobilenet_v3_small";

  @TempDir private Path folder;

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private FloatArray run(String network, String... more) throws Exception {
    Path output = folder.resolve("y.npy");
    String[] arguments = {
      "run", network, "-breference", "--time=0.001", "--output=" + output, "--seed=3"
    };
    String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    Ran.sepconv(all).expectStatus(0);
    return NpyFile.read(output);
  }

  @Test
  void aModelInOnnxGivesWhatTheNetworkGave() throws Exception {
    FloatArray due = run(NETWORK, "--size=32");
    Ran.sepconv("export", NETWORK, path("n.onnx"), "--size=32", "--seed=3")
        .expectStatus(0)
        .expectOut("mobilenet_v3_small, width 1.0, weights random, seed 3: ", "n.onnx");
    FloatArray actual = run(path("n.onnx"));
    assertEquals(due.shape(), actual.shape());
    assertArrayEquals(due.values(), actual.values(), 1e-3f);
    Ran.sepconv("cost", "--network", path("n.onnx"))
        .expectStatus(0)
        .expectOut("n.onnx, ONNX of operator set", "input 1x3x32x32", "depthwise 3x3/2");
  }

  @Test
  void weightsGoThroughFilesOfBothKinds() throws Exception {
    FloatArray due = run("mobilenet_v2", "--size=32");
    Ran.sepconv("export", "mobilenet_v2", path("w.safetensors"), "--seed=3").expectStatus(0);
    Ran.sepconv("convert", path("w.safetensors"), path("w.npz"))
        .expectStatus(0)
        .expectOut("arrays of ", " values from ");
    for (String file : List.of("w.safetensors", "w.npz")) {
      FloatArray actual = run("mobilenet_v2", "--size=32", "--weights=" + path(file));
      assertArrayEquals(due.values(), actual.values(), 1e-3f);
    }
    Ran.sepconv("run", NETWORK, "--weights=" + path("w.npz"), "-breference")
        .expectStatus(2)
        .expectErrorLine("w.npz does not fit mobilenet_v3_small: it lacks (", "has besides (");
  }

  @Test
  void whatCannotBeWrittenIsRefusedBeforehand() throws Exception {
    Ran.sepconv("export", NETWORK, path("n.pb"))
        .expectStatus(2)
        .expectErrorLine("weights are kept in .safetensors or .npz files, not in ");
    Ran.sepconv("export", NETWORK, path("none/n.onnx"))
        .expectStatus(2)
        .expectErrorLine("there is no folder ");
    assertFalse(Files.exists(folder.resolve("n.pb")));
    Ran.sepconv("convert", path("none.npz"), path("w.npz"))
        .expectStatus(2)
        .expectErrorLine("there is no file ");
  }

  @Test
  void optionsThatWouldBeIgnoredAreRefused() throws Exception {
    Ran.sepconv("export", NETWORK, path("n.onnx"), "--size=32").expectStatus(0);
    Ran.sepconv("run", path("n.onnx"), "--width=0.5")
        .expectStatus(2)
        .expectErrorLine("--width 0.5 is given, but a model in ONNX has the width that it has");
    Ran.sepconv("run", path("n.onnx"), "--weights=w.npz")
        .expectStatus(2)
        .expectErrorLine("brings its weights along");
    Ran.sepconv("run", NETWORK, "--shape=1x3x32x32")
        .expectStatus(2)
        .expectErrorLine("--shape is for a model in ONNX");
    Ran.sepconv("run", path("n.onnx"), "--shape=1x3xa")
        .expectStatus(2)
        .expectErrorLine("--shape is '1x3xa'");
    Ran.sepconv("run", path("n.onnx"), "--shape=1x3x40x40")
        .expectStatus(2)
        .expectErrorLine("n.onnx", "not [1, 3, 40, 40]");
  }

  @Test
  void aBrokenModelIsRefusedInOneLine() throws Exception {
    Path broken = Files.writeString(folder.resolve("broken.onnx"), "not a model");
    Ran.sepconv("run", broken.toString()).expectStatus(2).expectErrorLine("broken.onnx: ");
    Ran.sepconv("run", path("none.onnx")).expectStatus(2).expectErrorLine("there is no file ");
  }
}
