package org.sepconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.conformance.process.ChildJvm;
import org.sepconv.conformance.process.Extent;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Execution;
import org.sepconv.spi.HostTensor;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command with faulty providers on the class path, each with a fault of its own: named with its
 * reason, while the others go on, and nothing of them between the results.
 */
class FaultyProvidersTest {

  /** Available; what it prepares computes nothing, in next to no predicted time. */
  public abstract static class Faulty implements ConvBackendProvider {
    @Override
    public String name() {
      return getClass().getSimpleName().toLowerCase();
    }

    @Override
    public int rank() {
      return 1;
    }

    @Override
    public Availability probe() {
      return new Availability.Available(List.of(new DeviceInfo(name(), "Faulty", Map.of())));
    }

    @Override
    public ConvBackend open(DeviceInfo device, BackendOptions options) {
      return new Device(device);
    }

    Prepared prepared(ConvBackend backend, Problem problem) {
      return new Prepared(backend, problem) {
        @Override
        public String kernel() {
          return "faulty";
        }

        @Override
        protected Execution execution() {
          return new Execution() {
            @Override
            protected void start(Tensor[] inputs, Tensor[] outputs) {
              onRun();
            }
          };
        }

        @Override
        protected void release() {}
      };
    }

    void onRun() {}

    private final class Device extends ConvBackend {
      Device(DeviceInfo device) {
        super(device);
      }

      @Override
      public DeviceProfile profile() {
        return new DeviceProfile("made up", 1e15, 1e15, 0, Map.of());
      }

      @Override
      protected Support accepts(Problem problem) {
        return Support.YES;
      }

      @Override
      protected Tensor allocateTensor(TensorSpec spec) {
        return new HostTensor(this, spec);
      }

      @Override
      protected Prepared prepareProblem(Problem problem, Weights weights) {
        return prepared(this, problem);
      }

      @Override
      protected void release() {}
    }
  }

  public static final class ThrowsInConstructor extends Faulty {
    public ThrowsInConstructor() {
      throw new AssertionError("thrown by the constructor");
    }
  }

  public static final class ThrowsInName extends Faulty {
    @Override
    public String name() {
      throw new AssertionError("thrown by the name");
    }
  }

  public static final class ThrowsInProbe extends Faulty {
    @Override
    public Availability probe() {
      throw new UnsatisfiedLinkError("thrown by the probe");
    }
  }

  public static final class Hangs extends Faulty {
    @Override
    public Availability probe() {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
      return super.probe();
    }
  }

  public static final class ReturnsNull extends Faulty {
    @Override
    public Availability probe() {
      return null;
    }
  }

  public static final class HasTheNameOfAnother extends Faulty {
    @Override
    public String name() {
      return "cpu";
    }

    @Override
    public int rank() {
      return 1000;
    }
  }

  public static final class ThrowsInPrepare extends Faulty {
    @Override
    Prepared prepared(ConvBackend backend, Problem problem) {
      throw new AssertionError("thrown by prepare");
    }
  }

  public static final class PreparesNull extends Faulty {
    @Override
    Prepared prepared(ConvBackend backend, Problem problem) {
      return null;
    }
  }

  public static final class PreparesAnotherShape extends Faulty {
    @Override
    Prepared prepared(ConvBackend backend, Problem problem) {
      Shape shape = problem.source().shape();
      Shape larger = new Shape(shape.n(), shape.c(), shape.h() + 1, shape.w());
      return super.prepared(
          backend, problem.withSource(new TensorSpec(larger, problem.source().layout())));
    }
  }

  public static final class ThrowsInRun extends Faulty {
    @Override
    void onRun() {
      throw new IllegalStateException("thrown by a run");
    }
  }

  public static final class Prints extends Faulty {
    public Prints() {
      System.out.println("printed by the constructor");
    }

    @Override
    public Availability probe() {
      System.out.println("printed by the probe");
      return new Availability.Unavailable("it only prints", "take it away");
    }
  }

  private static final List<Class<? extends Faulty>> PROVIDERS =
      List.of(
          ThrowsInConstructor.class,
          ThrowsInName.class,
          ThrowsInProbe.class,
          Hangs.class,
          ReturnsNull.class,
          HasTheNameOfAnother.class,
          ThrowsInPrepare.class,
          PreparesNull.class,
          PreparesAnotherShape.class,
          ThrowsInRun.class,
          Prints.class);

  /** What is said of those that never come to run. */
  private static final Map<Class<? extends Faulty>, String> UNAVAILABLE =
      Map.of(
          ThrowsInConstructor.class, "thrown by the constructor",
          ThrowsInName.class, "thrown by the name",
          ThrowsInProbe.class, "thrown by the probe",
          Hangs.class, "no answer within 2.0 s",
          ReturnsNull.class, "probe() returned null",
          HasTheNameOfAnother.class, "another backend is named 'cpu'",
          Prints.class, "it only prints");

