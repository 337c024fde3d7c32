package org.sepconv.select;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Expect;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.FakeBackend;

class BackendsTest {

  private static Backends of(ConvBackendProvider... providers) {
    return Backends.of(BackendOptions.defaults(), List.of(providers));
  }

  private static FakeProvider gpu() {
    return new FakeProvider(
        "gpu", 2, "gpu:0=ACME Falcon 9000", "gpu:1=Nadir Titan", "gpu:2=Nadir Mini");
  }

  private static List<String> names(Backends backends) {
    return backends.statuses().stream().map(BackendStatus::name).toList();
  }

  private static Availability.Unavailable unavailable(Backends backends, int index) {
    return assertInstanceOf(
        Availability.Unavailable.class, backends.statuses().get(index).availability());
  }

  @Test
  void standInTheOrderOfTheirRanks() {
    Backends backends =
        of(
            new FakeProvider("last", 9, "last"),
            new FakeProvider("b", 5, "b"),
            new FakeProvider("a", 5, "a").unavailable("nothing", ""),
            new FakeProvider("first", -1, "first"));
    assertEquals(List.of("first", "a", "b", "last"), names(backends));
    assertEquals(
        List.of("first", "b", "last"), backends.devices().stream().map(DeviceInfo::id).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "gpu, gpu:0",
    "gpu:0, gpu:0",
    "gpu:1, gpu:1",
    "' GPU:1 ', gpu:1",
    "gpu:falcon, gpu:0",
    "gpu:Titan, gpu:1",
    "gpu:nadir, gpu:1",
    "gpu:nadir mini, gpu:2",
    "gpu:9000, gpu:0",
    "cpu, cpu",
  })
  void areOpenedByName(String name, String device) {
    try (Backends backends = of(new FakeProvider("cpu", 1, "cpu"), gpu())) {
      assertEquals(device, backends.backend(name).device().id());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":", "gp", "gpu0", "tpu", "tpu:0", "gpu.0"})
  void unknownBackendsAreNamedWithTheKnownOnes(String name) {
    Backends backends = of(new FakeProvider("cpu", 1, "cpu"), gpu());
    Expect.refused(() -> backends.backend(name), "no backend '" + name + "'", "cpu, gpu");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpu:", "gpu:7", "gpu:titanic", "gpu:gpu:0"})
  void unknownDevicesAreNamedWithTheKnownOnes(String name) {
    Backends backends = of(gpu());
    Expect.refused(
        () -> backends.backend(name),
        "gpu has no device '" + name.substring(4) + "'",
        "gpu:0 (ACME Falcon 9000), gpu:1 (Nadir Titan)");
  }

  @Test
  void anIdIsMeantBeforeTheFirstDevice() {
    Backends backends = of(new FakeProvider("gpu", 1, "gpu:1", "gpu"));
    assertEquals("gpu", backends.backend("gpu").device().id());
  }

  @Test
  void oneThatIsUnavailableFailsWithItsReasonAndNothingElseIsOpened() {
    FakeProvider cpu = new FakeProvider("cpu", 1, "cpu");
    Backends backends = of(cpu, gpu().unavailable("no driver", "install one"));
    for (String name : List.of("gpu", "gpu:0")) {
      Expect.failure(
          BackendException.class,
          () -> backends.backend(name),
          "gpu: unavailable: no driver; install one");
    }
    assertEquals(List.of(), cpu.opened);
  }

  @Test
  void oneThatThrowsWhileItIsProbedDoesNotHideTheOthers() {
    Backends backends =
        of(
            new FakeProvider("throws", 1)
                .probing(
                    () -> {
                      throw new IllegalStateException("odd driver");
                    }),
            new FakeProvider("unlinked", 2)
                .probing(
                    () -> {
                      throw new UnsatisfiedLinkError("libodd.so");
                    }),
            new FakeProvider("asserts", 3)
                .probing(
                    () -> {
                      throw new AssertionError("cannot be");
                    }),
            new FakeProvider("null", 4).probing(() -> null),
            new FakeProvider("fine", 5, "fine"));
    assertEquals(List.of("throws", "unlinked", "asserts", "null", "fine"), names(backends));
    assertTrue(unavailable(backends, 0).reason().contains("odd driver"));
    assertTrue(unavailable(backends, 1).reason().contains("UnsatisfiedLinkError: libodd.so"));
    assertTrue(unavailable(backends, 2).reason().contains("cannot be"));
    assertTrue(unavailable(backends, 3).reason().contains("probe() returned null"));
    assertEquals("fine", backends.backend("fine").device().id());
    Expect.failure(BackendException.class, () -> backends.backend("throws"), "odd driver");
  }

  /** A provider that cannot even say its name. */
  private static class Nameless implements ConvBackendProvider {
    private final String name;

    Nameless(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      if (name.isEmpty()) {
        throw new AssertionError("no name");
      }
      return name.equals("null") ? null : name;
    }

    @Override
    public int rank() {
      throw new IllegalStateException("no rank");
    }

    @Override
    public Availability probe() {
      throw new AssertionError("not asked");
    }

    @Override
    public ConvBackend open(DeviceInfo device, BackendOptions options) {
      throw new AssertionError("not asked");
    }
  }

  @Test
  void oneWithoutNameOrRankDoesNotHideTheOthers() {
    Backends backends =
        of(
            new Nameless(""),
            new Nameless("rankless"),
            new Nameless("null"),
            new FakeProvider("fine", 5, "fine"));
    String type = Nameless.class.getName();
    assertEquals(List.of("fine", type, type, type), names(backends));
    assertTrue(unavailable(backends, 1).reason().contains("no name"));
    assertTrue(unavailable(backends, 2).reason().contains("no rank"));
    assertTrue(unavailable(backends, 3).reason().contains("its name is 'null'"));
  }

  @Test
  void oneThatDoesNotAnswerIsGivenUpAndNamed() {
    CountDownLatch never = new CountDownLatch(1);
    FakeProvider hanging =
        new FakeProvider("hanging", 0)
            .probing(
                () -> {
                  awaitUninterruptibly(never);
                  return null;
                });
    ConvBackendProvider silent =
        new Nameless("silent") {
          @Override
          public String name() {
            awaitUninterruptibly(never);
            return super.name();
          }
        };
    BoundedCall brief = new BoundedCall(Duration.ofSeconds(2));
    Thread.currentThread().interrupt();
    Backends backends =
        Backends.of(
            Discovery.of(List.of(hanging, silent, new FakeProvider("fine", 5, "fine")), brief));
    assertTrue(Thread.interrupted(), "the interrupt is kept for the caller");
    assertEquals(List.of("fine", "hanging", silent.getClass().getName()), names(backends));
    for (int i = 1; i < 3; i++) {
      assertTrue(unavailable(backends, i).reason().endsWith("no answer within 2.0 s"), "" + i);
      assertTrue(unavailable(backends, i).remedy().contains("SEPCONV_PROBE_SECONDS"), "" + i);
    }
    Expect.failure(
        BackendException.class, () -> backends.backend("hanging"), "hanging: unavailable: ");
    List<Diagnosis> diagnoses = backends.diagnose(); // asks it nothing more
    assertEquals("hanging", diagnoses.get(1).backend());
    assertTrue(diagnoses.get(1).findings().getFirst().found().contains("no answer"));
    never.countDown();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"CPU", "cpu:0", "cpu.x", "c pu"})
  void aNameThatNobodyCouldTypeIsReported(String name) {
    Backends backends = of(new FakeProvider(name, 1, name), new FakeProvider("fine", 5, "fine"));
    assertEquals("fine", names(backends).getFirst());
    assertTrue(unavailable(backends, 1).reason().contains("'" + name + "'"));
  }

