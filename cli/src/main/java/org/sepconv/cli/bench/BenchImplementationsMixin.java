package org.sepconv.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sepconv.bench.implementation.BackendImplementation;
import org.sepconv.bench.implementation.Implementation;
import org.sepconv.bench.implementation.Implementations;
import org.sepconv.cli.frame.BackendOptionsMixin;
import org.sepconv.select.Backends;
import org.sepconv.spi.DeviceInfo;
import picocli.CommandLine.Option;

/** {@code --peers}, and with {@code --backend} what a benchmark measures. */
final class BenchImplementationsMixin {
  private static final String ALL = "all";

  @Option(
      names = "--peers",
      paramLabel = "NAME",
      arity = "0..1",
      split = ",",
      fallbackValue = ALL,
      description =
          "Measure these engines too, and compare with the fastest of them: "
              + "onnxruntime, onednn, pytorch; all of them where no name is given.")
  private List<String> peers = List.of();

  /**
   * What to measure.
   *
   * @param notes which peers are left out, and why
   */
  record Chosen(List<Implementation> implementations, List<String> notes) {}

  /**
   * The backends that the user named, or all available ones, and the peers.
   *
   * @throws IllegalArgumentException if there is no such backend or peer
   * @throws org.sepconv.spi.BackendException if a backend that was named is unavailable
   */
  Chosen choose(BackendOptionsMixin backendOptions) {
    List<Implementation> peersThere = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (String name : peers.equals(List.of(ALL)) ? Implementations.peers() : peers) {
      Implementation peer = Implementations.peer(name);
      peer.unavailable()
          .ifPresentOrElse(
              reason -> notes.add("peer %s is left out: %s".formatted(name, reason)),
              () -> peersThere.add(peer));
    }
    List<String> taken = peersThere.stream().map(Implementation::name).toList();
    List<Implementation> all = new ArrayList<>();
    for (BackendImplementation backend : backends(backendOptions)) {
      // One that is also a peer is measured once, as the peer.
      if (!taken.contains(backend.name())) {
        all.add(backend);
      }
    }
    all.addAll(peersThere);
    return new Chosen(all, notes);
  }

  private static List<BackendImplementation> backends(BackendOptionsMixin backendOptions) {
    if (!backendOptions.named()) {
      try (Backends backends = backendOptions.discover()) {
        return backends.devices().stream()
            .map(DeviceInfo::id)
            .map(id -> withSettings(BackendImplementation.parse(id), backendOptions))
            .toList();
      }
    }
    List<BackendImplementation> named = new ArrayList<>();
    for (String name : backendOptions.names()) {
      BackendImplementation backend =
          withSettings(BackendImplementation.parse(name), backendOptions);
      try (Backends backends = backend.discover(1)) {
        backends.backend(backend.device()); // refuses what is not there, with its reason
      }
      named.add(backend);
    }
    return named.stream().distinct().toList();
  }

  private static BackendImplementation withSettings(
      BackendImplementation backend, BackendOptionsMixin backendOptions) {
    String prefix = backend.device().split(":", 2)[0] + ".";
    Map<String, String> settings = new TreeMap<>();
    backendOptions
        .options()
        .properties()
        .forEach(
            (key, value) -> {
              if (key.startsWith(prefix)) {
                settings.put(key.substring(prefix.length()), value);
              }
            });
    return backend.withDefaults(settings);
  }
}
