package org.sepconv.bench.race;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.Weights;
import org.sepconv.cases.Agreement;
import org.sepconv.graph.Networks;
import org.sepconv.reference.Reference;
import org.sepconv.session.InferenceSession;
import org.sepconv.session.Model;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Run;
import org.sepconv.spi.Tensor;

/**
 * A network on one backend, and many threads, half of them virtual, that race each other: they run
 * what all share, prepare and close their own, take another size, or close what all share and put
 * another in its place, while somebody interrupts them. Every output must have the bits that one
 * thread alone gets, which are compared with the reference first; whatever is thrown is a finding,
 * but that something was closed.
 */
final class Races {
  static final int THREADS = 64;

  /** Inputs that differ, so that a thread that gets another's output is noticed. */
  private static final int INPUTS = 4;

  private static final List<Integer> SIZES = List.of(32, 40, 48);

  /** A thread that does not end this long after it should have hangs. */
  private static final long PATIENCE_MILLIS = 120_000;

  private final ConvBackend backend;
  private final Graph graph = Networks.of("mobilenet_v2", SIZES.getFirst(), 0.25);
  private final Weights weights = Weights.random(graph, 1);
  private final float[][] inputs = new float[INPUTS][];
  private final float[][] outputs = new float[INPUTS][];

  /** By the size of the input, which is the first part of a long one. */
  private final Map<Integer, float[]> outputsBySize = new LinkedHashMap<>();

  private final AtomicReference<Prepared> shared = new AtomicReference<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  final AtomicLong runs = new AtomicLong();
  final AtomicLong prepared = new AtomicLong();

  /** How often something was closed before a thread could use it. */
  final AtomicLong refused = new AtomicLong();

  final AtomicLong interrupts = new AtomicLong();
  final Queue<String> findings = new ConcurrentLinkedQueue<>();

  private InferenceSession session;

  /** Computes on one thread what is right. */
  Races(ConvBackend backend) {
    this.backend = backend;
    SplittableRandom random = new SplittableRandom(1);
    try (Prepared alone = prepare()) {
      for (int i = 0; i < INPUTS; i++) {
        inputs[i] = values(problem().source().shape(), random);
        outputs[i] = run(alone, inputs[i]);
        require(problem(), inputs[i], outputs[i]);
      }
    }
    try (InferenceSession alone = session()) {
      for (int size : SIZES) {
        Shape shape = problem().source().shape();
        Problem sized = problem().withSource(problem().source().withShape(sized(size)));
        float[] input = values(sized.source().shape(), new SplittableRandom(shape.h() + size));
        outputsBySize.put(size, alone.run(List.of(sized(size)), input).getFirst().values());
        require(sized, input, outputsBySize.get(size));
      }
    }
  }

  private static Shape sized(int size) {
    return Shape.of(3, size, size);
  }

  private static float[] values(Shape shape, SplittableRandom random) {
    float[] values = new float[shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  private Problem problem() {
    return graph.problem();
  }

  private void require(Problem problem, float[] input, float[] output) {
    Agreement agreement = Agreement.of(Reference.run(problem, weights, input), output);
    agreement.problem().ifPresent(wrong -> findings.add("one thread alone: " + wrong));
  }

  private Prepared prepare() {
    prepared.incrementAndGet();
    return backend.prepare(problem(), weights);
  }

  private InferenceSession session() {
    return new InferenceSession(
        backend, Model.of(graph, (GraphWeights) weights), problem().source().layout(), 2);
  }

  private float[] run(Prepared network, float[] input) {
    try (OwningRun run = OwningRun.of(network, new float[][] {input})) {
      run.run();
      return run.outputs().getFirst().read();
    }
  }

  /** Races for so long, then closes all but the backend. */
  void race(long millis) throws InterruptedException {
    race(millis, () -> {});
  }

  /**
   * The same.
   *
   * @param end is done while all threads still race
   */
  void race(long millis, Runnable end) throws InterruptedException {
    ended.set(false);
    session = session();
    shared.set(prepare());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      SplittableRandom random = new SplittableRandom(i);
      Thread.Builder builder = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
      threads.add(builder.name("race-" + i).start(() -> deeds(random)));
    }
    SplittableRandom random = new SplittableRandom(THREADS);
    long stop = System.nanoTime() + millis * 1_000_000;
    while (System.nanoTime() < stop) {
      threads.get(random.nextInt(THREADS)).interrupt();
      interrupts.incrementAndGet();
      Thread.sleep(1);
    }
    end.run();
    ended.set(true);
    for (Thread thread : threads) {
      thread.join(PATIENCE_MILLIS);
      if (thread.isAlive()) {
        findings.add(thread.getName() + " hangs: " + Arrays.toString(thread.getStackTrace()));
        return;
      }
    }
    session.close();
    shared.get().close();
  }

  private void deeds(SplittableRandom random) {
    while (!ended.get() && findings.isEmpty()) {
      try {
        deed(random);
      } catch (IllegalStateException closed) {
        if (!closed.getMessage().endsWith("closed")) {
          findings.add("threw " + closed);
        }
        refused.incrementAndGet();
      } catch (RuntimeException | Error failure) {
        findings.add("threw " + failure + " at " + Arrays.toString(failure.getStackTrace()));
      }
      Thread.interrupted(); // nothing throws for it, and nothing is wrong for it
    }
  }

  private void deed(SplittableRandom random) {
    int index = random.nextInt(INPUTS);
    switch (random.nextInt(40)) {
      case 0 -> {
        try (Prepared own = prepare()) {
          expect(outputs[index], run(own, inputs[index]));
        }
      }
      case 1 -> shared.getAndSet(prepare()).close();
      case 2, 3, 4 -> {
        int size = SIZES.get(random.nextInt(SIZES.size()));
        float[] input =
            values(sized(size), new SplittableRandom(problem().source().shape().h() + size));
        expect(
            outputsBySize.get(size), session.run(List.of(sized(size)), input).getFirst().values());
      }
      case 5, 6, 7, 8, 9, 10 -> {
        float[] output = new float[outputs[index].length];
        shared.get().run(inputs[index], output);
        expect(outputs[index], output);
      }
      case 11, 12, 13, 14 -> startAndAwait(shared.get(), index);
      default -> expect(outputs[index], run(shared.get(), inputs[index]));
    }
  }

  private void startAndAwait(Prepared network, int index) {
    try (Tensor source = backend.allocate(problem().source());
        Tensor destination = backend.allocate(problem().destination());
        Run bound = network.bind(List.of(source), List.of(destination))) {
      source.write(inputs[index]);
      bound.start();
      Thread.yield();
      bound.await();
      expect(outputs[index], destination.read());
    }
  }

  private void expect(float[] expected, float[] actual) {
    runs.incrementAndGet();
    if (!Arrays.equals(expected, actual)) {
      findings.add("other values than one thread alone gets");
    }
  }
}
