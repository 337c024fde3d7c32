package org.sepconv.opencl.kernel;

import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;

/** Weights in the orders that the kernels read; each kernel's header draws its own. */
final class Packing {
  private Packing() {}

  static int roundUp(int value, int multiple) {
    return Math.ceilDiv(value, multiple) * multiple;
  }

  /** [tap][channel, padded to {@code padded}] of a depthwise filter without multiplier. */
  static float[] taps(Conv2d conv, ConvWeights weights, int padded) {
    float[] filter = weights.filter();
    int taps = conv.kernelH() * conv.kernelW();
    float[] packed = new float[Math.multiplyExact(taps, padded)];
    for (int c = 0; c < conv.outChannels(); c++) {
      for (int tap = 0; tap < taps; tap++) {
        packed[tap * padded + c] = filter[c * taps + tap];
      }
    }
    return packed;
  }

  /** [group][output, each group padded to {@code padded}]. */
  static float[] bias(Conv2d conv, ConvWeights weights, int padded) {
    float[] bias = weights.biasOrZeros(conv.outChannels());
    float[] packed = new float[Math.multiplyExact(conv.groups(), padded)];
    int outputs = conv.outputsPerGroup();
    for (int group = 0; group < conv.groups(); group++) {
      System.arraycopy(bias, group * outputs, packed, group * padded, outputs);
    }
    return packed;
  }

  /** [group][panel][tap][channel][output of the panel], then {@code zeros} zeros. */
  static float[] panels(Conv2d conv, ConvWeights weights, int panelWidth, int zeros) {
    float[] filter = weights.filter();
    int channels = conv.channelsPerGroup();
    int taps = conv.kernelH() * conv.kernelW();
    int outputs = conv.outputsPerGroup();
    int panels = Math.ceilDiv(outputs, panelWidth);
    int depth = taps * channels;
    long length = (long) conv.groups() * panels * depth * panelWidth + zeros;
    float[] packed = new float[Math.toIntExact(length)];
    for (int o = 0; o < conv.outChannels(); o++) {
      int panel = o / outputs * panels + o % outputs / panelWidth;
      int lane = o % outputs % panelWidth;
      for (int tap = 0; tap < taps; tap++) {
        for (int c = 0; c < channels; c++) {
          packed[(panel * depth + tap * channels + c) * panelWidth + lane] =
              filter[(o * channels + c) * taps + tap];
        }
      }
    }
    return packed;
  }

  /** [group][tap * channels + channel, padded][output of the group, padded]. */
  static float[] matrix(Conv2d conv, ConvWeights weights, int paddedDepth, int paddedOutputs) {
    float[] filter = weights.filter();
    int channels = conv.channelsPerGroup();
    int taps = conv.kernelH() * conv.kernelW();
    int outputs = conv.outputsPerGroup();
    long length = (long) conv.groups() * paddedDepth * paddedOutputs;
    float[] packed = new float[Math.toIntExact(length)];
    for (int o = 0; o < conv.outChannels(); o++) {
      for (int tap = 0; tap < taps; tap++) {
        for (int c = 0; c < channels; c++) {
          int row = o / outputs * paddedDepth + tap * channels + c;
          packed[row * paddedOutputs + o % outputs] = filter[(o * channels + c) * taps + tap];
        }
      }
    }
    return packed;
  }
}
