package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.ResizeNearest;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.TransposedConv2d;
import org.sepconv.Weights;
import org.sepconv.graph.pass.Program;
import org.sepconv.reference.Reference;
import org.sepconv.session.InferenceSession;
import org.sepconv.session.Model;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.DeviceInfo;

/** One network at many sizes. */
class SessionTest {
  private static final int SIZES = 50;

  /** Half as large and back, as detectors of text do it; of any batch, height and width. */
  private static Graph detector(Shape usual) {
    return Graph.builder("detector")
        .input("image", usual)
        .add("stem", Conv2d.of(3, 8).kernel(3).stride(2).same().build())
        .add("stem.norm", new BatchNormalization(8))
        .add("stem.relu", new Activate(Activation.RELU))
        .add("depthwise", Conv2d.depthwise(8).kernel(3).stride(2).same().bias().build())
        .add("squeeze", Reduce.globalAveragePool())
        .add("gate", new Activate(Activation.SIGMOID))
        .add("excite", Binary.multiply(), "depthwise", "gate")
        .add("up", ResizeNearest.by(2))
        .add("both", new Concat(Axis.CHANNEL, 2), "up", "stem.relu")
        .add("transposed", TransposedConv2d.of(16, 24).kernel(2).stride(2).build())
        .add("transposed.norm", new BatchNormalization(24))
        .add("transposed.relu", new Activate(Activation.RELU))
        .add("map", TransposedConv2d.of(24, 1).kernel(2).stride(2).bias().build())
        .add("shares", new Activate(Activation.SIGMOID))
        .build();
  }

  private static Shape size(int i) {
    return new Shape(1 + i % 2, 3, 8 + 4 * (i % 7), 12 + 4 * (i % 11));
  }

  private static CpuBackend open() {
    CpuBackendProvider provider = new CpuBackendProvider();
    DeviceInfo device = ((Availability.Available) provider.probe()).devices().getFirst();
    return (CpuBackend) provider.open(device, new BackendOptions(2, Duration.ZERO, Map.of()));
  }

  private static void walk(Model model) {
    try (CpuBackend cpu = open();
        InferenceSession session = new InferenceSession(cpu, model, Layout.NCHW, 4)) {
      int packed = 0;
      for (int i = 0; i < SIZES; i++) {
        Shape shape = size(i);
        float[] image = new float[shape.elements()];
        SplittableRandom random = new SplittableRandom(i);
        for (int j = 0; j < image.length; j++) {
          image[j] = 2 * random.nextFloat() - 1;
        }
        InferenceSession.Output output = session.run(List.of(shape), image).getFirst();
        assertEquals(new Shape(shape.n(), 1, 2 * shape.h(), 2 * shape.w()), output.spec().shape());
        assertTrue(session.prepared().size() <= 4);
        if (i == 0) {
          packed = cpu.packedWeights().size();
        }
        assertEquals(packed, cpu.packedWeights().size(), "weights are packed once for all sizes");
        if (i % 10 == 0) {
          Program program = model.at(List.of(shape));
          Problem problem = Problem.of(program.graph(), List.of(TensorSpec.nchw(shape)));
          Reference.Result expected =
              Reference.runGraph(problem, program.weights(), image).getFirst();
          for (int j = 0; j < output.values().length; j++) {
            assertTrue(expected.accepts(j, output.values()[j]), shape + " at " + j);
          }
        }
      }
    }
  }

  @Test
  void weightsArePackedOnceForAllSizes() {
    Graph graph = detector(size(0));
    walk(Model.of(graph, (GraphWeights) Weights.random(graph, 1)));
  }

  /** As an importer that evaluates shapes for each size: the weights are the same objects. */
  @Test
  void andForGraphsThatDifferFromSizeToSize() {
    GraphWeights weights = (GraphWeights) Weights.random(detector(size(0)), 1);
    walk(shapes -> new Program(detector(shapes.getFirst()), weights));
  }
}
