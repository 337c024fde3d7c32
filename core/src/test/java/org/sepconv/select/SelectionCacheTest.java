package org.sepconv.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sepconv.select.Devices.CONV;
import static org.sepconv.select.Devices.PROBLEM;
import static org.sepconv.select.Devices.SPEC;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cache.DiskCache;
import org.sepconv.cost.Prediction;
import org.sepconv.cost.Term;
import org.sepconv.select.Selection.Candidate;
import org.sepconv.select.Selection.Verdict;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.FakeBackend;

class SelectionCacheTest {
  private static final Answer ANSWER =
      new Answer(
          Instant.parse("2026-03-01T12:00:00Z"),
          "gpu:0",
          List.of(
              new Candidate(
                  "cpu",
                  new Verdict.NotTried(
                      new Prediction(1, "a", List.of(new Term("b", 2.5e-7)), "a = b"),
                      "far\nbehind")),
              new Candidate(
                  "gpu:0",
                  new Verdict.Measured(new Prediction(1e-3, "é", List.of(), "é:"), 2.5e-3, 7)),
              new Candidate("odd", new Verdict.Unsupported("too # wide"))));

  @TempDir private Path folder;

  private final Devices devices = new Devices().add("cpu", 1, 3).add("gpu", 2, 2);
  private final SelectionCache cache = SelectionCache.inMemory();

  private SelectionOptions how(SelectionCache kept) {
    return SelectionOptions.measured().withCache(kept);
  }

  private SelectionOptions onDisk() {
    return how(SelectionCache.in(folder));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  /** Whether this selection held a trial. */
  private boolean tries(Backends backends, Problem problem, SelectionOptions how) {
    double before = devices.time.milliseconds();
    backends.select(problem, how);
    return devices.time.milliseconds() > before;
  }

  private boolean tries(SelectionOptions how) {
    return tries(devices.discover(), PROBLEM, how);
  }

  @Test
  void aSecondSelectionRemembersTheFirst() {
    Backends backends = devices.discover();
    Selection first = backends.select(PROBLEM, how(cache));
    devices.time.date("2026-04-01T12:00:00Z");
    double before = devices.time.milliseconds();
    Selection second = backends.select(PROBLEM, how(cache));
    assertEquals(before, devices.time.milliseconds(), "nothing ran");
    assertEquals(first.chosen(), second.chosen());
    assertEquals(first.candidates(), second.candidates());
    assertEquals("shortest measured time, cached since 2026-03-01T12:00:00Z", second.reason());
  }

  @Test
  void anotherProcessFindsItOnDiskAndOpensOnlyWhatWasChosen() throws IOException {
    Selection first = devices.discover().select(PROBLEM, onDisk());
    assertEquals(1, files().size());
    Selection second = devices.discover().select(PROBLEM, onDisk());
    assertEquals(List.of("gpu"), devices.opened());
    assertEquals(0, devices.get("gpu").runs());
    assertEquals(first.chosen(), second.chosen());
    assertEquals(first.candidates(), second.candidates());
    assertTrue(second.reason().endsWith("cached since 2026-03-01T12:00:00Z"), second.reason());
  }

  @Test
  void offKeepsNothing() throws IOException {
    SelectionOptions how = how(SelectionCache.off());
    Backends backends = devices.discover();
    assertTrue(tries(backends, PROBLEM, how));
    assertTrue(tries(backends, PROBLEM, how));
  }

  @Test
  void clearingForgetsMemoryAndDisk() throws IOException {
    SelectionOptions how = onDisk();
    assertTrue(tries(how));
    assertFalse(tries(how));
    how.cache().clear();
    assertEquals(List.of(), files());
    assertTrue(tries(how));
  }

  @Test
  void everyChangeOfTheQuestionIsAnotherOne() {
    Backends backends = devices.discover();
    assertTrue(tries(backends, PROBLEM, how(cache)));
    List<Convolution> others =
        List.of(
            CONV.toBuilder().bias().build(),
            CONV.toBuilder().relu6().build(),
            Conv2d.pointwise(10, 11).build(),
            CONV.toBuilder().stride(2).build());
    for (Convolution other : others) {
      assertTrue(tries(backends, Problem.of(other, SPEC), how(cache)), other::toString);
      assertFalse(tries(backends, Problem.of(other, SPEC), how(cache)), other::toString);
    }
    for (TensorSpec other :
        List.of(
            TensorSpec.nhwc(SPEC.shape()),
            TensorSpec.nchw(SPEC.shape().withBatch(2)),
            TensorSpec.nchw(Shape.of(10, 5, 2)))) {
      assertTrue(tries(backends, Problem.of(CONV, other), how(cache)), other::toString);
    }
    for (DataLocation other :
        List.of(DataLocation.host(), DataLocation.device("cpu"), DataLocation.device("gpu"))) {
      assertTrue(tries(backends, PROBLEM, how(cache).withData(other)), other::toString);
    }
    double before = devices.time.milliseconds();
    backends.select(Problem.of(CONV, SPEC, Layout.NHWC), how(cache));
    assertTrue(devices.time.milliseconds() > before, "another layout of the output");
    assertFalse(tries(backends, PROBLEM, how(cache)));
  }

  @Test
  void everyChangeOfTheSettingsIsAnotherQuestion() {
    assertTrue(tries(how(cache)));
    BackendOptions usual = BackendOptions.defaults();
    List<BackendOptions> others =
        List.of(usual.withThreads(usual.threads() + 1), usual.with("cpu.kernels", "scalar"));
    for (BackendOptions other : others) {
      assertTrue(tries(devices.discover(other), PROBLEM, how(cache)), other::toString);
    }
    assertFalse(tries(how(cache)));
  }

  @Test
  void everyChangeOfTheDevicesIsAnotherQuestion() {
    Map<String, String> properties = new java.util.TreeMap<>(Map.of("driver", "1", "clock", "1"));
    FakeProvider card =
        new FakeProvider("card", 9)
            .probing(
                () ->
                    new Availability.Available(
                        List.of(new DeviceInfo("card", "Falcon", properties))))
            .opening(device -> new FakeBackend(device.id(), 1e3));
    assertTrue(tries(how(cache)));
    devices.add("card", card);
    assertTrue(tries(how(cache)), "one more device");
    assertFalse(tries(how(cache)));
    properties.put("driver", "2");
    assertTrue(tries(how(cache)), "a new driver");
    properties.put("clock", "2");
    assertFalse(tries(how(cache)), "the clock of the moment");
  }

  @Test
  void damagedEntriesAreMeasuredAgainAndReplaced() throws IOException {
    assertTrue(tries(onDisk()));
    Path file = files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 20, 60, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertTrue(tries(onDisk()), length + " bytes left");
      assertFalse(tries(onDisk()), "replaced");
    }
  }

