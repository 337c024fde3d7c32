package org.sepconv.examples.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sepconv.SeparableConv2d;
import org.sepconv.files.FloatArray;
import org.sepconv.files.StateDict;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;

/** The block stands for two of DJL's own: same parameters, same answers. */
class SeparableBlockTest {
  private static final float TOLERANCE = 1e-4f;
  private static Backends backends;
  private static ConvBackend cpu;

  @BeforeAll
  static void open() {
    PyTorchTests.require();
    backends =
        Backends.discover(BackendOptions.defaults().withThreads(1).withWarmUp(Duration.ZERO));
    cpu = backends.backend("cpu");
  }

  @AfterAll
  static void close() {
    if (backends != null) {
      backends.close();
    }
  }

  private static SeparableConv2d description(int in, int out, int kernel, int stride) {
    return SeparableConv2d.of(in, out)
        .kernel(kernel)
        .stride(stride)
        .padding(org.sepconv.Padding.of(kernel / 2))
        .bias()
        .build();
  }

  private static Conv2d convolution(int out, int kernel, int stride, int groups) {
    return Conv2d.builder()
        .setFilters(out)
        .setKernelShape(new Shape(kernel, kernel))
        .optStride(new Shape(stride, stride))
        .optPadding(new Shape(kernel / 2, kernel / 2))
        .optGroups(groups)
        .build();
  }

  /** DJL's own layers, with values in all parameters, and their names. */
  private static Map<String, Block> djl(
      NDManager manager, int in, int out, int kernel, int stride, Shape input) {
    Map<String, Block> layers = new LinkedHashMap<>();
    layers.put("layer.depthwise", convolution(in, kernel, stride, in));
    layers.put("layer.pointwise", convolution(out, 1, 1, 1));
    Shape shape = input;
    for (Block layer : layers.values()) {
      layer.initialize(manager, DataType.FLOAT32, shape);
      shape = layer.getOutputShapes(new Shape[] {shape})[0];
      // DJL begins with biases of zero.
      layer.getParameters().get("bias").getArray().addi(manager.create(random(1, 1)[0] + 1));
    }
    return layers;
  }

