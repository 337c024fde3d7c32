package org.sepconv.examples.guide;

import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The block in Deeplearning4j. It is compiled; its natives are not here to run it. */
public final class Dl4jBlock {
  private Dl4jBlock() {}

  public static void main(String[] args) {
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .list()
            .layer(
                new SeparableConvolution2D.Builder(3, 3)
                    .nIn(10)
                    .nOut(32)
                    .depthMultiplier(1)
                    .convolutionMode(ConvolutionMode.Same)
                    .hasBias(false)
                    .activation(Activation.IDENTITY)
                    .build())
            .setInputType(InputType.convolutional(112, 112, 10))
            .build();
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    network.setParam("0_W", Nd4j.create(Values.depthwise(), new int[] {1, 10, 3, 3}));
    network.setParam("0_pW", Nd4j.create(Values.pointwise(), new int[] {32, 10, 1, 1}));
    INDArray image = Nd4j.create(Values.image(), new int[] {1, 10, 112, 112});
    Values.print(network.output(image).reshape(-1).toFloatVector());
  }
}
