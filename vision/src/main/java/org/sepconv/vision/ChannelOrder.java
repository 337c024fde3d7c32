package org.sepconv.vision;

/** The order of a tensor's channels. */
public enum ChannelOrder {
  /** Red, green, blue: most networks. */
  RGB(0, 1, 2),
  /** Blue, green, red: OpenCV, Caffe, and networks that were trained behind them. */
  BGR(2, 1, 0),
  /** One channel, red: of grey pictures, where all colours are the same. */
  GREY(0);

  private final int[] colours;

  ChannelOrder(int... colours) {
    this.colours = colours;
  }

  int channels() {
    return colours.length;
  }

  /** Which of red (0), green and blue (2) a channel is. */
  int colour(int channel) {
    return colours[channel];
  }
}
