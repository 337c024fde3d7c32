package org.sepconv.cli.frame;

import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import picocli.CommandLine.Model.CommandSpec;

/** What the top command, {@code sepconv} itself, gives to the commands below it. */
public interface TopCommand {

  /** Whether {@code --verbose} is given. */
  boolean verbose();

  /** The backends to use, opened by nothing yet. The caller closes them. */
  Backends discover(BackendOptions options);

  /** The top command, from any that is below it. */
  static TopCommand of(CommandSpec spec) {
    return (TopCommand) spec.root().userObject();
  }
}
