package org.sepconv.cli.calibrate;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.sepconv.cache.CacheFolder;
import org.sepconv.calibration.Calibration;
import org.sepconv.calibration.ProfileKey;
import org.sepconv.calibration.ProfileStore;
import org.sepconv.calibration.Rounds;
import org.sepconv.calibration.StoredProfile;
import org.sepconv.cli.frame.BackendOptionsMixin;
import org.sepconv.cli.frame.Errors;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.OptionChecks;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.cli.text.Numbers;
import org.sepconv.cli.text.Progress;
import org.sepconv.cost.Calibrated.Transfer;
import org.sepconv.cost.Ceilings;
import org.sepconv.cost.Ceilings.Bandwidth;
import org.sepconv.cost.Ceilings.Level;
import org.sepconv.files.AtomicFile;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.ConvBackend;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sepconv calibrate}: measures devices, so that predictions are about them. */
@Command(
    name = "calibrate",
    header = "Measure each device once, so that predicted times are true here.",
    description =
        "Runs a designed set of operations on every available device, or on the named ones, and"
            + " keeps the times for the cost model. They hold until the device, its driver, the"
            + " threads, a setting, the JDK or the library's version change. Leave the machine alone"
            + " meanwhile; 'sepconv accuracy' says how true the predictions are.")
public final class CalibrateCommand implements Callable<Integer> {

  /** What to do instead of measuring. */
  private static final class Instead {
    @Option(names = "--list", description = "List the profiles that are kept; measure nothing.")
    private boolean list;

    @Option(names = "--clear", description = "Forget all profiles; measure nothing.")
    private boolean clear;
  }

  @ArgGroup private Instead instead = new Instead();

  @Option(
      names = "--time",
      paramLabel = "SECONDS",
      description = "How long to measure each device, about (default: 50; with --brief 3).")
  private Optional<Double> seconds = Optional.empty();

  @Option(
      names = "--brief",
      description =
          "Measure only what bounds every run, and a few typical operations: rough "
              + "predictions, for now.")
  private boolean brief;

  @Option(
      names = "--profiles",
      paramLabel = "auto|FOLDER",
      defaultValue = "auto",
      description =
          "Where profiles are kept: auto, in $SEPCONV_CACHE or the user's cache "
              + "folder. Java finds others with -Dsepconv.profiles=FOLDER (default: "
              + "${DEFAULT-VALUE}).")
  private String folder;

  @Mixin private BackendOptionsMixin backendOptions;
  @Mixin private OutputMixin output;

  /**
   * A profile.
   *
   * @param problem why it cannot be used, or empty
   * @param ceilings what bounds every run; absent where there is a problem
   * @param transfer to the device or back; absent where there is a problem
   * @param inNetworks how many times as long operations take in a network as alone; absent where
   *     none was measured
   * @param skipped operations that could not be measured
   */
  record Entry(
      String device,
      String name,
      int threads,
      int operations,
      String measuredAt,
      boolean brief,
      String file,
      String problem,
      Optional<CeilingsEntry> ceilings,
      Optional<Transfer> transfer,
      Optional<Double> inNetworks,
      List<String> skipped) {}

  /**
   * What bounds every run.
   *
   * @param flops FLOP/s of large products
   * @param levels caches and memory, found in the bandwidths
   */
  record CeilingsEntry(
      double launchSeconds,
      double flops,
      List<Level> levels,
      List<Bandwidth> bandwidths,
      List<Bandwidth> weights,
      Map<String, Double> perValue) {
    static CeilingsEntry of(Ceilings ceilings) {
      return new CeilingsEntry(
          ceilings.launchSeconds(),
          ceilings.flops(),
          ceilings.levels(),
          ceilings.bandwidths(),
          ceilings.weights(),
          new TreeMap<>(ceilings.perValue()));
    }
  }

  @Override
  public Integer call() throws IOException {
    seconds.ifPresent(given -> OptionChecks.requireSeconds("--time", given));
    ProfileStore store = ProfileStore.in(folder());
    PrintWriter out = output.text();
    if (instead.clear) {
      int count = store.clear();
      out.printf("%d %s forgotten%n", count, count == 1 ? "profile" : "profiles");
      out.flush();
      output.json(List.of());
      return ExitStatus.OK;
    }
    if (!instead.list) {
      AtomicFile.checkFolder(folder());
    }
    List<Entry> entries = instead.list ? listed(store) : calibrate(store);
    print(entries, out);
    output.json(entries);
    boolean failed = !instead.list && entries.stream().anyMatch(entry -> !entry.problem.isEmpty());
    return failed ? ExitStatus.FAILED : ExitStatus.OK;
  }

  private Path folder() {
    try {
      return folder.equals("auto") ? CacheFolder.user() : Path.of(folder);
    } catch (InvalidPathException wrong) {
      throw new IllegalArgumentException("--profiles: " + wrong.getMessage(), wrong);
    }
  }

  private static List<Entry> listed(ProfileStore store) throws IOException {
    return store.list().stream()
        .map(
            entry ->
                entry
                    .profile()
                    .map(
                        profile ->
                            entry(profile, profile.key().fingerprint(), entry.file(), List.of()))
                    .orElseGet(() -> unusable("", "", entry.file().toString(), entry.problem())))
        .toList();
  }

