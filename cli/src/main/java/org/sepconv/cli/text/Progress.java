package org.sepconv.cli.text;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A bar on stderr while something takes long, gone without a trace when it is closed; nothing where
 * stderr is not a terminal.
 */
public interface Progress extends AutoCloseable {

  /** Set by the launcher, which can ask about stderr alone. */
  String TERMINAL_PROPERTY = "sepconv.terminal";

  int COLUMNS = 79;

  /** Shows that {@code done} of the steps are done, and what is being worked on. */
  void show(long done, String what);

  @Override
  void close();

  /**
   * A bar of so many steps.
   *
   * @param unit stands behind their number
   */
  static Progress start(String task, long steps, String unit) {
    return onTerminal() ? new Bar(task, steps, unit) : new Silent();
  }

  @SuppressWarnings("SystemConsoleNull") // it is, in an image of modules without jdk.internal.le
  private static boolean onTerminal() {
    String told = System.getProperty(TERMINAL_PROPERTY);
    return told == null
        ? System.console() != null && System.console().isTerminal()
        : Boolean.parseBoolean(told);
  }

  /** Shows nothing. */
  record Silent() implements Progress {
    @Override
    public void show(long done, String what) {}

    @Override
    public void close() {}
  }

  /** A bar. */
  record Bar(ProgressBar bar) implements Progress {
    Bar(String task, long steps, String unit) {
      this(
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(steps)
              .setUnit(unit, 1)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .hideEta()
              .setConsumer(new ConsoleProgressBarConsumer(System.err, COLUMNS))
              .clearDisplayOnFinish()
              .build());
    }

    @Override
    public void show(long done, String what) {
      bar.stepTo(done);
      bar.setExtraMessage(what);
    }

    @Override
    public void close() {
      bar.close();
    }
  }
}
