package org.sepconv.select;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sepconv.Problem;
import org.sepconv.cost.Prediction;
import org.sepconv.select.Selection.Candidate;
import org.sepconv.select.Selection.Verdict;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Support;

/** Asks every device about a convolution, and chooses one. Thread-safe. */
final class Selector {

  /** These are tried whatever their predictions: the model may be wrong about either. */
  private static final int ALWAYS_TRIED = 2;

  private static final int MOST_TRIED = 3;

  /** A prediction beyond this many times the shortest is not worth a trial. */
  private static final double WORTH_TRYING = 3;

  private final OpenDevices devices;
  private final Profiles profiles;
  private final TimeSource time;
  private final Object trials = new Object();

  Selector(OpenDevices devices, Profiles profiles, TimeSource time) {
    this.devices = devices;
    this.profiles = profiles;
    this.time = time;
  }

  /** A device that can run it. */
  private record Ranked(DeviceInfo device, Prediction prediction) {
    double seconds() {
      return prediction.seconds();
    }
  }

  Selection select(Problem problem, SelectionOptions how) {
    Objects.requireNonNull(problem, "problem");
    Optional<ConvBackend> holder =
        how.data() instanceof DataLocation.Device(String name)
            ? Optional.of(devices.get(name))
            : Optional.empty();
    boolean fromHost = how.data() instanceof DataLocation.Host;
    Question question = new Question(problem, holder, fromHost);
    return switch (how.mode()) {
      case PREDICTED -> predict(question, how);
      case MEASURED -> measure(question, how);
    };
  }

  private Selection predict(Question question, SelectionOptions how) {
    calibrate(how);
    Map<DeviceInfo, Verdict> verdicts = askAll(question);
    List<Ranked> ranked = ranked(question, verdicts);
    String reason = "shortest predicted time" + (restsOnEstimates(ranked) ? ", by estimates" : "");
    return selection(question, ranked.getFirst().device, reason, verdicts);
  }

  private boolean restsOnEstimates(List<Ranked> ranked) {
    return ranked.stream()
        .map(each -> devices.get(each.device.id()))
        .anyMatch(backend -> profiles.of(backend).calibrated().isEmpty());
  }

  private Selection measure(Question question, SelectionOptions how) {
    String key = key(question);
    Optional<Selection> kept = kept(question, key, how.cache());
    if (kept.isPresent()) {
      return kept.get();
    }
    synchronized (trials) { // two at once would disturb each other
      return kept(question, key, how.cache()).orElseGet(() -> tryOut(question, key, how));
    }
  }

  private Optional<Selection> kept(Question question, String key, SelectionCache cache) {
    Optional<Answer> answer = cache.find(key);
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Verdict> byId =
        answer.get().candidates().stream()
            .collect(Collectors.toMap(Candidate::id, Candidate::verdict));
    Map<DeviceInfo, Verdict> verdicts = new LinkedHashMap<>();
    Optional<DeviceInfo> chosen = Optional.empty();
    for (DeviceInfo device : devices.all()) {
      verdicts.put(device, byId.getOrDefault(device.id(), new Verdict.Unsupported("not asked")));
      if (device.id().equals(answer.get().chosen())
          && ask(device, question) instanceof Verdict.Predicted) {
        chosen = Optional.of(device);
      }
    }
    if (chosen.isEmpty()) {
      cache.forget(key); // it can no longer do what it did
      return Optional.empty();
    }
    String reason =
        "shortest measured time, cached since "
            + answer.get().measuredAt().truncatedTo(ChronoUnit.SECONDS);
    return Optional.of(selection(question, chosen.get(), reason, verdicts));
  }

  private Selection tryOut(Question question, String key, SelectionOptions how) {
    calibrate(how);
    Map<DeviceInfo, Verdict> verdicts = askAll(question);
    List<Ranked> waiting = new ArrayList<>(ranked(question, verdicts));
    if (waiting.size() == 1) {
      DeviceInfo only = waiting.getFirst().device;
      return selection(question, only, "the only one that can run it", verdicts);
    }
    double shortest = waiting.getFirst().seconds();
    Optional<Contestant> winner = Optional.empty();
    while (winner.isEmpty() && !waiting.isEmpty()) {
      List<Ranked> tried = worthTrying(waiting);
      waiting.removeAll(tried);
      winner = race(tried, question, how, verdicts);
    }
    for (Ranked spared : waiting) {
      verdicts.put(spared.device, notTried(spared.prediction, shortest));
    }
    if (winner.isEmpty()) {
      throw nobody(question, verdicts);
    }
    String chosen = winner.get().id();
    cache(key, chosen, verdicts, how.cache());
    DeviceInfo device =
        verdicts.keySet().stream().filter(each -> each.id().equals(chosen)).findFirst().get();
    return selection(question, device, "shortest measured time", verdicts);
  }

  /**
   * Calibrates what was not, where that is wanted: one device at a time, and no trial beside it.
   */
  private void calibrate(SelectionOptions how) {
    if (how.firstUse() == FirstUse.ESTIMATE) {
      return;
    }
    synchronized (trials) {
      for (DeviceInfo device : devices.all()) {
        try {
          profiles.calibrate(devices.get(device.id()));
        } catch (BackendException _) {
          // It does not open, which its verdict will say.
        }
      }
    }
  }

