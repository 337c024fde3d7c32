package org.sepconv.cli.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.cli.Ran;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CostCommandTest {

  @Test
  void printsTheSavingOfThePapersExample() {
    Ran.sepconv("cost", "--in", "64x56x56", "--out", "64", "--kernel", "3")
        .expectStatus(0)
        .expectOut("115,605,504", "14,651,392", "1,806,336", "12,845,056", "36,864", "4,672")
        .expectOut("7.89x", "131.9");
  }

  @Test
  void printsTheGoldenNumbersOfMobileNetV1() {
    Ran.sepconv("cost", "--network", "mobilenet_v1")
        .expectStatus(0)
        .expectOut("568,740,352", "4,209,088")
        .expectOut("539,492,352", "17,385,984", "10,838,016", "1,024,000")
        .expectOut("3,139,584", "44,640", "4,867,293,184", "8.56x");
  }

  @Test
  void printsTheGoldenNumbersOfMobileNetV2() {
    Ran.sepconv("cost", "--network", "mobilenet-v2")
        .expectStatus(0)
        .expectOut("300,774,272", "3,469,760");
  }

  @Test
  void scalesNetworksWithTheirInput() {
    for (String[] golden :
        new String[][] {{"192", "418,121,728"}, {"160", "290,675,200"}, {"128", "186,400,768"}}) {
      Ran.sepconv("cost", "--network", "mobilenet_v1", "--size", golden[0])
          .expectStatus(0)
          .expectOut(golden[1]);
    }
  }

  @Test
  void jsonHasRawNumbersAndNothingElseOnStdout() {
    JsonNode json = Ran.sepconv("cost", "--json", "-").expectStatus(0).json();
    assertEquals("1x64x56x56", json.get("input").asString());
    assertEquals(115_605_504, json.get("variants").get(0).get("cost").get("macs").asLong());
    assertEquals("separable", json.get("variants").get(1).get("name").asString());
    assertEquals(4_800, json.at("/variants/1/cost/parametersWithBias").asLong());
    assertEquals(576.0 * 64 / (73 * 64), json.at("/saving/macs").asDouble(), 1e-12);
  }

  @Test
  void jsonOfNetworkSumsUp() {
    JsonNode json =
        Ran.sepconv("cost", "--network", "mobilenet_v1", "--json", "-").expectStatus(0).json();
    assertEquals(568_740_352, json.at("/total/macs").asLong());
    long layers = 0;
    for (JsonNode layer : json.get("layers")) {
      layers += layer.at("/cost/macs").asLong();
    }
    assertEquals(568_740_352, layers);
    long kinds = 0;
    for (JsonNode kind : json.get("kinds")) {
      kinds += kind.at("/cost/parameters").asLong();
    }
    assertEquals(4_209_088, kinds);
  }

  private static JsonNode network(String name) {
    return Ran.sepconv("cost", "--network", name, "--json", "-").expectStatus(0).json();
  }

  private static JsonNode kind(JsonNode network, String kind) {
    for (JsonNode candidate : network.get("kinds")) {
      if (candidate.get("kind").asString().equals(kind)) {
        return candidate;
      }
    }
    throw new AssertionError("no kind " + kind + " in " + network.get("kinds"));
  }

  /** Layers and kinds add up, at the size with which each network is published. */
  @ParameterizedTest
  @MethodSource("org.sepconv.graph.Networks#names")
  void everyNetworkAddsUp(String name) {
    JsonNode json = network(name);
    long layers = 0;
    long standard = 0;
    for (JsonNode layer : json.get("layers")) {
      layers += layer.at("/cost/parametersWithBias").asLong();
      standard += layer.at("/standard/macs").asLong();
    }
    assertEquals(json.at("/total/parametersWithBias").asLong(), layers);
    assertEquals(json.at("/standard/macs").asLong(), standard);
    long macs = 0;
    long parameters = 0;
    for (JsonNode kind : json.get("kinds")) {
      macs += kind.at("/cost/macs").asLong();
      parameters += kind.at("/cost/parameters").asLong();
    }
    assertEquals(json.at("/total/macs").asLong(), macs);
    assertEquals(json.at("/total/parameters").asLong(), parameters);
  }

  /** Of V3-Large by hand: eight blocks squeeze, of 72, 120, 480, 672 and 960 channels. */
  @Test
  void squeezeExcitationIsNoClassifier() {
    JsonNode json = network("mobilenet_v3_large");
    JsonNode squeeze = kind(json, "squeeze-excite");
    assertEquals(16, squeeze.get("convolutions").asInt());
    long macs = 72 * 24 + 2 * 120 * 32 + 480 * 120 + 2 * 672 * 168 + 2 * 960 * 240;
    assertEquals(2 * macs, squeeze.at("/cost/macs").asLong());
    JsonNode classifier = kind(json, "classifier");
    assertEquals(2, classifier.get("convolutions").asInt());
    assertEquals(960 * 1280 + 1280 * 1000, classifier.at("/cost/macs").asLong());
    assertEquals(15, kind(json, "depthwise").get("convolutions").asInt());
    Ran.sepconv("cost", "-n", "mobilenet_v3_large")
        .expectStatus(0)
        .expectOut("216,589,760", "5,483,032", "batch norms apart", "hard_sigmoid", "multiply");
  }

  /** A batch norm and an activation stand between the stages; as standard ones they are gone. */
  @Test
  void stagesThatAreApartAreSeparableToo() {
    JsonNode json = network("ds-cnn");
    assertEquals("1x1x49x10", json.get("input").asString());
    long first = 25 * 5 * 40 * 64;
    long block = 25 * 5 * 9 * 64 * 64;
    assertEquals(first + 4 * block + 64 * 12, json.at("/standard/macs").asLong());
    for (JsonNode layer : json.get("layers")) {
      double saving = layer.get("saving").asDouble();
      switch (layer.get("name").asString()) {
        case "depthwise_conv2d", "batch_normalization_1", "activation_1" -> {
          assertEquals(0, layer.at("/standard/macs").asLong());
          assertEquals(1, saving);
        }
        case "conv2d_1" -> {
          assertEquals(block, layer.at("/standard/macs").asLong());
          assertEquals(9.0 * 64 / (9 + 64), saving, 1e-12);
        }
        default -> {}
      }
    }
    Ran.sepconv("cost", "-n", "ds_cnn").expectStatus(0).expectOut("as standard", "7.06x");
  }

  @Test
  void aNetworkWithoutAPairSavesNothingAndSaysNothing() {
    String out = Ran.sepconv("cost", "-n", "efficientnet_b0").expectStatus(0).out();
    assertTrue(out.contains("5,288,548"), out);
    assertFalse(out.contains("as standard"), out);
    assertFalse(out.contains("saves"), out);
  }

  @Test
  void constantsAreSaid() {
    Ran.sepconv("cost", "-n", "convnext_tiny")
        .expectStatus(0)
        .expectOut("28,566,184", "besides, constants of 22,945 values", "square root", "gelu");
    assertEquals(22_945, network("convnext_tiny").get("constants").asLong());
  }

  @Test
  void jsonFileIsReplacedWhole(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("cost result.json");
    Files.writeString(file, "x".repeat(100_000));
    Ran.sepconv("cost", "--json", file.toString()).expectStatus(0).expectOut("7.89x");
    assertTrue(JsonMapper.shared().readTree(Files.readString(file)).has("saving"));
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count(), "the temporary file is gone");
    }
  }

  @Test
  void groupedConvolutionStandsBesideTheOthers() {
    Ran.sepconv("cost", "--groups", "4").expectStatus(0).expectOut("grouped", "28,901,376");
  }

  @Test
  void everyOptionReachesTheConvolution() {
    Ran ran =
        Ran.sepconv(
            "cost",
            "--in",
            "8x20x30",
            "--batch",
            "2",
            "--out",
            "16",
            "--kernel",
            "3x5",
            "--stride",
            "2x1",
            "--dilation",
            "1x2",
            "--padding",
            "1,2,3,4",
            "--depth-multiplier",
            "2",
            "--no-bias",
            "--activation",
            "leaky_relu:0.1",
            "--json",
            "-");
    JsonNode json = ran.expectStatus(0).json();
    assertEquals("2x8x20x30", json.get("input").asString());
    assertEquals("2x16x11x28", json.get("output").asString());
    String convolution = json.get("convolution").asString();
    assertTrue(
        convolution.contains("3x5 8->16 stride 2x1 dilation 1x2 padding 1,2,3,4"), convolution);
    assertTrue(convolution.contains("leaky_relu:0.1"), convolution);
    assertTrue(!convolution.contains("bias"), convolution);
  }

  @Test
  void aResidualIsOneMoreRead() {
    JsonNode plain = Ran.sepconv("cost", "--json", "-").expectStatus(0).json();
    JsonNode adding = Ran.sepconv("cost", "--residual", "--json", "-").expectStatus(0).json();
    assertTrue(adding.get("convolution").asString().contains("residual"), adding.toString());
    long output = 4L * 64 * 56 * 56;
    for (int variant = 0; variant < 2; variant++) {
      String bytes = "/variants/%d/cost/bytes".formatted(variant);
      assertEquals(plain.at(bytes).asLong() + output, adding.at(bytes).asLong(), bytes);
    }
  }

  @Test
  void numbersDoNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      Ran.sepconv("cost").expectStatus(0).expectOut("115,605,504", "7.89x");
    } finally {
      Locale.setDefault(before);
    }
  }
}
