package org.sepconv.cli.frame;

import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Checks of options that several commands share. */
public final class OptionChecks {
  private OptionChecks() {}

  /**
   * Refuses an option that would be ignored: of a convolution beside a network, or of a network
   * without one.
   *
   * @param command with {@link ConvolutionOptionsMixin} and {@link NetworkOptionsMixin} mixed in
   * @param network whether {@code --network} is given
   * @param ofBoth longest names of options of a convolution that serve a network too
   */
  public static void refuseMixed(CommandSpec command, boolean network, Set<String> ofBoth) {
    for (CommandSpec mixin : command.mixins().values()) {
      for (OptionSpec option : mixin.options()) {
        String name = option.longestName();
        if (!command.commandLine().getParseResult().hasMatchedOption(name)) {
          continue;
        }
        if (network
            && mixin.userObject() instanceof ConvolutionOptionsMixin
            && !ofBoth.contains(name)) {
          throw new ParameterException(
              command.commandLine(),
              name + " describes one convolution; leave it out with --network");
        }
        if (!network && mixin.userObject() instanceof NetworkOptionsMixin) {
          throw new ParameterException(
              command.commandLine(), name + " belongs to --network, which is not given");
        }
      }
    }
  }

  /**
   * Refuses a time that is not positive, or longer than an hour.
   *
   * @param option as it is written: {@code --time}
   */
  public static void requireSeconds(String option, double seconds) {
    if (!(seconds > 0 && seconds <= 3600)) {
      throw new IllegalArgumentException("%s is %s, not in (0, 3600]".formatted(option, seconds));
    }
  }
}
