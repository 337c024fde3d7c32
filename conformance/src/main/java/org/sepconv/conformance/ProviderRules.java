package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.parallel.Isolated;
import org.sepconv.Layout;
import org.sepconv.cases.Checker;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.Outcome;
import org.sepconv.cases.ShapeCase;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;

/** How a backend is found and opened. Rules 601 to 604 hold also where it is unavailable. */
@Isolated("captures what is printed")
abstract class ProviderRules extends Rules {

  ProviderRules(Supplier<Subject> subject) {
    super(subject);
  }

  private ConvBackendProvider provider() {
    return subject().provider;
  }

  @Override
  @BeforeEach
  void requireDevice() {
    // A provider must behave where there is no device, too; rules that need one ask for it.
    subject().failIfRequired();
  }

  @Test
  @DisplayName("required 601: constructing a provider cannot fail, and is silent")
  void required_601_construct() throws Throwable {
    assertSilent(
        () -> {
          try {
            provider().getClass().getConstructor().newInstance();
          } catch (NoSuchMethodException missing) {
            throw new AssertionError(
                "ServiceLoader needs a public constructor without parameters", missing);
          } catch (InvocationTargetException failure) {
            throw new AssertionError("the constructor threw", failure.getCause());
          }
        });
  }

  @Test
  @DisplayName("required 602: probe is silent, throws nothing and says the same again")
  void required_602_probe() throws Throwable {
    assertSilent(
        () ->
            assertEquals(provider().probe(), provider().probe(), "two probes, one after another"));
  }

  private static void assertSilent(Executable action) throws Throwable {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(capture);
      System.setErr(capture);
      action.execute();
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    assertEquals("", printed.toString(StandardCharsets.UTF_8), "printed to the console");
  }

  @Test
  @DisplayName("required 603: the name is what a user types, and does not change")
  void required_603_name() {
    String name = provider().name();
    assertTrue(
        name.matches("[a-z][a-z0-9_-]*"),
        "'%s' is not a name of lower-case letters, digits, - and _".formatted(name));
    assertEquals(name, provider().name(), "name()");
    assertEquals(provider().rank(), provider().rank(), "rank()");
  }

  @Test
  @DisplayName("required 604: devices have ids of their own, and what is missing has a reason")
  void required_604_devices() {
    switch (provider().probe()) {
      case Availability.Unavailable(String reason, String remedy) -> {
        assertFalse(reason.isBlank(), "unavailable without a reason");
        assertFalse(remedy.isBlank(), "unavailable, and nothing that the user can do about it");
      }
      case Availability.Available available -> {
        Set<String> ids = new HashSet<>();
        for (DeviceInfo device : available.devices()) {
          String id = device.id();
          assertTrue(ids.add(id), "two devices have the id " + id);
          assertTrue(
              id.equals(provider().name()) || id.startsWith(provider().name() + ":"),
              "device id '%s' is neither %s nor starts with %s:"
                  .formatted(id, provider().name(), provider().name()));
          assertFalse(device.name().isBlank(), "device %s has no name".formatted(id));
        }
      }
    }
  }

  @Test
  @DisplayName("required 605: an unknown setting is refused, one of another backend is not")
  void required_605_settings() {
    subject().requireDevice();
    BackendOptions options = subject().options;
    BackendOptions unknown = options.with(provider().name() + ".no-such-setting", "1");
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> provider().open(subject().device(), unknown).close(),
            "an unknown setting must be refused");
    assertTrue(
        String.valueOf(refused.getMessage()).contains("no-such-setting"),
        "the message does not name the setting: " + refused.getMessage());
    String other = provider().name() + "x.setting";
    provider().open(subject().device(), options.with(other, "1")).close();
  }

  @Test
  @DisplayName("required 606: an opened backend says what it is")
  void required_606_description() {
    subject().requireDevice();
    ConvBackend backend = backend();
    assertEquals(subject().device().id(), backend.device().id(), "device().id()");
    assertFalse(backend.profile().source().isBlank(), "the profile does not say its source");
    for (ShapeCase shape : supported(Layout.NCHW)) {
      try (Running running = running(shape, DataKind.FLOATS, Layout.NCHW)) {
        assertFalse(running.prepared().kernel().isBlank(), "no kernel name for " + shape);
        assertEquals(shape.problem(Layout.NCHW), running.prepared().problem(), "problem()");
      }
    }
  }

  @Test
  @DisplayName("required 607: it runs with one thread and with more than there are processors")
  void required_607_threads() {
    subject().requireDevice();
    int processors = Runtime.getRuntime().availableProcessors();
    // Three are the fewest that leave a rest of most shapes, with one processor too.
    for (int threads : new TreeSet<>(List.of(1, 3, processors + 3))) {
      BackendOptions options = subject().options.withThreads(threads);
      try (ConvBackend backend = provider().open(subject().device(), options)) {
        for (ShapeCase shape : supported(Layout.NCHW)) {
          Outcome outcome =
              Checker.check(
                  backend, shape, Layout.NCHW, Layout.NCHW, DataKind.INTEGERS, subject().seed);
          assertFalse(
              outcome instanceof Outcome.Failed, () -> threads + " threads: " + shape + outcome);
        }
      }
    }
  }
}