  private static final Map<Class<? extends Faulty>, String> FAILED =
      Map.of(
          ThrowsInPrepare.class, "thrown by prepare",
          PreparesNull.class, "prepareProblem() of the backend returned null",
          PreparesAnotherShape.class, "but the backend prepared it for",
          ThrowsInRun.class, "thrown by a run");

  @TempDir private Path folder;

  private ChildJvm.Ended sepconv(String... arguments) throws Exception {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.write(
        services.resolve(ConvBackendProvider.class.getName()),
        PROVIDERS.stream().map(Class::getName).toList());
    return new ChildJvm()
        .with(folder)
        .option("-Dsepconv.probeSeconds=2", "-Dsepconv.hostSpeed=assumed")
        .run(Main.class, arguments);
  }

  private static JsonNode json(ChildJvm.Ended ended) {
    return JsonMapper.shared().readTree(ended.out()); // nobody printed between the results
  }

  @Test
  void areNamedWithTheirReasonsWhileTheOthersGoOn() throws Exception {
    ChildJvm.Ended ended = sepconv("devices", "--json", "-");
    assertEquals(0, ended.status(), ended::output);
    assertTrue(ended.err().contains("printed by the probe"), ended::err);
    Map<String, String> reasons = new LinkedHashMap<>();
    json(ended)
        .get("backends")
        .forEach(
            backend ->
                reasons.put(backend.get("name").asString(), backend.get("reason").asString()));
    assertEquals("", reasons.get("cpu"), "the cpu backend is available");
    UNAVAILABLE.forEach(
        (type, reason) -> {
          String name = reasons.containsKey(name(type)) ? name(type) : type.getName();
          assertTrue(reasons.get(name).contains(reason), () -> name + " in " + reasons);
        });
  }

  @Test
  void selectionByTrialTakesOneThatWorks() throws Exception {
    ChildJvm.Ended ended =
        sepconv(
            "select",
            "--in=16x8x8",
            "--select=measured",
            "--select-cache=off",
            "--select-time=0.05",
            "--json=-");
    assertEquals(0, ended.status(), ended::output);
    JsonNode document = json(ended);
    assertTrue(
        Stream.of("cpu", "djl", "opencl:0").anyMatch(document.get("device").asString()::equals),
        ended::out);
    Map<String, String> verdicts = new LinkedHashMap<>();
    document
        .get("candidates")
        .forEach(
            candidate ->
                verdicts.put(candidate.get("id").asString(), candidate.get("text").asString()));
    FAILED.forEach(
        (type, reason) ->
            assertTrue(verdicts.get(name(type)).contains(reason), () -> type + " in " + verdicts));
  }

  @Test
  @EnabledIfSystemProperty(named = Extent.PROPERTY, matches = Extent.ALL)
  void verifyingFailsByNameAndGoesOn() throws Exception {
    ChildJvm.Ended ended = sepconv("verify", "--cases=20", "--json=-");
    assertNotEquals(0, ended.status(), ended::output);
    json(ended)
        .get("devices")
        .forEach(
            device -> {
              String id = device.get("device").asString();
              boolean faulty = FAILED.keySet().stream().anyMatch(type -> name(type).equals(id));
              boolean good =
                  device.get("error").asString().isEmpty() && device.get("failures").isEmpty();
              assertEquals(!faulty, good, device::toString);
            });
  }

  @Test
  @EnabledIfSystemProperty(named = Extent.PROPERTY, matches = Extent.ALL)
  void theDoctorNamesAllOfThem() throws Exception {
    ChildJvm.Ended ended = sepconv("doctor", "--json=-");
    assertEquals(1, ended.status(), ended::output);
    StringBuilder text = new StringBuilder();
    json(ended)
        .get("sections")
        .forEach(
            section ->
                section
                    .get("findings")
                    .forEach(finding -> text.append(finding.get("found").asString()).append('\n')));
    String found = text.toString();
    UNAVAILABLE.forEach(
        (type, reason) -> assertTrue(found.contains(reason), () -> reason + " in " + found));
    FAILED.forEach(
        (type, reason) -> assertTrue(found.contains(reason), () -> reason + " in " + found));
  }

  @Test
  @EnabledIfSystemProperty(named = Extent.PROPERTY, matches = Extent.ALL)
  void comparingShowsTheOthers() throws Exception {
    ChildJvm.Ended ended = sepconv("compare", "--in=16x8x8", "--time=0.05");
    assertEquals(1, ended.status(), ended::output);
    assertTrue(ended.output().contains("thrown by prepare"), ended::output);
    assertTrue(ended.out().contains("cpu"), ended::output);
  }

  private static String name(Class<?> type) {
    return type.getSimpleName().toLowerCase();
  }
}