  @Test
  void twoOfOneNameAreReported() {
    FakeProvider better = new FakeProvider("cpu", 1, "cpu");
    Backends backends = of(new FakeProvider("cpu", 2, "cpu"), better);
    assertEquals(1, backends.devices().size());
    assertTrue(unavailable(backends, 1).reason().contains("'cpu'"));
    backends.backend("cpu");
    assertEquals(1, better.opened.size());
  }

  @Test
  void aDeviceThatNobodyCouldNameMakesItsBackendUnavailable() {
    Backends backends =
        of(
            new FakeProvider("gpu", 1, "gpu:0", "card1"),
            new FakeProvider("twice", 2, "twice:0", "twice:1=x", "twice")
                .probing(
                    () -> {
                      DeviceInfo device = new DeviceInfo("twice", "x", java.util.Map.of());
                      return new Availability.Available(List.of(device, device));
                    }),
            new FakeProvider("fine", 5, "fine"));
    assertTrue(unavailable(backends, 0).reason().contains("'card1'"));
    assertTrue(unavailable(backends, 1).reason().contains("'twice'"));
    assertEquals(1, backends.devices().size());
  }

  @Test
  void optionsReachTheBackendAndUnknownOnesAreRefused() {
    FakeProvider cpu = new FakeProvider("cpu", 1, "cpu");
    BackendOptions options = BackendOptions.defaults().withThreads(3).with("cpu.kernels", "scalar");
    Backends.of(options, List.of(cpu)).backend("cpu");
    assertEquals(List.of(options), cpu.options);
    for (String key : List.of("cp.kernels", "cpu", "cpux.kernels", "gpu.platform", "")) {
      BackendOptions wrong = BackendOptions.defaults().with(key, "x");
      Expect.refused(() -> Backends.of(wrong, List.of(cpu)), "'" + key + "'", "cpu.");
    }
  }