  @Test
  void anEntryThatMakesNoSenseIsRemoved() throws IOException {
    String text = ANSWER.format("key");
    List<String> nonsense =
        List.of(
            "",
            "\\u12",
            text.replace("chosen=gpu\\:0", "chosen=cpu"),
            text.replace("candidates=3", "candidates=4"),
            text.replace("candidates=3", "candidates=x"),
            text.replace("measured-at=2026", "measured-at=soon"),
            text.replace("seconds=0.0025", "seconds=NaN"),
            text.replace("verdict=measured", "verdict=guessed"),
            text.replace("key=key", "key=other"));
    DiskCache disk = new DiskCache(Optional.of(folder), "selection-v2", 10);
    for (String content : nonsense) {
      assertFalse(content.equals(text));
      disk.write("key", content.getBytes(StandardCharsets.UTF_8));
      assertEquals(Optional.empty(), SelectionCache.in(folder).find("key"), content);
      assertEquals(List.of(), files());
    }
  }

  @Test
  void anAnswerSurvivesTheDisk() {
    SelectionCache.in(folder).keep("key = é\nline", ANSWER);
    assertEquals(Optional.of(ANSWER), SelectionCache.in(folder).find("key = é\nline"));
    assertEquals(Optional.empty(), SelectionCache.in(folder).find("other"));
  }

  @Test
  void anAnswerWithFailuresIsNotForTheNextProcess() throws IOException {
    AtomicBoolean failing = new AtomicBoolean(true);
    devices.add(
        "flaky",
        1,
        1,
        backend ->
            backend.onPrepare(
                () -> {
                  if (failing.get()) {
                    throw new BackendException("flaky", "busy");
                  }
                }));
    SelectionOptions how = onDisk();
    assertTrue(tries(how));
    assertEquals(List.of(), files());
    assertFalse(tries(how), "but this one need not try again");
    failing.set(false);
    assertEquals("flaky", devices.discover().select(PROBLEM, onDisk()).chosen().id());
    assertEquals(1, files().size());
  }

  @Test
  void whatWasChosenButFailsNowIsChosenAnew() throws IOException {
    AtomicBoolean gone = new AtomicBoolean();
    FakeProvider card =
        new FakeProvider("card", 9, "card")
            .opening(
                device -> {
                  if (gone.get()) {
                    throw new BackendException(device.id(), "in use");
                  }
                  return new FakeBackend(device.id(), 2e6).onRun(devices.time.taking(1));
                });
    devices.add("card", card);
    assertEquals("card", devices.discover().select(PROBLEM, onDisk()).chosen().id());
    gone.set(true);
    Selection selection = devices.discover().select(PROBLEM, onDisk());
    assertEquals("gpu", selection.chosen().id());
    assertEquals("shortest measured time", selection.reason());
    assertEquals(List.of(), files(), "neither the old answer nor one with a failure");
  }

  @Test
  void aFolderThatCannotBeWrittenIsNoError() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    SelectionOptions how = how(SelectionCache.in(file));
    assertTrue(tries(how));
    assertFalse(tries(how), "in memory");
    how.cache().clear();
  }

  @Test
  void manyWritersAndReadersSeeWholeAnswersOnly() throws Exception {
    List<Answer> answers = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      Prediction prediction = new Prediction(i, "x", List.of(), "x".repeat(1000 * i));
      answers.add(
          new Answer(
              Instant.EPOCH,
              "a",
              List.of(new Candidate("a", new Verdict.Measured(prediction, i, i)))));
    }
    SelectionCache.in(folder).keep("key", answers.getFirst());
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (Answer answer : answers) {
      tasks.add(
          () -> {
            boolean whole = true;
            for (int i = 0; i < 50; i++) {
              SelectionCache.in(folder).keep("key", answer);
              Optional<Answer> found = SelectionCache.in(folder).find("key");
              whole &= found.isPresent() && answers.contains(found.get());
            }
            return whole;
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
      for (Future<Boolean> task : threads.invokeAll(tasks)) {
        assertTrue(task.get());
      }
    }
    assertEquals(1, files().size(), "no temporary file is left");
  }

  @Test
  void onlyOneThreadMeasures() throws Exception {
    AtomicInteger prepared = new AtomicInteger();
    devices.add("third", 1, 1, backend -> backend.onPrepare(prepared::incrementAndGet));
    Backends backends = devices.discover();
    Callable<String> task = () -> backends.select(PROBLEM, how(cache)).chosen().id();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<String> answer : threads.invokeAll(List.of(task, task, task, task))) {
        assertEquals("third", answer.get());
      }
    }
    assertEquals(1, prepared.get());
  }
}
