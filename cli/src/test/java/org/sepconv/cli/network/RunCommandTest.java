package org.sepconv.cli.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.Graph;
import org.sepconv.cli.FakeProvider;
import org.sepconv.cli.FakeProvider.Behaviour;
import org.sepconv.cli.Ran;
import org.sepconv.cost.Cost;
import org.sepconv.files.FloatArray;
import org.sepconv.files.NpyFile;
import org.sepconv.graph.MobileNet;
import org.sepconv.select.Backends;
import org.sepconv.spi.ConvBackendProvider;
import tools.jackson.databind.JsonNode;

class RunCommandTest {
  private static final Graph V2 = MobileNet.v2(32, 0.25);

  @TempDir Path folder;

  /** A small MobileNetV2. */
  private static String[] small(String... more) {
    return Stream.concat(
            Stream.of("run", "mobilenet_v2", "--size=32", "--width=0.25", "--time=0.01"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  /** A network of fewer operations, for a device that takes 20 ms for each. */
  private static String[] slow(String... more) {
    return Stream.concat(
            Stream.of("run", "mobilenet_v1", "--size=32", "--width=0.25", "--time=0.001"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  private Path save(String name, int... shape) throws Exception {
    int count = 1;
    for (int size : shape) {
      count *= size;
    }
    float[] values = new float[count];
    SplittableRandom random = new SplittableRandom(count);
    for (int i = 0; i < count; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    Path file = folder.resolve(name);
    NpyFile.write(file, FloatArray.of(name, values, shape));
    return file;
  }

  @Test
  void printsWhatAUserWantsToSee() {
    Ran.sepconv(Behaviour.RIGHT, small())
        .expectStatus(0)
        .expectOut("mobilenet_v2, width 0.25: ", " MACs, ", " parameters, ", " with biases")
        .expectOut("in   input 1x3x32x32, random", "out  classifier 1x1000x1x1")
        .expectOut("weights random, seed 1")
        .expectOut("fake (shortest predicted time, by estimates)")
        .expectOut("fake: predicted ", "(sum of ", " operations, most of it computing)")
        .expectOut("predictions of fake are estimates; 'sepconv calibrate'")
        .expectOut("prepared  ", "first run ", "the median of ", "GFLOP/s", "predicted  ")
        .expectOut("largest of classifier: [");
  }

  @Test
  void theDocumentHasEverything() {
    JsonNode json =
        Ran.sepconv(small("-b", "reference", "--batch=2", "--json=-", "--threads=1"))
            .expectStatus(0)
            .json();
    Cost cost = Cost.of(V2.problem());
    assertEquals(2 * cost.macs(), json.at("/cost/macs").asLong());
    assertEquals(cost.filterParameters(), json.at("/cost/parameters").asLong());
    assertEquals("2x3x32x32", json.at("/inputs/0/shape").asString());
    assertEquals("2x1000x1x1", json.at("/outputs/0/shape").asString());
    assertTrue(json.at("/outputs/0/file").isNull());
    assertEquals(5, json.at("/outputs/0/largest").size());
    assertEquals("named", json.at("/choice/reason").asString());
    assertEquals("reference", json.at("/choice/device").asString());
    assertEquals(1, json.get("threads").asInt());
    int operations = json.get("operations").asInt();
    assertTrue(operations > 20 && operations <= V2.nodes().size(), operations + " operations");
    assertEquals(0, json.get("operationsOnHost").asInt());
    double median = json.at("/timing/medianSeconds").asDouble();
    assertEquals(
        2 * (2 * cost.macs() + cost.additions()) / median / 1e9,
        json.get("gflops").asDouble(),
        1e-6);
    assertTrue(json.get("prepareSeconds").asDouble() > 0);
    assertTrue(json.get("firstRunSeconds").asDouble() > 0);
    assertTrue(json.get("predictedSeconds").asDouble() > 0);
    assertTrue(json.get("warm").isBoolean());
    assertTrue(json.at("/passes/0").asString().startsWith("fuse residual: "), json::toString);
    assertTrue(json.get("profile").isNull());
  }

  @Test
  void theLargestValuesComeFirstAndAreOrdinary() {
    JsonNode largest =
        Ran.sepconv(small("-b", "reference", "--json=-")).json().at("/outputs/0/largest");
    float before = Float.POSITIVE_INFINITY;
    for (JsonNode each : largest) {
      float value = each.get("value").floatValue();
      assertTrue(value <= before, largest::toString);
      before = value;
    }
    float first = largest.get(0).get("value").floatValue();
    assertTrue(first > 0.01 && first < 1000, largest::toString);
  }

  @Test
  void aFileGoesInAndAFileComesOut() throws Exception {
    Path x = save("x.npy", 2, 3, 32, 32);
    Path y = folder.resolve("y.npy");
    Files.writeString(y, "old");
    Ran.sepconv(small("-b", "reference", "--input", x.toString(), "--output", y.toString()))
        .expectStatus(0)
        .expectOut("in   input 2x3x32x32, " + x, "out  classifier 2x1000x1x1, written to " + y)
        .expectOut("largest of classifier, first image: [");
    FloatArray reference = NpyFile.read(y);
    assertEquals(List.of(2, 1000, 1, 1), reference.shape());
    Path cpu = folder.resolve("cpu.npy");
    Ran.sepconv(small("-b", "cpu", "--input", x.toString(), "--output", cpu.toString()))
        .expectStatus(0);
    assertArrayEquals(reference.values(), NpyFile.read(cpu).values(), 1e-4f);
    try (var files = Files.list(folder)) {
      assertEquals(3, files.count(), "no temporary file is left");
    }
  }

  @Test
  void theSameSeedGivesTheSameOutput() throws Exception {
    List<float[]> outputs = new ArrayList<>();
    for (String seed : List.of("7", "7", "8")) {
      Path y = folder.resolve("y.npy");
      Ran.sepconv(small("-b", "reference", "--seed", seed, "--output", y.toString()))
          .expectStatus(0);
      outputs.add(NpyFile.read(y).values());
    }
    assertArrayEquals(outputs.get(0), outputs.get(1));
    assertFalse(Arrays.equals(outputs.get(0), outputs.get(2)));
  }

  @Test
  void anInputOfAnotherShapeIsRefusedWithTheOneExpected() throws Exception {
    Path large = save("large.npy", 1, 3, 40, 40);
    Ran.sepconv(small("--input", large.toString()))
        .expectStatus(2)
        .expectErrorLine(
            "large.npy has the shape (1, 3, 40, 40)",
            "the input input of mobilenet_v2 must be (1, 3, 32, 32)",
            "--size 40 makes the network for it");
    Path grey = save("grey.npy", 1, 1, 32, 32);
    Ran refused =
        Ran.sepconv(small("--input", grey.toString()))
            .expectStatus(2)
            .expectErrorLine("grey.npy has the shape (1, 1, 32, 32)", "must be (1, 3, 32, 32)");
    assertFalse(refused.err().contains("--size"), refused.err());
    Path two = save("two.npy", 2, 3, 32, 32);
    Ran.sepconv(small("--batch=3", "--input", two.toString()))
        .expectStatus(2)
        .expectErrorLine("two.npy has the shape (2, 3, 32, 32)", "must be (3, 3, 32, 32)");
    Path flat = save("flat.npy", 3, 32, 32);
    Ran.sepconv(small("--input", flat.toString()))
        .expectStatus(2)
        .expectErrorLine("must have 4 dimensions, N x C x H x W");
  }

  @Test
  void theProfileAddsUpAndSaysWhatRunsOnTheHost() {
    // This one knows convolutions only; the fake reference knows all.
    var providers =
        List.<ConvBackendProvider>of(new FakeProvider("fake", Behaviour.SLOWER_THAN_PREDICTED));
    JsonNode json =
        Ran.with(options -> Backends.of(options, providers), slow("--profile", "--json=-"))
            .expectStatus(0)
            .json();
    JsonNode parts = json.at("/profile/parts");
    assertEquals(json.get("operations").asInt(), parts.size());
    double sum = 0;
    long flops = 0;
    int onHost = 0;
    for (JsonNode part : parts) {
      double seconds = part.get("seconds").asDouble();
      sum += seconds;
      flops += part.get("flops").asLong();
      onHost += part.get("kernel").asString().equals("host") ? 1 : 0;
      assertEquals(part.get("kernel").asString().equals("host"), !part.get("onHost").isNull());
      assertEquals(
          part.get("limitSeconds").asDouble() / seconds, part.get("limitShare").asDouble(), 1e-9);
      assertTrue(part.get("predictedSeconds").asDouble() > 0);
    }
    assertEquals(json.get("operationsOnHost").asInt(), onHost);
    assertTrue(onHost > 0, "pooling at least");
    assertEquals(Cost.of(MobileNet.v1(32, 0.25).problem()).flops(), flops);
    assertEquals(sum, json.at("/profile/sumSeconds").asDouble(), 1e-9);
    // Each of the others takes 20 ms.
    double least = (parts.size() - onHost) * 0.02;
    assertTrue(sum >= least, () -> json.get("profile").toString());
    assertTrue(json.at("/profile/runSeconds").asDouble() >= least);
    Ran.with(options -> Backends.of(options, providers), slow("--profile"))
        .expectStatus(0)
        .expectOut("node ", "kernel ", "of limit", "predicted ms", "MB")
        .expectOut("block3 ", "f64-fake", "sum ", "with its parts timed")
        .expectOut(" operations run on the host")
        .expectOut("On the host: ", "pool: the backend does not know the operation global average");
  }

  @Test
  void whatRunsOnTheHostIsHintedAtWithoutAProfile() {
    Ran.sepconv(Behaviour.SLOWER_THAN_PREDICTED, slow())
        .expectStatus(0)
        .expectOut(" operations run on the host; --profile says which, why");
  }

  /** 20 times a microsecond is over before anything has settled. */
  @Test
  void whatIsStillBecomingFasterIsNotTakenForWarm() {
    Ran.sepconv(
            "run", "mobilenet_v1", "--size=32", "--width=0.25", "-breference", "--time=0.000001")
        .expectStatus(0)
        .expectOut("It was still becoming faster");
  }

  @Test
  void verboseExplains() {
    Ran.sepconv(small("-b", "reference", "--verbose"))
        .expectStatus(0)
        .expectOut("changes before it was prepared", "fuse residual: ")
        .expectOut("kernels of reference", "fused: no", "conv: f64-reference: yes");
  }

  @Test
  void everyBackendRunsIt() {
    for (String backend : List.of("cpu", "djl", "opencl")) {
      if (Ran.sepconv("devices", "--json=-").out().contains("\"id\" : \"" + backend)) {
        Ran.sepconv(small("-b", backend, "--profile"))
            .expectStatus(0)
            .expectOut("largest of classifier", backend);
      }
    }
  }

  @Test
  void aDeviceThatFailsIsNamed() {
    Ran.sepconv(Behaviour.THROWS_IN_RUN, small("-b", "fake"))
        .expectStatus(1)
        .expectErrorLine("fake: out of resources (-5)");
  }
}
