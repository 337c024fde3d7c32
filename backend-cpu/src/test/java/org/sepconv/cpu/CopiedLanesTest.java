package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sepconv.Axis;
import org.sepconv.Concat;
import org.sepconv.Gather;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.Slice;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.reference.Reference;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;

/** Channels that begin and end anywhere within vectors are copied as they are. */
class CopiedLanesTest {
  private static final int ROUNDS = 12;

  @ParameterizedTest
  @CsvSource({
    "128, tuned",
    "256, tuned",
    "512, tuned",
    "128, at-once",
    "256, at-once",
    "512, at-once",
  })
  void everyLaneIsTheOneThatBelongsThere(String bits, String start) {
    Assumptions.assumeTrue(
        VectorApi.isPresent(), "skipped: vector kernels need the module jdk.incubator.vector");
    BackendOptions options =
        BackendOptions.defaults()
            .withThreads(3)
            .withWarmUp(Duration.ZERO)
            .with("cpu.vector-bits", bits)
            .with("cpu.start", start);
    SplittableRandom random = new SplittableRandom(1);
    try (ConvBackend cpu =
        new CpuBackendProvider().open(new DeviceInfo("cpu", "test", Map.of()), options)) {
      for (int round = 0; round < ROUNDS; round++) {
        int channels = 2 + random.nextInt(70);
        int first = random.nextInt(channels);
        int end = first + 1 + random.nextInt(channels - first);
        copies(cpu, Slice.of(Axis.CHANNEL, first, end), List.of(channels));
        copies(cpu, shuffled(channels, round), List.of(channels));
        copies(cpu, Gather.channelShuffle(2 * channels, 2), List.of(2 * channels));
        copies(cpu, new Concat(Axis.CHANNEL, 3), List.of(channels, 1 + first, end));
      }
    }
  }

  private static Gather shuffled(int channels, int seed) {
    List<Integer> indices = new ArrayList<>(IntStream.range(0, channels).boxed().toList());
    Collections.shuffle(indices, new Random(seed));
    return new Gather(Axis.CHANNEL, indices);
  }

  private static void copies(ConvBackend cpu, Operation operation, List<Integer> channels) {
    List<Shape> shapes = channels.stream().map(count -> new Shape(2, count, 7, 19)).toList();
    Problem problem = Problem.of(operation, shapes.stream().map(TensorSpec::nchw).toList());
    float[][] inputs = new float[shapes.size()][];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = new float[shapes.get(i).elements()];
      for (int j = 0; j < inputs[i].length; j++) {
        inputs[i][j] = 100_000 * i + j;
      }
    }
    double[] expected = Reference.run(problem, Weights.none(), inputs).values();
    float[] output = cpu.convolve(problem, Weights.none(), inputs);
    double[] copied = IntStream.range(0, output.length).mapToDouble(i -> output[i]).toArray();
    assertArrayEquals(expected, copied, problem::toString);
  }
}
