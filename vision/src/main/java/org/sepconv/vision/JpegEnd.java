package org.sepconv.vision;

/**
 * Whether a JPEG was cut short. The decoder paints what is missing grey and goes on, so its markers
 * are followed here: segments by their length, a scan up to the next marker, until the one that
 * ends the picture. What comes behind it does not matter.
 */
final class JpegEnd {
  private static final int MARKER = 0xFF;
  private static final int STUFFED = 0x00;
  private static final int TEM = 0x01;
  private static final int RESTART_FIRST = 0xD0;
  private static final int RESTART_LAST = 0xD7;
  private static final int START = 0xD8;
  private static final int END = 0xD9;

  private JpegEnd() {}

  /** Whether the end of the picture is missing. */
  static boolean isMissing(byte[] file) {
    int at = 0;
    while (at < file.length) {
      int next = marker(file, at);
      if (next < 0) {
        return true;
      }
      int marker = file[next] & 0xFF;
      at = next + 1;
      if (marker == END) {
        return false;
      }
      if (marker != START && marker != TEM) {
        if (at + 2 > file.length) {
          return true;
        }
        at += Math.max(2, (file[at] & 0xFF) << 8 | file[at + 1] & 0xFF);
      }
      // After the header of a scan its data come, which have no length: marker() runs through them.
    }
    return true;
  }

  /** Where the next marker's second byte is, or -1. */
  private static int marker(byte[] file, int from) {
    for (int at = from; at + 1 < file.length; at++) {
      int code = file[at + 1] & 0xFF;
      boolean inData = code == STUFFED || code >= RESTART_FIRST && code <= RESTART_LAST;
      if ((file[at] & 0xFF) == MARKER && code != MARKER && !inData) {
        return at + 1;
      }
    }
    return -1;
  }
}
