package org.sepconv.spark;

import java.util.List;
import java.util.Optional;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Tensor;

/** A network for one picture after the other, on the thread that asks. */
final class OnePicture implements AutoCloseable {
  private final PreparedNetworks.Lease lease;
  private final NetworkSettings settings;
  private final JobMetrics metrics;
  private final OwningRun run;

  /**
   * @param lease given back when this is closed
   * @param settings for batches of one
   */
  OnePicture(PreparedNetworks.Lease lease, NetworkSettings settings, JobMetrics metrics) {
    this.lease = lease;
    this.settings = settings;
    this.metrics = metrics;
    this.run = lease.network().run();
  }

  Answer answer(Optional<PictureSource> source) {
    ReadPicture read = ReadPicture.of(source, lease.network().preprocessing());
    metrics.addDecoded(read.bytes(), read.seconds(), read.good());
    if (!read.good()) {
      return new Answer.Failed(read.error().orElseThrow());
    }
    long start = System.nanoTime();
    run.inputs().getFirst().write(read.values());
    run.run();
    List<float[]> outputs = run.outputs().stream().map(Tensor::read).toList();
    metrics.addRun(1, (System.nanoTime() - start) / 1e9);
    return Answer.of(outputs, 0, settings);
  }

  @Override
  public void close() {
    try (lease;
        run) {
      // Closed in the other order, whatever one of them throws.
    }
  }
}
