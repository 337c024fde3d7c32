package org.sepconv.cli;

/** What the process tells the shell. */
final class ExitStatus {

  /** Done, and every check passed. */
  static final int OK = 0;

  /** A check failed, or a backend did. */
  static final int FAILED = 1;

  /** Wrong usage or bad input: trying again will not help. */
  static final int USAGE = 2;

  private ExitStatus() {}
}
