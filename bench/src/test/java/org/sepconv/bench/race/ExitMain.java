package org.sepconv.bench.race;

import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.Weights;
import org.sepconv.graph.Networks;
import org.sepconv.select.Backends;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;

/** Prepares and runs on a backend in as many threads, and exits while all are at it. */
final class ExitMain {
  static final int STATUS = 7;

  private ExitMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    Graph graph = Networks.of("mobilenet_v2", 32, 0.25);
    Problem problem = graph.problem();
    Weights weights = Weights.random(graph, 1);
    ConvBackend backend = Backends.discover().backend(arguments[0]);
    Prepared shared = backend.prepare(problem, weights);
    CountDownLatch underWay = new CountDownLatch(Races.THREADS);
    for (int i = 0; i < Races.THREADS; i++) {
      SplittableRandom random = new SplittableRandom(i);
      Thread.Builder builder = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
      builder.start(
          () -> {
            while (true) {
              run(random.nextInt(8) == 0 ? backend.prepare(problem, weights) : shared, shared);
              underWay.countDown();
            }
          });
    }
    underWay.await();
    System.exit(STATUS);
  }

  private static void run(Prepared prepared, Prepared shared) {
    try (OwningRun run = OwningRun.of(prepared)) {
      run.run();
    }
    if (prepared != shared) {
      prepared.close();
    }
  }
}