  private List<Entry> calibrate(ProfileStore store) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (Backends backends = backendOptions.discoverWarm()) {
      List<String> ids = backendOptions.requireDeviceIds(backends);
      for (String id : ids) {
        try {
          entries.add(calibrate(backends.backend(id), store));
        } catch (BackendException failure) {
          entries.add(unusable(id, "", "", Errors.describe(failure, id)));
        }
      }
    }
    return entries;
  }

  private Entry calibrate(ConvBackend backend, ProfileStore store) throws IOException {
    double usual = (brief ? Calibration.BRIEF : Calibration.USUAL).toSeconds();
    Duration budget = Duration.ofNanos(Math.round(seconds.orElse(usual) * 1e9));
    String id = backend.device().id();
    try (Progress progress = Progress.start("calibrate " + id, budget.toMillis(), " ms")) {
      Calibration calibration = new Calibration(backend, backendOptions.options().threads());
      Rounds.Progress shown = (done, what) -> progress.show(done / 1_000_000, what);
      Calibration.Result result =
          brief ? calibration.runBriefly(budget, shown) : calibration.run(budget, shown);
      StoredProfile profile =
          new StoredProfile(
              ProfileKey.of(backend.device(), backendOptions.options()),
              Instant.now().truncatedTo(ChronoUnit.SECONDS),
              brief,
              result.model());
      return entry(profile, backend.device().name(), save(profile, store), result.skipped());
    }
  }

  private Path save(StoredProfile profile, ProfileStore store) throws IOException {
    try {
      return store.save(profile);
    } catch (IOException failure) {
      throw new IOException(
          "cannot keep a profile in %s: %s".formatted(folder(), AtomicFile.reason(failure)),
          failure);
    }
  }

  private static Entry entry(StoredProfile profile, String name, Path file, List<String> skipped) {
    return new Entry(
        profile.key().device(),
        name,
        profile.key().threads(),
        profile.model().observations().size(),
        profile.measuredAt().toString(),
        profile.brief(),
        file.toString(),
        "",
        Optional.of(CeilingsEntry.of(profile.model().ceilings())),
        profile.model().transfer(),
        Optional.of(profile.model().inNetworks()).filter(times -> times != 1),
        skipped);
  }

  private static Entry unusable(String device, String name, String file, String problem) {
    return new Entry(
        device,
        name,
        0,
        0,
        "",
        false,
        file,
        problem,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static void print(List<Entry> entries, PrintWriter out) {
    if (entries.isEmpty()) {
      out.println("no profiles; 'sepconv calibrate' makes them");
    }
    for (Entry entry : entries) {
      if (!entry.problem.isEmpty()) {
        String remedy = entry.file.isEmpty() ? "" : "; 'sepconv calibrate' makes it anew";
        out.printf("%s  FAILED: %s%s%n", entry.device + entry.file, entry.problem, remedy);
        continue;
      }
      out.printf(
          "%s  %d operations, %d %s, %s%s%n  %s%n  %s%n",
          entry.device,
          entry.operations,
          entry.threads,
          entry.threads == 1 ? "thread" : "threads",
          entry.measuredAt,
          entry.brief ? ", brief" : "",
          entry.name,
          entry.file);
      entry.ceilings.ifPresent(ceilings -> print(ceilings, out));
      entry.transfer.ifPresent(
          transfer ->
              out.printf(
                  "  transfer   %s us and %s GB/s%n",
                  Numbers.significant(transfer.seconds() * 1e6),
                  Numbers.significant(transfer.bandwidth() / 1e9)));
      entry.inNetworks.ifPresent(
          times ->
              out.printf(
                  "  networks   take %s times as long as their operations alone%n",
                  Numbers.significant(times)));
      entry.skipped.forEach(skipped -> out.printf("  skipped %s%n", skipped));
    }
    out.flush();
  }

  private static void print(CeilingsEntry ceilings, PrintWriter out) {
    out.printf("  launch     %s us%n", Numbers.significant(ceilings.launchSeconds * 1e6));
    out.printf("  computing  %s GFLOP/s%n", Numbers.significant(ceilings.flops / 1e9));
    for (Level level : ceilings.levels) {
      out.printf(
          "  %-9s  %s GB/s up to %s MB%n",
          level.name(),
          Numbers.significant(level.bytesPerSecond() / 1e9),
          Numbers.significant(level.bytes() / 1e6));
    }
    if (!ceilings.weights.isEmpty()) {
      Bandwidth few = ceilings.weights.getFirst();
      Bandwidth many = ceilings.weights.getLast();
      out.printf(
          "  weights    %s GB/s where all are %s MB, %s where they are %s%n",
          Numbers.significant(few.bytesPerSecond() / 1e9),
          Numbers.significant(few.bytes() / 1e6),
          Numbers.significant(many.bytesPerSecond() / 1e9),
          Numbers.significant(many.bytes() / 1e6));
    }
    ceilings.perValue.forEach(
        (name, seconds) ->
            out.printf("  %-17s  %s ns a value%n", name, Numbers.significant(seconds * 1e9)));
  }
}
