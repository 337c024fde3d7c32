package org.sepconv.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sepconv.onnx.ModelBuilder.integer;
import static org.sepconv.onnx.ModelBuilder.ints;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.Shape;
import org.sepconv.select.Backends;
import org.sepconv.session.InferenceSession;
import org.sepconv.session.InferenceStream;
import org.sepconv.session.StreamingNetwork;
import org.sepconv.spi.ConvBackend;

/** A model of sequences, of three dimensions as exporters have them, part by part. */
class SequencesTest {
  private static final int WIDTH = 30;

  private static OnnxModel model() {
    return OnnxModel.read(
        new ModelBuilder(13)
            .input("x", 1, 4, -1)
            .weights("w", 8, 4, 3)
            .weights("v", 8, 1, 3)
            .weights("p", 8, 8, 1)
            .integers("left", 0, 0, 4, 0, 0, 0)
            .node("Conv", "x w", "a", ints("pads", 2, 0))
            .node("Relu", "a", "b")
            .node("Pad", "b left", "c")
            .node("Conv", "c v", "d", integer("group", 8), ints("dilations", 2))
            .node("Conv", "d p", "e")
            .node("Add", "b e", "f")
            .node("Softmax", "f", "y", integer("axis", 1))
            .output("y")
            .bytes());
  }

  @Test
  void partsOfAModelGiveTheBitsOfTheWhole() {
    OnnxModel model = model();
    // The dimensions of an input of three are the last of its shape.
    Shape usual = new Shape(1, 1, 4, WIDTH);
    float[] x = Engines.inputs(model.network(1, 4, WIDTH)).getFirst();
    try (Backends backends = Backends.discover()) {
      ConvBackend backend = backends.backend("cpu");
      float[] expected;
      try (InferenceSession session = new InferenceSession(backend, model)) {
        expected = session.run(List.of(usual), x).getFirst().values();
      }
      try (StreamingNetwork network =
          StreamingNetwork.of(backend, model, usual, StreamingNetwork.Options.usual())) {
        InferenceStream stream = network.open();
        float[] actual = new float[expected.length];
        for (int done = 0, columns = 1; done < WIDTH; done += columns, columns++) {
          columns = Math.min(columns, WIDTH - done);
          float[] part = stream.push(columns(x, done, columns));
          assertEquals(8 * columns, part.length);
          for (int row = 0; row < 8; row++) {
            System.arraycopy(part, row * columns, actual, row * WIDTH + done, columns);
          }
        }
        assertArrayEquals(expected, actual);
        assertTrue(stream.stateBytes() > 0);
      }
    }
  }

  private static float[] columns(float[] x, int from, int columns) {
    float[] part = new float[4 * columns];
    for (int row = 0; row < 4; row++) {
      System.arraycopy(x, row * WIDTH + from, part, row * columns, columns);
    }
    return part;
  }
}
