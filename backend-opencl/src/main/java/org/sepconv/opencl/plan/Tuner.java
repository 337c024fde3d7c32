package org.sepconv.opencl.plan;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jocl.cl_mem;
import org.sepconv.Shape;
import org.sepconv.opencl.device.ClContext;
import org.sepconv.opencl.kernel.Candidate;
import org.sepconv.opencl.kernel.PlanDraft;
import org.sepconv.spi.BackendException;

/**
 * Measures every candidate on the device and remembers the fastest, on disk too, for this device,
 * driver and version of the library.
 */
public final class Tuner implements Chooser {
  private static final System.Logger LOGGER = System.getLogger(Tuner.class.getName());

  /** Runs of each candidate; the fastest counts, for all that disturbs a run makes it slower. */
  private static final int RUNS = 7;

  private final ClContext context;
  private final String family;
  private final Map<String, Integer> chosen = new ConcurrentHashMap<>();

  public Tuner(ClContext context, String family) {
    this.context = context;
    this.family = family;
  }

  /** The index of the fastest candidate. */
  @Override
  public int choose(String what, List<Candidate> candidates, Shape source, Shape destination) {
    String version =
        Objects.requireNonNullElse(
            Tuner.class.getPackage().getImplementationVersion(), "unpackaged");
    List<String> ids = candidates.stream().map(Candidate::id).toList();
    String key =
        String.join(
            "\n",
            "tuned",
            version,
            context.device().fingerprint(),
            "" + context.computeUnits(),
            family,
            what,
            // Another list of candidates has another best one.
            ids.toString());
    return chosen.computeIfAbsent(
        key,
        _ -> {
          int kept =
              context
                  .disk()
                  .read(key)
                  .map(bytes -> ids.indexOf(new String(bytes, StandardCharsets.UTF_8)))
                  .orElse(-1);
          if (kept >= 0) {
            return kept;
          }
          int fastest = measure(candidates, source, destination);
          context.disk().write(key, ids.get(fastest).getBytes(StandardCharsets.UTF_8));
          return fastest;
        });
  }

  @Override
  public String reason() {
    return "the fastest that was measured on this device";
  }

  private int measure(List<Candidate> candidates, Shape source, Shape destination) {
    cl_mem from = context.allocate(source.bytes(), "the input of a measurement");
    try {
      cl_mem to = context.allocate(destination.bytes(), "the output of a measurement");
      try {
        int fastest = 0;
        long best = Long.MAX_VALUE;
        for (int i = 0; i < candidates.size(); i++) {
          long nanos = nanos(candidates.get(i), from, to);
          if (nanos < best) {
            best = nanos;
            fastest = i;
          }
        }
        return fastest;
      } finally {
        context.free(to);
      }
    } finally {
      context.free(from);
    }
  }

  private long nanos(Candidate candidate, cl_mem from, cl_mem to) {
    PlanDraft draft = new PlanDraft();
    candidate.plan().accept(draft);
    cl_mem[] inputs = {from, to}; // the second is the residual, where one is added
    try (KernelPlan plan = KernelPlan.build(context, draft);
        PlanRun run = new PlanRun(plan)) {
      run.run(inputs, to); // the first run may compile
      long best = Long.MAX_VALUE;
      for (int i = 0; i < RUNS; i++) {
        best = Math.min(best, run.run(inputs, to));
      }
      return best;
    } catch (BackendException refused) {
      // Too large for this device in a way that its limits do not tell: never the fastest.
      LOGGER.log(System.Logger.Level.DEBUG, "candidate refused: " + candidate.id(), refused);
      return Long.MAX_VALUE;
    }
  }
}
