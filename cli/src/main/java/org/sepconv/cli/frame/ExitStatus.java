package org.sepconv.cli.frame;

/** What the process tells the shell. */
public final class ExitStatus {

  /** Done, and every check passed. */
  public static final int OK = 0;

  /** A check failed, or a backend did. */
  public static final int FAILED = 1;

  /** Wrong usage or bad input: trying again will not help. */
  public static final int USAGE = 2;

  private ExitStatus() {}
}
