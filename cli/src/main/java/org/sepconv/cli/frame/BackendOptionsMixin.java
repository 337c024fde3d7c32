package org.sepconv.cli.frame;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sepconv.Problem;
import org.sepconv.select.Backends;
import org.sepconv.select.DataLocation;
import org.sepconv.select.FirstUse;
import org.sepconv.select.Selection;
import org.sepconv.select.SelectionMode;
import org.sepconv.select.SelectionOptions;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code --backend}, {@code --threads} and {@code --option}: on which backends a command runs. */
public final class BackendOptionsMixin {

  @Option(
      names = {"-b", "--backend"},
      paramLabel = "NAME",
      description =
          "Backend or device, as listed by 'sepconv devices': cpu, opencl:1, "
              + "opencl:nvidia. May be given several times where several backends make "
              + "sense.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "CPU threads that a run may use (default: the available processors).")
  private Optional<Integer> threads = Optional.empty();

  @Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description = "A setting of one backend: cpu.kernels=scalar, for instance.")
  private Map<String, String> properties = new LinkedHashMap<>();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * The one backend to run something on.
   *
   * @param selection empty if the user named it
   */
  public record Choice(ConvBackend backend, Optional<Selection> selection) {}

  /**
   * The options as backends take them.
   *
   * @throws IllegalArgumentException if the thread count is not positive
   */
  public BackendOptions options() {
    int processors = BackendOptions.defaults().threads();
    // Commands that measure warm up themselves; the others run once.
    return new BackendOptions(threads.orElse(processors), Duration.ZERO, properties);
  }

  /** {@code --threads} and {@code --option} as they were given, each after a space. */
  public String commandLine() {
    StringBuilder text = new StringBuilder();
    threads.ifPresent(count -> text.append(" --threads ").append(count));
    properties.forEach(
        (key, value) -> text.append(" --option ").append(key).append('=').append(value));
    return text.toString();
  }

  /** The backends there are, with these options. The caller closes them. */
  public Backends discover() {
    return TopCommand.of(command).discover(options());
  }

  /** The same, with kernels that are compiled when something is prepared: for many short trials. */
  public Backends discoverWarm() {
    return discoverWarm(BackendOptions.defaults().warmUp());
  }

  /**
   * The same with another time that compiling may take. It ends when runs do not become faster any
   * more; where others keep the machine busy, the JVM's compiler takes many times as long.
   */
  public Backends discoverWarm(Duration most) {
    return TopCommand.of(command).discover(options().withWarmUp(most));
  }

  /** Whether the user named backends; otherwise all are meant, or the best one. */
  public boolean named() {
    return !names.isEmpty();
  }

  /** Whether the user gave settings of backends. */
  public boolean hasSettings() {
    return !properties.isEmpty();
  }

  /** What the user named, in that order. */
  public List<String> names() {
    return List.copyOf(names);
  }

  /** The ids of the named devices, opened; without names those of all available ones, unopened. */
  public List<String> deviceIds(Backends backends) {
    return named()
        ? names.stream().map(name -> backends.backend(name).device().id()).distinct().toList()
        : backends.devices().stream().map(DeviceInfo::id).toList();
  }

  /**
   * The same, at least one.
   *
   * @throws BackendException if no backend is available
   */
  public List<String> requireDeviceIds(Backends backends) {
    List<String> ids = deviceIds(backends);
    if (ids.isEmpty()) {
      throw noneAvailable();
    }
    return ids;
  }

  /** What a command that needs a backend says where there is none. */
  public static BackendException noneAvailable() {
    return new BackendException(
        "backends", "none is available; 'sepconv devices' says what to do about it");
  }

  /**
   * The one backend to run {@code problem} on: the named one, or the one that selection picks for
   * data that is on the host.
   *
   * @throws IllegalArgumentException if several were named, or one was although selection is asked
   *     for
   */
  public ConvBackend choose(Backends backends, Problem problem, SelectionMixin selection) {
    return choice(backends, problem, selection, DataLocation.host()).backend();
  }

  /**
   * The same with the selection, if there was one, for data that is anywhere.
   *
   * @throws IllegalArgumentException if several were named, or one was although selection is asked
   *     for
   */
  public Choice choice(
      Backends backends, Problem problem, SelectionMixin selection, DataLocation data) {
    refuseNamed(selection);
    if (names.size() > 1) {
      throw new IllegalArgumentException(
          "%d backends are named, but this command runs on one: %s".formatted(names.size(), names));
    }
    if (named()) {
      return new Choice(backends.backend(names.getFirst()), Optional.empty());
    }
    Selection chosen = select(backends, problem, selection.options(data));
    return new Choice(backends.backend(chosen.chosen().id()), Optional.of(chosen));
  }

  /**
   * What selection picks. What {@code backends} prepare is run once, or warmed up by the command;
   * but what is tried must be fast from the start, so trials and calibrations have backends of
   * their own.
   */
  public Selection select(Backends backends, Problem problem, SelectionOptions how) {
    if (how.mode() == SelectionMode.PREDICTED && how.firstUse() == FirstUse.ESTIMATE) {
      return backends.select(problem, how);
    }
    Duration usual = BackendOptions.defaults().warmUp();
    try (Backends warm = TopCommand.of(command).discover(options().withWarmUp(usual))) {
      return warm.select(problem, how);
    }
  }

  /**
   * Refuses to select where there is nothing to select from.
   *
   * @throws IllegalArgumentException if backends are named and selection is asked for
   */
  public void refuseNamed(SelectionMixin selection) {
    if (named() && selection.given()) {
      throw new IllegalArgumentException(
          "--select chooses among all backends, but --backend names %s; leave one of the two out"
              .formatted(String.join(", ", names)));
    }
  }
}
