package org.sepconv.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.function.Function;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The {@code sepconv} command.
 *
 * <p>Exit status: 0 = done; 1 = a check or a backend failed; 2 = wrong usage or bad input.
 */
@Command(
    name = "sepconv",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    abbreviateSynopsis = true,
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%n",
    exitCodeOnInvalidInput = ExitStatus.USAGE,
    exitCodeOnExecutionException = ExitStatus.FAILED)
public final class Main {

  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error; with bench, also what its JVMs print.")
  private boolean verbose;

  private final Function<BackendOptions, Backends> discovery;

  private Main(Function<BackendOptions, Backends> discovery) {
    this.discovery = discovery;
  }

  /** Runs the command with the backends on the class path and ends the process. */
  public static void main(String[] args) {
    StandardError.restore();
    if (System.getProperty(LOG_FORMAT) == null) {
      System.setProperty(LOG_FORMAT, "sepconv: %5$s%6$s%n"); // what backends log, on one line
    }
    Charset charset = System.out.charset();
    int status =
        commandLine(Backends::discover)
            .setOut(new PrintWriter(System.out, true, charset))
            .setErr(new PrintWriter(System.err, true, charset))
            .execute(args);
    System.out.flush();
    System.exit(status);
  }

  /**
   * The whole command, ready to execute.
   *
   * @param discovery finds the backends; tests give their own
   */
  static CommandLine commandLine(Function<BackendOptions, Backends> discovery) {
    CommandLine root = new CommandLine(new Main(discovery));
    root.addSubcommand(new CompareCommand());
    root.addSubcommand(new CostCommand());
    root.addSubcommand(new SelectCommand());
    root.addSubcommand(new VerifyCommand());
    root.addSubcommand(new FilterCommand());
    root.addSubcommand(new ApplyCommand());
    root.addSubcommand(new DevicesCommand());
    root.addSubcommand(new DoctorCommand());
    root.addSubcommand(new CalibrateCommand());
    root.addSubcommand(new AccuracyCommand());
    root.addSubcommand(new ScanCommand());
    root.addSubcommand(new BenchCommand());
    root.addSubcommand(new GenerateCompletion());
    // After the subcommands, which would inherit it.
    root.getCommandSpec()
        .usageMessage()
        .description(
            "Depthwise-separable convolution: what it costs, which backend runs it fastest, and"
                + " whether all of them compute the same numbers.")
        .footer(
            "Start with:  sepconv compare",
            "Completion:  source <(sepconv generate-completion)   (bash, zsh)",
            "",
            "Exit status: 0 done, 1 a check or a backend failed, 2 wrong usage or bad input.");
    Converters.register(root);
    root.setParameterExceptionHandler(Errors::onBadUsage);
    root.setExecutionExceptionHandler(Errors::onFailure);
    root.setExecutionStrategy(Main::runLast);
    return root;
  }

  private static int runLast(CommandLine.ParseResult parsed) {
    CommandLine.ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    if (last == parsed && !parsed.isUsageHelpRequested() && !parsed.isVersionHelpRequested()) {
      CommandLine root = parsed.commandSpec().commandLine();
      throw new CommandLine.ParameterException(root, "a command is missing");
    }
    try {
      if (!last.isUsageHelpRequested() && !last.isVersionHelpRequested()) {
        checkOutput(last);
      }
      return new CommandLine.RunLast().execute(parsed);
    } catch (OutOfMemoryError | LinkageError failure) {
      // picocli turns exceptions into an exit status, but not these.
      CommandLine command = last.commandSpec().commandLine();
      Errors.print(
          command.getErr(), Errors.describe(failure), failure, of(last.commandSpec()).verbose());
      return ExitStatus.FAILED;
    }
  }

  /** A command whose results could not be written does not begin. */
  private static void checkOutput(CommandLine.ParseResult command) {
    try {
      for (CommandLine.Model.CommandSpec mixin : command.commandSpec().mixins().values()) {
        if (mixin.userObject() instanceof OutputMixin output) {
          output.check();
        }
      }
    } catch (IOException failure) {
      throw new CommandLine.ExecutionException(
          command.commandSpec().commandLine(), failure.getMessage(), failure);
    }
  }

  boolean verbose() {
    return verbose;
  }

  /** The backends to use, opened by nothing yet. The caller closes them. */
  Backends discover(BackendOptions options) {
    return discovery.apply(options);
  }

  /** The object of the top command, from that of any subcommand. */
  static Main of(CommandLine.Model.CommandSpec spec) {
    return (Main) spec.root().userObject();
  }
}