  @Test
  void oneThatIsOfferedOnlyByNameIsOpenedByNameAndNowhereElse() {
    FakeProvider hidden =
        new FakeProvider("hidden", 0, "hidden:0=Fast", "hidden:1=Odd")
            .opening(device -> new FakeBackend(device.id(), 1e15))
            .onlyByName(() -> true);
    Problem problem =
        Problem.of(Conv2d.pointwise(10, 10).build(), TensorSpec.nchw(Shape.of(10, 10, 10)));
    BackendOptions options = BackendOptions.defaults().with("hidden.depth", "2");
    List<ConvBackendProvider> all = List.of(hidden, new FakeProvider("cpu", 1, "cpu"));
    try (Backends backends = Backends.of(options, all)) {
      assertEquals(List.of("cpu"), names(backends));
      assertEquals(List.of("cpu"), backends.devices().stream().map(DeviceInfo::id).toList());
      assertEquals(List.of("cpu"), backends.diagnose().stream().map(Diagnosis::backend).toList());
      for (SelectionOptions how : List.of(SelectionOptions.predicted(), Devices.uncached())) {
        Selection selection = backends.select(problem, how);
        assertEquals("cpu", selection.chosen().id());
        assertEquals(1, selection.candidates().size());
      }
      assertEquals(List.of(), hidden.opened);
      Expect.refused(() -> backends.backend("tpu"), "there are: cpu");
      assertEquals("hidden:0", backends.backend("hidden").device().id());
      assertEquals("hidden:1", backends.backend("hidden:odd").device().id());
      assertSame(backends.backend("hidden"), backends.backend("hidden:0"));
      assertEquals(List.of("cpu"), backends.devices().stream().map(DeviceInfo::id).toList());
      assertEquals("cpu", backends.select(problem).chosen().id(), "nor once it is open");
    }
    assertTrue(hidden.backend().isReleased());
  }

  @Test
  void oneThatThrowsWhenAskedWhetherItIsListedHidesNobody() {
    FakeProvider odd =
        new FakeProvider("odd", 0, "odd")
            .onlyByName(
                () -> {
                  throw new IllegalStateException("odd state");
                });
    Backends backends = of(odd, new FakeProvider("cpu", 1, "cpu"));
    assertEquals(List.of("cpu", FakeProvider.class.getName()), names(backends));
    assertTrue(unavailable(backends, 1).reason().contains("odd state"));
  }

  @Test
  void eachDeviceIsOpenedOnceWhenItIsFirstAskedFor() {
    FakeProvider gpu = gpu();
    Backends backends = of(gpu);
    assertEquals(List.of(), gpu.opened);
    ConvBackend first = backends.backend("gpu");
    assertSame(first, backends.backend("gpu:0"));
    assertSame(first, backends.backend("gpu:falcon"));
    assertNotSame(first, backends.backend("gpu:1"));
    assertEquals(2, gpu.opened.size());
  }

  @Test
  void aDeviceThatDoesNotOpenIsABackendException() {
    Backends backends =
        of(
            new FakeProvider("linkless", 1, "linkless")
                .opening(
                    _ -> {
                      throw new UnsatisfiedLinkError("libodd.so");
                    }),
            new FakeProvider("lost", 2, "lost")
                .opening(
                    device -> {
                      throw new BackendException(device.id(), "device lost");
                    }),
            new FakeProvider("null", 3, "null").opening(_ -> null),
            new FakeProvider("picky", 4, "picky")
                .opening(
                    _ -> {
                      throw new IllegalArgumentException("picky.x is wrong");
                    }));
    Expect.failure(
        BackendException.class, () -> backends.backend("linkless"), "linkless: ", "libodd.so");
    Expect.failure(BackendException.class, () -> backends.backend("lost"), "lost: device lost");
    Expect.failure(BackendException.class, () -> backends.backend("null"), "null: ", "null");
    Expect.refused(() -> backends.backend("picky"), "picky.x is wrong");
  }

  @Test
  void closingClosesEveryDeviceEvenIfSomeFail() {
    FakeProvider gpu = gpu().opening(device -> new FakeBackend(device.id()).failingOnClose());
    FakeProvider cpu = new FakeProvider("cpu", 1, "cpu");
    Backends backends = of(gpu, cpu);
    backends.backend("gpu:0");
    backends.backend("gpu:1");
    backends.backend("cpu");
    BackendException failure = assertThrows(BackendException.class, backends::close);
    assertEquals("gpu:0: lost", failure.getMessage());
    assertEquals("gpu:1: lost", failure.getSuppressed()[0].getMessage());
    assertTrue(cpu.backend().isReleased());
    backends.close(); // nothing the second time
    Expect.failure(IllegalStateException.class, () -> backends.backend("cpu"), "closed");
  }

  @Test
  void oneCallConvolvesOnTheChosenDevice() {
    FakeProvider cpu = new FakeProvider("cpu", 1, "cpu");
    try (Backends backends = of(cpu)) {
      assertArrayEquals(
          new float[] {21},
          backends.convolve(
              Problem.of(Conv2d.pointwise(2, 1).build(), TensorSpec.nchw(Shape.of(2, 1, 1))),
              ConvWeights.of(new float[] {1, 10}),
              new float[] {1, 2}));
    }
    assertTrue(cpu.backend().isReleased());
  }
}
