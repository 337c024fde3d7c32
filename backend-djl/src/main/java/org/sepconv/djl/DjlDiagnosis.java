package org.sepconv.djl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sepconv.machine.FolderState;
import org.sepconv.spi.Finding;

/**
 * Whether PyTorch will start here, and without the network.
 *
 * @param natives what would be loaded
 * @param offline {@code DJL_OFFLINE} of the environment
 * @param unpacked whether the natives lie in the cache already
 * @param damage what is wrong with those in the cache
 * @param cache where they are unpacked
 */
record DjlDiagnosis(
    Natives natives,
    Optional<String> offline,
    boolean unpacked,
    Optional<String> damage,
    FolderState cache) {

  /** The natives of PyTorch 2.7.1 for the CPU, unpacked; those for CUDA have several times that. */
  private static final long UNPACKED_BYTES = 450L << 20;

  static DjlDiagnosis here(ClassLoader classes) {
    Natives natives = Natives.find(classes);
    var cache = NativesCache.folder();
    boolean unpacked = false;
    Optional<String> damage = Optional.empty();
    if (natives instanceof Natives.Bundled bundled) {
      unpacked = NativesCache.isUnpacked(cache, bundled);
      damage = NativesCache.damage(cache, bundled, classes);
    }
    return new DjlDiagnosis(
        natives,
        Optional.ofNullable(System.getenv("DJL_OFFLINE")),
        unpacked,
        damage,
        FolderState.of(cache));
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (natives instanceof Natives.Missing(String reason, String remedy)) {
      findings.add(Finding.warning("natives", reason, remedy));
      return findings;
    }
    findings.add(Finding.ok("natives", natives + ", without the network"));
    findings.add(offlineState());
    if (natives instanceof Natives.Bundled) {
      findings.add(cacheState());
    }
    return findings;
  }

  private Finding offlineState() {
    return offline
        .filter(value -> !Boolean.parseBoolean(value))
        .map(
            value ->
                Finding.failed(
                    "offline",
                    "DJL_OFFLINE=%s in the environment lets DJL call out; Sepconv refuses to start it"
                        .formatted(value),
                    "unset DJL_OFFLINE"))
        .orElseGet(
            () ->
                Finding.ok(
                    "offline",
                    "nothing in the environment lets it call out; ai.djl.offline and OPT_OUT_TRACKING are set before it starts"));
  }

  private Finding cacheState() {
    if (damage.isPresent()) {
      return Finding.failed(
          "natives cache",
          "damaged: " + damage.get(),
          "delete the folder " + cache.folder().resolve("pytorch"));
    }
    // Unpacked natives are only read.
    Optional<String> problem = unpacked ? Optional.empty() : cache.problem(UNPACKED_BYTES);
    return problem
        .map(
            what ->
                Finding.failed(
                    "natives cache",
                    "%s: %s; the first start unpacks the natives there"
                        .formatted(cache.folder(), what),
                    "set DJL_CACHE_DIR to a folder that can be written, with 450 MiB free"))
        .orElseGet(
            () ->
                Finding.ok(
                    "natives cache",
                    unpacked
                        ? cache.folder() + ", natives unpacked"
                        : cache.describe() + "; the first start unpacks 450 MiB"));
  }
}
