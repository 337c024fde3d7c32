package org.sepconv.cli.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.cli.FakeProvider;
import org.sepconv.cli.FakeProvider.Behaviour;
import org.sepconv.cli.Ran;
import org.sepconv.cpu.CpuBackendProvider;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackendProvider;
import tools.jackson.databind.JsonNode;

class SelectCommandTest {
  private static final List<ConvBackendProvider> PROVIDERS =
      List.of(
          new FakeProvider("absent", Behaviour.UNAVAILABLE),
          new FakeProvider("broken", Behaviour.THROWS_IN_RUN),
          new FakeProvider("first", Behaviour.RIGHT),
          new FakeProvider("narrow", Behaviour.SUPPORTS_NOTHING),
          new FakeProvider("second", Behaviour.RIGHT));

  @TempDir private Path folder;

  private static Ran select(String... arguments) {
    String[] all = Stream.concat(Stream.of("select"), Stream.of(arguments)).toArray(String[]::new);
    return Ran.with(options -> Backends.of(options, PROVIDERS), all);
  }

  private Ran measure(String... arguments) {
    Stream<String> usual =
        Stream.of(
            "--in=2x4x4",
            "--out=3",
            "--select=measured",
            "--select-time=0.01",
            "--select-cache=" + folder);
    return select(Stream.concat(usual, Stream.of(arguments)).toArray(String[]::new));
  }

  @Test
  void theReasonsOfAllArePrinted() {
    select("--in", "2x4x4", "--out", "3")
        .expectStatus(0)
        .expectOut(
            "separable [depthwise 3x3 2->2",
            " on NHWC 1x2x4x4",
            "broken (shortest predicted time, by estimates)",
            "absent: unavailable: no driver (install the driver)",
            "first: predicted ",
            "narrow: unsupported: it supports nothing");
  }

  @Test
  void verboseShowsTheKernelsThatTheChosenDeviceConsidered() {
    String[] scalar = {
      "select", "--in=4x6x6", "--out=3", "--depth-multiplier=2", "--option=cpu.fuse=never"
    };
    Function<BackendOptions, Backends> cpu =
        options -> Backends.of(options, List.of(new CpuBackendProvider()));
    String[] verbose =
        Stream.concat(Stream.of(scalar), Stream.of("--verbose")).toArray(String[]::new);
    Ran told = Ran.with(cpu, verbose).expectStatus(0);
    told.expectOut(
        "kernels of cpu",
        "  fused: no, cpu.fuse=never",
        "  f32-depthwise-",
        "  f32-pointwise-",
        ": yes, ");
    String quiet = Ran.with(cpu, scalar).expectStatus(0).out();
    assertFalse(quiet.contains("kernels of"), quiet);
    for (String variant : List.of("standard", "grouped")) {
      select("--in=2x4x4", "--groups=2", "--variant=" + variant, "--verbose")
          .expectOut("kernels of broken", "  f64-fake: yes, ");
    }
  }

  @Test
  void aDeviceThatDoesNotPrepareWhatItWasChosenForFailsAfterTheReasons() {
    Ran.sepconv(Behaviour.THROWS_IN_PREPARE, "select", "--verbose")
        .expectStatus(1)
        .expectOut("fake (shortest predicted time");
    Ran.sepconv(Behaviour.THROWS_IN_PREPARE, "select").expectStatus(0);
  }

  @Test
  void aTrialFindsOutWhatPredictionsCannotKnow() throws IOException {
    JsonNode json = measure("--json", "-").expectStatus(0).json();
    assertTrue(List.of("first", "second").contains(json.get("device").stringValue()));
    assertEquals("shortest measured time", json.get("reason").stringValue());
    List<String> verdicts =
        json.get("candidates")
            .valueStream()
            .map(each -> each.get("verdict").stringValue())
            .toList();
    assertEquals("UNAVAILABLE", verdicts.get(0));
    assertEquals("FAILED", verdicts.get(1));
    assertEquals("MEASURED", verdicts.get(2));
    assertEquals("UNSUPPORTED", verdicts.get(3));
    assertTrue(json.get("candidates").get(2).get("measuredSeconds").doubleValue() > 0);
    assertTrue(json.get("candidates").get(3).get("predictedSeconds").isNull());
  }

  @Test
  void answersAreKeptUntilTheyAreCleared() throws IOException {
    List<ConvBackendProvider> two =
        List.of(
            new FakeProvider("first", Behaviour.RIGHT),
            new FakeProvider("second", Behaviour.RIGHT));
    String[] command = {
      "select",
      "--in=2x4x4",
      "--select=measured",
      "--select-time=0.01",
      "--select-cache=" + folder,
      "--clear-cache"
    };
    String[] without = Stream.of(command).limit(5).toArray(String[]::new);
    Ran.with(options -> Backends.of(options, two), without).expectOut("(shortest measured time)");
    Ran.with(options -> Backends.of(options, two), without)
        .expectOut("(shortest measured time, cached since 20");
    Ran.with(options -> Backends.of(options, two), command).expectOut("(shortest measured time)");
    String[] off = without.clone();
    off[4] = "--select-cache=off";
    Ran.with(options -> Backends.of(options, two), off).expectOut("(shortest measured time)");
  }

  @Test
  void dataElsewhereCounts() {
    Ran there = select("--in=2x4x4");
    assertFalse(there.out().contains("transfers"), there.out());
    select("--in=2x4x4", "--data=host").expectStatus(0).expectOut("ms transfers");
    select("--in=2x4x4", "--data=first").expectStatus(0).expectOut("first (shortest");
    select("--in=2x4x4", "--data=tpu").expectStatus(2).expectErrorLine("no backend 'tpu'");
  }

  @Test
  void otherVariantsAreSelectedToo() {
    select("--in=2x4x4", "--variant=standard").expectOut("standard 3x3 2->64");
    select("--variant=dense")
        .expectStatus(2)
        .expectErrorLine("there is no variant 'dense'; there are: standard, separable");
  }

  @Test
  void whatWouldBeIgnoredIsRefused() {
    select("--backend=first").expectStatus(2).expectErrorLine("leave --backend out");
    select("--select-time=1").expectStatus(2).expectErrorLine("--select-time is for");
    select("--select=guessed").expectStatus(2).expectErrorLine("expected predicted or measured");
    select("--select=measured", "--select-time=-1")
        .expectStatus(2)
        .expectErrorLine("--select-time is -1.0, not in (0, 3600]");
  }

  @Test
  void compareSelectsAsItIsAsked() {
    String[] compare = {
      "compare",
      "--in=2x4x4",
      "--out=3",
      "--time=0.01",
      "--select=measured",
      "--select-time=0.01",
      "--select-cache=off"
    };
    List<ConvBackendProvider> two =
        List.of(
            new FakeProvider("first", Behaviour.RIGHT),
            new FakeProvider("second", Behaviour.RIGHT));
    Ran.with(options -> Backends.of(options, two), compare)
        .expectStatus(0)
        .expectOut("Selection picks ", ": shortest measured time", "first: measured ");
    Ran.sepconv(Behaviour.RIGHT, "compare", "--backend=fake", "--select=measured")
        .expectStatus(2)
        .expectErrorLine("--backend names fake");
  }
}