  private static float[] random(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static Model model(Block... blocks) {
    Model model = Model.newInstance("block", "PyTorch");
    model.setBlock(new SequentialBlock().addAll(blocks));
    return model;
  }

  /** What a predictor answers. */
  private static float[] predict(Model model, float[] values, Shape shape)
      throws TranslateException {
    try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator(null));
        NDManager manager = model.getNDManager().newSubManager()) {
      NDList output = predictor.predict(new NDList(manager.create(values, shape)));
      return output.singletonOrThrow().toFloatArray();
    }
  }

  @ParameterizedTest
  @CsvSource({"8,16,3,1,1,12,12", "8,16,3,2,1,13,9", "5,7,5,1,2,10,11", "16,4,3,2,3,8,8"})
  void answersAreThoseOfDjlsOwnLayers(int in, int out, int kernel, int stride, int n, int h, int w)
      throws Exception {
    Shape shape = new Shape(n, in, h, w);
    float[] values = random((int) shape.size(), 2);
    try (Model theirs = Model.newInstance("theirs", "PyTorch");
        SeparableBlock block = new SeparableBlock(description(in, out, kernel, stride), cpu);
        Model ours = model(block, Activation.reluBlock())) {
      Map<String, Block> layers = djl(theirs.getNDManager(), in, out, kernel, stride, shape);
      theirs.setBlock(
          new SequentialBlock()
              .addAll(layers.values().toArray(Block[]::new))
              .add(Activation.reluBlock()));
      block.load(ours.getNDManager(), ShapesNetwork.learned(layers), "layer");
      float[] due = predict(theirs, values, shape);
      assertTrue(due.length > 0 && sum(due) > 0.1, "something is not zero");
      assertArrayEquals(due, predict(ours, values, shape), TOLERANCE);
      assertArrayEquals(
          theirs.getBlock().getOutputShapes(new Shape[] {shape}),
          ours.getBlock().getOutputShapes(new Shape[] {shape}));
    }
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  @Test
  void manyPredictorsRunItAtOnceOnManySizes() throws Exception {
    try (SeparableBlock block = new SeparableBlock(description(8, 16, 3, 1), cpu);
        Model model = model(block, Activation.reluBlock());
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      block.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 8, 4, 4));
      List<Future<float[]>> results = new ArrayList<>();
      for (int i = 0; i < 80; i++) {
        Shape shape = shape(i);
        results.add(threads.submit(() -> predict(model, random((int) shape.size(), 3), shape)));
      }
      for (int i = 0; i < 80; i++) {
        Shape shape = shape(i);
        assertArrayEquals(
            predict(model, random((int) shape.size(), 3), shape), results.get(i).get());
      }
    }
  }

  private static Shape shape(int i) {
    return new Shape(1 + i % 2, 8, 4 + i % 10, 7);
  }

  @Test
  void parametersAreSavedAndLoadedByDjl(@TempDir Path folder) throws Exception {
    Shape shape = new Shape(1, 4, 6, 6);
    float[] values = random(4 * 36, 4);
    try (SeparableBlock saved = new SeparableBlock(description(4, 6, 3, 1), cpu);
        SeparableBlock loaded = new SeparableBlock(description(4, 6, 3, 1), cpu);
        SeparableBlock other = new SeparableBlock(description(4, 7, 3, 1), cpu);
        Model model = model(saved);
        Model again = model(loaded);
        Model wrong = model(other)) {
      model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, shape);
      assertEquals(
          List.of(
              "01SeparableBlock_depthwise.weight",
              "01SeparableBlock_depthwise.bias",
              "01SeparableBlock_pointwise.weight",
              "01SeparableBlock_pointwise.bias"),
          model.getBlock().getParameters().keys());
      model.save(folder, "block");
      again.load(folder, "block");
      assertArrayEquals(predict(model, values, shape), predict(again, values, shape));
      wrong.load(folder, "block"); // DJL takes any shape
      Exception refused =
          assertThrows(TranslateException.class, () -> predict(wrong, values, shape));
      assertEquals(
          "y: filter has 24 values, but 7x4x1x1 (O x C/groups x KH x KW) needs 28",
          refused.getCause().getMessage());
    }
  }

  @Test
  void newParametersAreSeen() throws Exception {
    Shape shape = new Shape(1, 2, 4, 4);
    float[] values = random(32, 5);
    try (SeparableBlock block = new SeparableBlock(description(2, 3, 3, 1), cpu);
        Model model = model(block)) {
      block.load(model.getNDManager(), filled(1), "layer");
      float[] before = predict(model, values, shape);
      block.load(model.getNDManager(), filled(2), "layer");
      float[] after = predict(model, values, shape);
      // Filters and biases twice as large: (2 d + 2) * 2 + 2 for d + 1 + 1.
      assertEquals(3, after.length / 16);
      for (int i = 0; i < before.length; i++) {
        assertEquals(4 * (before[i] - 1) + 2, after[i], TOLERANCE);
      }
    }
  }

  private static StateDict filled(float value) {
    Map<String, FloatArray> arrays = new LinkedHashMap<>();
    put(arrays, value, "layer.depthwise.weight", 2, 1, 3, 3);
    put(arrays, value, "layer.depthwise.bias", 2);
    put(arrays, value, "layer.pointwise.weight", 3, 2, 1, 1);
    put(arrays, value, "layer.pointwise.bias", 3);
    return new StateDict("filled", arrays);
  }

  private static void put(Map<String, FloatArray> arrays, float value, String name, int... shape) {
    int count = 1;
    for (int size : shape) {
      count *= size;
    }
    float[] values = new float[count];
    Arrays.fill(values, value);
    arrays.put(name, FloatArray.of(name, values, shape));
  }

  @Test
  void parametersThatDoNotFitAreNamed() {
    try (SeparableBlock block = new SeparableBlock(description(2, 4, 3, 1), cpu);
        Model model = model(block)) {
      assertEquals(
          "layer.pointwise.weight of filled is (3, 2, 1, 1) and must be (4, 2, 1, 1)",
          refused(() -> block.load(model.getNDManager(), filled(1), "layer")));
      assertEquals(
          "filled has no block1.depthwise.weight",
          refused(() -> block.load(model.getNDManager(), filled(1), "block1")));
      assertEquals(
          "the input is (2, 4), but must be N x C x H x W",
          refused(() -> block.getOutputShapes(new Shape[] {new Shape(2, 4)})));
    }
    SeparableConv2d residual = SeparableConv2d.of(4, 4).same().residual().build();
    assertTrue(
        refused(() -> new SeparableBlock(residual, cpu)).startsWith("a block has one input"));
  }

  private static String refused(Runnable call) {
    return assertThrows(IllegalArgumentException.class, call::run).getMessage();
  }

  @Test
  void trainingIsRefused() {
    Shape shape = new Shape(1, 2, 4, 4);
    try (SeparableBlock block = new SeparableBlock(description(2, 3, 3, 1), cpu);
        Model model = model(block);
        Trainer trainer = model.newTrainer(new DefaultTrainingConfig(Loss.l2Loss()));
        NDManager manager = trainer.getManager().newSubManager()) {
      trainer.initialize(shape);
      NDList input = new NDList(manager.create(random(32, 6), shape));
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> trainer.forward(input));
      assertTrue(refused.getMessage().contains("train DJL's own Conv2d"), refused.getMessage());
      assertEquals(new Shape(1, 3, 4, 4), trainer.evaluate(input).singletonOrThrow().getShape());
    }
  }

  @Test
  void otherTypesAreRefused() {
    try (SeparableBlock block = new SeparableBlock(description(2, 3, 3, 1), cpu);
        Model model = model(block);
        NDManager manager = model.getNDManager().newSubManager()) {
      block.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 2, 4, 4));
      NDList input = new NDList(manager.zeros(new Shape(1, 2, 4, 4), DataType.FLOAT64));
      Exception refused =
          assertThrows(
              TranslateException.class,
              () -> model.newPredictor(new NoopTranslator(null)).predict(input));
      assertTrue(
          refused.getCause().getMessage().equals("the input is float64, but must be float32"),
          refused::toString);
    }
  }

  @Test
  void whatIsClosedRunsAgain() throws Exception {
    Shape shape = new Shape(1, 2, 4, 4);
    SeparableBlock block = new SeparableBlock(description(2, 3, 3, 1), cpu);
    try (Model model = model(block)) {
      block.load(model.getNDManager(), filled(1), "layer");
      float[] before = predict(model, random(32, 7), shape);
      block.close();
      block.close();
      assertArrayEquals(before, predict(model, random(32, 7), shape));
    } finally {
      block.close();
    }
  }
}