  private static List<Ranked> worthTrying(List<Ranked> ranked) {
    double limit = WORTH_TRYING * ranked.getFirst().seconds();
    List<Ranked> worth = new ArrayList<>();
    for (Ranked candidate : ranked.subList(0, Math.min(MOST_TRIED, ranked.size()))) {
      if (worth.size() < ALWAYS_TRIED || candidate.seconds() <= limit) {
        worth.add(candidate);
      }
    }
    return worth;
  }

  /** Tries these, and says of each what became of it. */
  private Optional<Contestant> race(
      List<Ranked> tried,
      Question question,
      SelectionOptions how,
      Map<DeviceInfo, Verdict> verdicts) {
    List<Contestant> contestants =
        tried.stream()
            .map(candidate -> new Contestant(devices.get(candidate.device.id()), time))
            .toList();
    new Trial(contestants, how.trialTime()).hold(question);
    for (int i = 0; i < contestants.size(); i++) {
      Contestant contestant = contestants.get(i);
      Prediction prediction = tried.get(i).prediction;
      verdicts.put(
          tried.get(i).device,
          contestant
              .failure()
              .<Verdict>map(Verdict.Failed::new)
              .orElseGet(
                  () ->
                      new Verdict.Measured(prediction, contestant.seconds(), contestant.rounds())));
    }
    return contestants.stream()
        .filter(contestant -> contestant.failure().isEmpty())
        .min(Comparator.comparingDouble(Contestant::seconds));
  }

  private static Verdict notTried(Prediction prediction, double shortest) {
    double times = prediction.seconds() / shortest;
    return new Verdict.NotTried(
        prediction, String.format(Locale.ROOT, "its prediction is %.1f times the shortest", times));
  }

  private void cache(
      String key, String chosen, Map<DeviceInfo, Verdict> verdicts, SelectionCache cache) {
    List<Candidate> candidates = new ArrayList<>();
    verdicts.forEach((device, verdict) -> candidates.add(new Candidate(device.id(), verdict)));
    cache.keep(key, new Answer(time.now(), chosen, candidates));
  }

  private String key(Question question) {
    return String.join(
        "\n",
        "sepconv " + OpenDevices.version(Selector.class),
        String.join(
            ", ",
            System.getProperty("java.vm.name"),
            Runtime.version().toString(),
            System.getProperty("os.name"),
            System.getProperty("os.arch")),
        question.toString(),
        devices.fingerprint());
  }

  /** The verdict on every device, in the order of the ranks of their backends. */
  private Map<DeviceInfo, Verdict> askAll(Question question) {
    Map<DeviceInfo, Verdict> verdicts = new LinkedHashMap<>();
    for (DeviceInfo device : devices.all()) {
      verdicts.put(device, ask(device, question));
    }
    return verdicts;
  }

  private Verdict ask(DeviceInfo device, Question question) {
    ConvBackend backend;
    try {
      backend = devices.get(device.id());
    } catch (BackendException failure) {
      return new Verdict.Unavailable(String.valueOf(failure.getMessage()), "");
    }
    try {
      return switch (backend.supports(question.problem())) {
        case Support.No(String reason) -> new Verdict.Unsupported(reason);
        case Support.Yes _ ->
            new Verdict.Predicted(Transfers.predict(question, backend, profiles::of));
      };
    } catch (RuntimeException | LinkageError | AssertionError failure) {
      return new Verdict.Failed("when it was asked: " + failure);
    }
  }

  /** Those that can run it, the shortest prediction first; among equals the better rank. */
  private List<Ranked> ranked(Question question, Map<DeviceInfo, Verdict> verdicts) {
    List<Ranked> ranked = new ArrayList<>();
    verdicts.forEach(
        (device, verdict) -> {
          if (verdict instanceof Verdict.Predicted(Prediction prediction)) {
            ranked.add(new Ranked(device, prediction));
          }
        });
    if (ranked.isEmpty()) {
      throw nobody(question, verdicts);
    }
    ranked.sort(Comparator.comparingDouble(Ranked::seconds));
    return ranked;
  }

  private BackendException nobody(Question question, Map<DeviceInfo, Verdict> verdicts) {
    return new BackendException(
        "select",
        "no backend can run "
            + question.problem().operation()
            + " on "
            + question.problem().source()
            + ": "
            + candidates(verdicts).stream()
                .map(Candidate::toString)
                .collect(Collectors.joining("; ")));
  }

  private Selection selection(
      Question question, DeviceInfo chosen, String reason, Map<DeviceInfo, Verdict> verdicts) {
    return new Selection(question.problem(), chosen, reason, candidates(verdicts));
  }

  /** The verdicts, with the backends that have no devices in their places. */
  private List<Candidate> candidates(Map<DeviceInfo, Verdict> verdicts) {
    List<Candidate> candidates = new ArrayList<>();
    for (BackendStatus status : devices.statuses()) {
      switch (status.availability()) {
        case Availability.Unavailable(String reason, String remedy) ->
            candidates.add(new Candidate(status.name(), new Verdict.Unavailable(reason, remedy)));
        case Availability.Available(List<DeviceInfo> available) ->
            available.forEach(
                device ->
                    candidates.add(
                        new Candidate(device.id(), Objects.requireNonNull(verdicts.get(device)))));
      }
    }
    return candidates;
  }
}
