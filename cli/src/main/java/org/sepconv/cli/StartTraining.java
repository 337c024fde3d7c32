package org.sepconv.cli;

import org.sepconv.cli.frame.StandardError;

/**
 * Runs commands one after the other, so that the JVM sees which classes they need. The launcher's
 * build records those in the cache with which later processes start.
 */
final class StartTraining {

  private StartTraining() {}

  /**
   * Always ends with status 0: that a command fails, for want of a device, matters to nobody here.
   *
   * @param commands each with its arguments, separated by spaces
   */
  public static void main(String[] commands) {
    StandardError.restore();
    for (String command : commands) {
      Main.run(command.split(" "));
    }
    System.exit(0);
  }
}
