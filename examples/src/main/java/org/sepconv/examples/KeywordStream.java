package org.sepconv.examples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Padding;
import org.sepconv.Shape;
import org.sepconv.Softmax;
import org.sepconv.Weights;
import org.sepconv.select.Backends;
import org.sepconv.session.InferenceSession;
import org.sepconv.session.InferenceStream;
import org.sepconv.session.Model;
import org.sepconv.session.StreamingNetwork;
import org.sepconv.spi.ConvBackend;

/**
 * Spots keywords in sound that comes bit by bit: a causal network of separable convolutions takes
 * the features of a few frames at a time, and gives the shares of the classes in each frame. At the
 * end the whole sequence is run at once, and gives the same bits.
 */
public final class KeywordStream {
  private static final int COEFFICIENTS = 40;
  private static final int CHANNELS = 64;
  private static final int CLASSES = 12;
  private static final int BLOCKS = 4;

  /** Two seconds, of 10 ms each. */
  private static final int FRAMES = 200;

  /** What a microphone gives at once. */
  private static final int[] FRAMES_AT_ONCE = {1, 4, 10, 3, 0, 7};

  private KeywordStream() {}

  /** Features are channels, frames the width; each layer looks twice as far back. */
  static Graph network() {
    Graph.Builder graph =
        Graph.builder("keywords").input("features", Shape.of(COEFFICIENTS, 1, FRAMES));
    normalised(graph, "first", causal(Conv2d.of(COEFFICIENTS, CHANNELS), 5, 1));
    for (int block = 0; block < BLOCKS; block++) {
      String before = graph.last();
      normalised(graph, "depthwise" + block, causal(Conv2d.depthwise(CHANNELS), 3, 1 << block));
      normalised(graph, "pointwise" + block, Conv2d.pointwise(CHANNELS, CHANNELS).build());
      graph.add("sum" + block, Binary.add(), before, graph.last());
    }
    return graph
        .add("dense", Conv2d.pointwise(CHANNELS, CLASSES).bias().build())
        .add("softmax", new Softmax(Axis.CHANNEL))
        .build();
  }

  /** All padding on the left: no frame needs a later one. */
  private static Conv2d causal(Conv2d.Builder conv, int kernel, int dilation) {
    return conv.kernel(1, kernel)
        .dilation(1, dilation)
        .padding(Padding.of(0, (kernel - 1) * dilation, 0, 0))
        .build();
  }

  private static void normalised(Graph.Builder graph, String name, Conv2d conv) {
    graph
        .add(name, conv)
        .add(name + ".norm", new BatchNormalization(conv.outChannels()))
        .add(name + ".active", new Activate(Activation.RELU));
  }

  /** Features of these frames that nobody spoke: each coefficient on its own wave. */
  private static float[] features(int first, int frames) {
    float[] values = new float[COEFFICIENTS * frames];
    for (int c = 0; c < COEFFICIENTS; c++) {
      double phase = new SplittableRandom(c).nextDouble(2 * Math.PI);
      for (int i = 0; i < frames; i++) {
        values[c * frames + i] = (float) Math.sin(phase + 0.01 * (c + 3) * (first + i));
      }
    }
    return values;
  }

  public static void main(String[] args) {
    Graph graph = network();
    GraphWeights weights = (GraphWeights) Weights.random(graph, 1); // yours, of a file
    try (Backends backends = Backends.discover()) {
      ConvBackend backend = backends.backend("cpu");
      List<float[]> parts = new ArrayList<>();
      try (StreamingNetwork network = StreamingNetwork.of(backend, graph, weights)) {
        InferenceStream stream = network.open(); // one for each speaker
        for (int frame = 0, i = 0; frame < FRAMES; i++) {
          int frames = Math.min(FRAMES_AT_ONCE[i % FRAMES_AT_ONCE.length], FRAMES - frame);
          float[] shares = stream.push(features(frame, frames));
          parts.add(shares);
          frame += frames;
          if (frames > 0 && i % 7 == 0) {
            System.out.printf("after %3d frames: class %d%n", frame, likeliest(shares, frames));
          }
        }
        System.out.printf("a stream carries %,d bytes%n", stream.stateBytes());
      }
      try (InferenceSession session = new InferenceSession(backend, Model.of(graph, weights))) {
        Shape whole = Shape.of(COEFFICIENTS, 1, FRAMES);
        float[] shares = session.run(List.of(whole), features(0, FRAMES)).getFirst().values();
        boolean same = Arrays.equals(shares, joined(parts));
        System.out.println("the whole sequence gives " + (same ? "the same bits" : "others"));
      }
    }
  }

  /** The class with the largest share in the last frame. */
  private static int likeliest(float[] shares, int frames) {
    int best = 0;
    for (int c = 1; c < CLASSES; c++) {
      if (shares[(c + 1) * frames - 1] > shares[(best + 1) * frames - 1]) {
        best = c;
      }
    }
    return best;
  }

  /** All frames of each class behind each other. */
  private static float[] joined(List<float[]> parts) {
    float[] all = new float[CLASSES * FRAMES];
    int done = 0;
    for (float[] part : parts) {
      int frames = part.length / CLASSES;
      for (int c = 0; c < CLASSES; c++) {
        System.arraycopy(part, c * frames, all, c * FRAMES + done, frames);
      }
      done += frames;
    }
    return all;
  }
}
