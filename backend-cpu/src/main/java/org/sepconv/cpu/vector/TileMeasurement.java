package org.sepconv.cpu.vector;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.cache.DiskCache;
import org.sepconv.cpu.memory.PackedWeights;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.memory.SpanArena;
import org.sepconv.cpu.tile.MatrixTileShape;
import org.sepconv.cpu.tile.TileChoice;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.machine.Processor;
import org.sepconv.timing.Quantiles;
import org.sepconv.timing.Stopwatch;
import org.sepconv.timing.Turns;

/**
 * The fastest matrix tile for each depth on this machine: measured once, in about two seconds, and
 * kept in the user's cache folder.
 */
public final class TileMeasurement {
  private static final System.Logger LOGGER = System.getLogger("org.sepconv.cpu");

  /** The version goes up when the format, the offered tiles or their code change. */
  private static final String ON_DISK = "cpu-tiles-v1";

  private static final int MOST_ON_DISK = 20;

  /** The last one stands for all that are deeper. */
  private static final int[] DEPTHS = {32, 64, 128, 256, 512};

  private static final int PIXELS = 196;

  /** Outputs, in vectors: all shapes divide them. */
  private static final int VECTORS = 12;

  private static final int ROUNDS = 15;
  private static final long ROUND_NANOS = 1_000_000;
  private static final long COMPILER_NANOS = 1_000_000_000L;

  /** Less than this share of the time is noise, and the standard tile stays. */
  private static final double GAIN = 0.03;

  private final int bits;
  private final int lanes;
  private final DiskCache disk;
  private final String key;

  /**
   * @param folder for what was measured; empty to keep nothing
   */
  public TileMeasurement(int bits, Optional<Path> folder) {
    this.bits = bits;
    this.lanes = bits / Float.SIZE;
    this.disk = new DiskCache(folder, ON_DISK, MOST_ON_DISK);
    Processor processor = Processor.here();
    this.key =
        String.join(
            "\n",
            processor.name(),
            processor.model(),
            processor.vectors(),
            bits + " bits",
            Runtime.version().toString());
  }

  /** What was measured before on this machine, with this JDK. */
  public Optional<TileChoice> kept() {
    Optional<String> text =
        disk.read(key).map(content -> new String(content, StandardCharsets.UTF_8));
    Optional<TileChoice> choice = text.flatMap(given -> TileChoice.parse(given, bits));
    if (text.isPresent() && choice.isEmpty()) {
      disk.remove(key);
    }
    return choice;
  }

  /** What was measured before, or is now. */
  public TileChoice keptOrMeasured() {
    return kept()
        .orElseGet(
            () -> {
              TileChoice choice = measure();
              LOGGER.log(System.Logger.Level.DEBUG, "measured tiles: {0}", choice);
              disk.write(key, choice.toString().getBytes(StandardCharsets.UTF_8));
              disk.prune();
              return choice;
            });
  }

  private TileChoice measure() {
    TileChoice standard = TileChoice.standard(bits);
    NavigableMap<Integer, MatrixTileShape> best = new TreeMap<>();
    for (int depth : DEPTHS) {
      MatrixTileShape usual = standard.shape(depth, Integer.MAX_VALUE);
      List<Trial> trials = new ArrayList<>();
      MatrixTileShape.offered(bits).forEach(shape -> trials.add(new Trial(shape, depth)));
      Turns<Trial> turns = new Turns<>(trials);
      for (int round = 0; round < ROUNDS; round++) {
        turns.round(_ -> true, Trial::time);
      }
      Trial fastest = trials.stream().min(Comparator.comparingDouble(Trial::median)).orElseThrow();
      double most =
          trials.stream()
              .filter(trial -> trial.shape.equals(usual))
              .mapToDouble(trial -> trial.median() * (1 - GAIN))
              .findFirst()
              .orElseThrow();
      int upTo = depth == DEPTHS[DEPTHS.length - 1] ? TileChoice.ANY_DEPTH : depth;
      best.put(upTo, fastest.median() < most ? fastest.shape : usual);
    }
    return TileChoice.byDepth(bits, best);
  }

  /** One shape on a pointwise product whose pixels lie one after the other. */
  private final class Trial {
    private final MatrixTileShape shape;
    private final MatrixProduct product;
    private final Span input;
    private final Span output;
    private final Stopwatch watch = new Stopwatch(this::multiply, System::nanoTime);
    private final List<Double> rounds = new ArrayList<>();

    Trial(MatrixTileShape shape, int depth) {
      this.shape = shape;
      int outputs = VECTORS * lanes;
      // The same distance for all depths, so that each tile is compiled once.
      int stride = DEPTHS[DEPTHS.length - 1] + lanes;
      Conv2d conv = Conv2d.pointwise(depth, outputs).relu6().build();
      float[] filter = new float[conv.filterSize()];
      Arrays.fill(filter, 1f / depth);
      SpanArena arena = new SpanArena();
      var access =
          new MatrixAccess(depth, new int[] {0}, stride, Integer.MAX_VALUE, 0, lanes, false);
      VectorEmitter emitter = new VectorEmitter(TileChoice.forced(bits, shape));
      this.product =
          new MatrixProduct(
              conv, ConvWeights.of(filter), 0, access, emitter, new PackedWeights(arena));
      this.input = arena.allocate(PIXELS * stride);
      this.output = arena.allocate(PIXELS * outputs);
      TinyProblem.warmUp(
          product.tinyProblems(IntStream.of(PIXELS)), System.nanoTime() + COMPILER_NANOS);
      multiply();
    }

    void time() {
      rounds.add(Quantiles.median(watch.slice(ROUND_NANOS)));
    }

    double median() {
      return Quantiles.median(rounds);
    }

    private void multiply() {
      product.multiply(
          input.array(),
          input.offset(),
          PIXELS,
          output.array(),
          output.offset(),
          output.array(),
          output.offset(),
          PIXELS * lanes,
          0,
          1);
    }
  }
}
