package org.sepconv.select;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Problem;
import org.sepconv.Weights;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.cost.Prediction;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Part;
import org.sepconv.spi.ProfileSource;

/**
 * The backends of this process: found once, each device opened when it is first asked for, all
 * closed together. Thread-safe.
 */
public final class Backends implements AutoCloseable {
  private final Discovery discovery;
  private final OpenDevices devices;
  private final Profiles profiles;
  private final Selector selector;

  private Backends(
      BackendOptions options, Discovery discovery, List<ProfileSource> sources, TimeSource time) {
    discovery.checkOptions(options);
    this.discovery = discovery;
    this.devices = new OpenDevices(discovery, options);
    this.profiles = new Profiles(options, sources);
    this.selector = new Selector(devices, profiles, time);
  }

  /** The backends on the class path, with default options. */
  public static Backends discover() {
    return discover(BackendOptions.defaults());
  }

  /**
   * The backends on the class path. One that cannot be loaded, throws while it is probed or does
   * not answer within 30 seconds is reported as unavailable and never hides the others. {@code
   * SEPCONV_PROBE_SECONDS} in the environment, or the system property {@code sepconv.probeSeconds},
   * waits shorter or longer.
   *
   * @throws IllegalArgumentException if an option belongs to no backend that was found
   */
  public static Backends discover(BackendOptions options) {
    return new Backends(options, Discovery.ofServices(), Profiles.sources(), TimeSource.SYSTEM);
  }

  /** These backends and no others; nothing is looked up. */
  public static Backends of(BackendOptions options, List<ConvBackendProvider> providers) {
    return of(options, providers, List.of());
  }

  /** These backends, with profiles from these sources where they have them. */
  public static Backends of(
      BackendOptions options, List<ConvBackendProvider> providers, List<ProfileSource> sources) {
    return new Backends(options, Discovery.of(providers), sources, TimeSource.SYSTEM);
  }

  static Backends of(Discovery discovery) {
    return new Backends(BackendOptions.defaults(), discovery, List.of(), TimeSource.SYSTEM);
  }

  static Backends of(BackendOptions options, List<ConvBackendProvider> providers, TimeSource time) {
    return new Backends(options, Discovery.of(providers), List.of(), time);
  }

  /**
   * Every backend that was found, best rank first, the broken ones last; not those that are offered
   * only by name.
   */
  public List<BackendStatus> statuses() {
    return discovery.statuses();
  }

  /**
   * What each backend finds on this machine, in the order of {@link #statuses()}: more than whether
   * it is available, with what to do about it. One that fails at it is reported and hides nobody.
   */
  public List<Diagnosis> diagnose() {
    List<Diagnosis> all = new ArrayList<>();
    discovery.listed().forEach(backend -> all.add(Diagnosis.of(backend)));
    discovery.broken().forEach(status -> all.add(Diagnosis.broken(status)));
    return all;
  }

  /** Every device of every available backend. */
  public List<DeviceInfo> devices() {
    return devices.all();
  }

  /**
   * Opens a device, or returns it where it is open already. It belongs to this object: do not close
   * it.
   *
   * @param name a device's id ({@code opencl:1}), a backend's name for its first device ({@code
   *     cpu}), or a backend's name and a part of a device's name ({@code opencl:nvidia})
   * @throws IllegalArgumentException if no backend has this name, listing those there are
   * @throws BackendException if the backend is unavailable, or the device does not open; never
   *     another one instead
   */
  public ConvBackend backend(String name) {
    return devices.get(name);
  }

  /**
   * What the cost model knows of an opened device: what was measured there, if a {@link
   * ProfileSource} has it, or else what its backend estimates.
   */
  public DeviceProfile profile(ConvBackend backend) {
    return profiles.of(backend);
  }

  /**
   * What one run is predicted to take on an opened device that has the data. Of a graph the sum of
   * its nodes, each as the cost model predicts it; for those that the device refuses, the time on
   * the host, with the values moved there and back.
   */
  public Prediction predict(ConvBackend backend, Problem problem) {
    return Predictions.of(problem, backend, profile(backend));
  }

  /** The same of all parts of something prepared, each where it runs. */
  public List<Prediction> predict(ConvBackend backend, List<Part> parts) {
    return Predictions.of(parts, profile(backend));
  }

  /**
   * Chooses the device with the shortest predicted time, opening every available one.
   *
   * @throws BackendException if no device can run it, with every reason
   */
  public Selection select(Problem problem) {
    return select(problem, SelectionOptions.predicted());
  }

  /**
   * Chooses a device, predicted or measured.
   *
   * <p>A measured selection runs the problem on the two devices with the shortest predicted times,
   * and on a third if its prediction is not more than three times the shortest; whoever fails is
   * replaced by the next. Only one measures at a time. An answer that was kept opens the chosen
   * device and no other.
   *
   * @throws IllegalArgumentException if the device that has the data is unknown
   * @throws BackendException if no device can run it, with every reason
   */
  public Selection select(Problem problem, SelectionOptions how) {
    return selector.select(problem, how);
  }

  /**
   * The one-call form: selects by prediction, with the transfers from and to the host, prepares,
   * runs once, and cleans up.
   *
   * @param inputs values of each input in the order of its layout
   * @return the first output in its layout, in a new array
   */
  public float[] convolve(Problem problem, Weights weights, float[]... inputs) {
    SelectionOptions how = SelectionOptions.predicted().withData(DataLocation.host());
    return backend(select(problem, how).chosen().id()).convolve(problem, weights, inputs);
  }

  /** Closes every device that was opened; a failure of one does not keep the others open. */
  @Override
  public void close() {
    devices.close();
  }
}
