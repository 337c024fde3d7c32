package org.sepconv.examples.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.files.StateDict;
import org.sepconv.select.Backends;
import org.sepconv.session.InferenceSession;

/**
 * Trains a depthwise-separable network with DJL, saves it, and predicts with Sepconv.
 *
 * <pre>
 *   TrainShapes WEIGHTS.safetensors
 * </pre>
 *
 * <p>The file is written after each epoch, whole or not at all: whenever the process is killed,
 * what is there can be used.
 */
public final class TrainShapes {
  private static final int EPOCHS = 4;
  private static final int BATCH = 50;
  private static final float LEARNING_RATE = 0.01f;

  private TrainShapes() {}

  public static void main(String[] args) throws IOException {
    // Unless it is told not to, DJL counts its starts on its server, and looks there for natives.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    // Sums in one order, so that every run gives the same network.
    System.setProperty("ai.djl.pytorch.num_threads", "1");
    Path file = Path.of(args[0]);
    DrawnShapes heldOut = DrawnShapes.of(500, 2);
    float[] trained = train(file, DrawnShapes.of(2000, 1), heldOut);
    print("DJL", heldOut.accuracy(trained));
    float[] predicted = predict(file, heldOut);
    print("Sepconv", heldOut.accuracy(predicted));
    double most = 0;
    for (int i = 0; i < trained.length; i++) {
      most = Math.max(most, Math.abs(trained[i] - predicted[i]));
    }
    System.out.printf(Locale.ROOT, "outputs differ by %.1e at most%n", most);
  }

  private static void print(String who, double accuracy) {
    System.out.printf(Locale.ROOT, "%s: %.1f %% right%n", who, 100 * accuracy);
  }

  /** Trains, and returns what the trained network says of pictures that it has not seen. */
  private static float[] train(Path file, DrawnShapes training, DrawnShapes heldOut)
      throws IOException {
    Engine.getEngine("PyTorch").setRandomSeed(1);
    TrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optDevices(new Device[] {Device.cpu()})
            .optOptimizer(
                Optimizer.adam().optLearningRateTracker(Tracker.fixed(LEARNING_RATE)).build());
    Map<String, Block> layers = ShapesNetwork.layers();
    try (Model model = Model.newInstance("shapes", Device.cpu(), "PyTorch")) {
      model.setBlock(ShapesNetwork.block(layers));
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(BATCH, 1, DrawnShapes.SIZE, DrawnShapes.SIZE));
        for (int epoch = 1; epoch <= EPOCHS; epoch++) {
          double loss = epoch(trainer, training);
          ShapesNetwork.learned(layers).write(file);
          System.out.printf(Locale.ROOT, "epoch %d: loss %.3f%n", epoch, loss);
        }
        try (NDManager manager = trainer.getManager().newSubManager()) {
          return trainer
              .evaluate(new NDList(pictures(manager, heldOut)))
              .singletonOrThrow()
              .toFloatArray();
        }
      }
    }
  }

  /** Returns the mean loss. */
  private static double epoch(Trainer trainer, DrawnShapes training) {
    double sum = 0;
    for (int from = 0; from < training.count(); from += BATCH) {
      DrawnShapes batch = training.part(from, from + BATCH);
      try (NDManager manager = trainer.getManager().newSubManager()) {
        NDArray classes = manager.create(batch.classes());
        try (GradientCollector gradients = trainer.newGradientCollector()) {
          NDList outputs = trainer.forward(new NDList(pictures(manager, batch)));
          NDArray loss = trainer.getLoss().evaluate(new NDList(classes), outputs);
          gradients.backward(loss);
          sum += loss.getFloat();
        }
        trainer.step();
      }
    }
    return sum * BATCH / training.count();
  }

  private static NDArray pictures(NDManager manager, DrawnShapes shapes) {
    return manager.create(
        shapes.pictures(), new Shape(shapes.count(), 1, DrawnShapes.SIZE, DrawnShapes.SIZE));
  }

  /** What Sepconv says of them, with the weights of the file. */
  static float[] predict(Path file, DrawnShapes shapes) throws IOException {
    Graph graph = ShapesNetwork.graph();
    GraphWeights weights = StateDict.read(file).weights(graph, ShapesNetwork.EPSILON);
    try (Backends backends = Backends.discover();
        InferenceSession session =
            new InferenceSession(
                backends.backend("cpu"), org.sepconv.session.Model.of(graph, weights))) {
      org.sepconv.Shape shape =
          new org.sepconv.Shape(shapes.count(), 1, DrawnShapes.SIZE, DrawnShapes.SIZE);
      return session.run(List.of(shape), shapes.pictures()).getFirst().values();
    }
  }
}
