package org.sepconv.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.sepconv.cli.apply.ApplyCommand;
import org.sepconv.cli.bench.BenchCommand;
import org.sepconv.cli.bench.ScanCommand;
import org.sepconv.cli.calibrate.AccuracyCommand;
import org.sepconv.cli.calibrate.CalibrateCommand;
import org.sepconv.cli.classify.ClassifyCommand;
import org.sepconv.cli.compare.CompareCommand;
import org.sepconv.cli.cost.CostCommand;
import org.sepconv.cli.device.DevicesCommand;
import org.sepconv.cli.device.SelectCommand;
import org.sepconv.cli.device.VerifyCommand;
import org.sepconv.cli.doctor.DoctorCommand;
import org.sepconv.cli.frame.Converters;
import org.sepconv.cli.frame.Errors;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.cli.frame.StandardError;
import org.sepconv.cli.frame.TopCommand;
import org.sepconv.cli.network.ConvertCommand;
import org.sepconv.cli.network.ExportCommand;
import org.sepconv.cli.network.RunCommand;
import org.sepconv.cli.picture.FilterCommand;
import org.sepconv.cli.show.ShowCommand;
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
public final class Main implements TopCommand {

  private static final String COMPLETION = "generate-completion";

  /** In the order of {@code --help}. */
  private static final List<String> SUBCOMMANDS =
      List.of(
          "compare",
          "cost",
          "select",
          "verify",
          "filter",
          "apply",
          "run",
          "show",
          "classify",
          "export",
          "convert",
          "devices",
          "doctor",
          "calibrate",
          "accuracy",
          "scan",
          "bench",
          COMPLETION);

  private static final Set<String> VERSION_OPTIONS = Set.of("--version", "-V");
  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description =
          "Print the stack trace of an error; with select and run, also the kernels that the chosen"
              + " device considered; with bench, what its JVMs print.")
  private boolean verbose;

  private final Function<BackendOptions, Backends> discovery;

  private Main(Function<BackendOptions, Backends> discovery) {
    this.discovery = discovery;
  }

  /** Runs the command with the backends on the class path and ends the process. */
  public static void main(String[] args) {
    if (DevicesCommand.onlyLists(args)) {
      StandardError.restoreWhenWritten();
    } else {
      StandardError.restore();
    }
    System.exit(run(args));
  }

  /** Runs the command with the backends on the class path. */
  static int run(String... args) {
    if (System.getProperty(LOG_FORMAT) == null) {
      System.setProperty(LOG_FORMAT, "sepconv: %5$s%6$s%n"); // what backends log, on one line
    }
    PrintStream out = System.out;
    // What a backend prints where it should not must not come between the results.
    System.setOut(System.err);
    try {
      return commandLine(Backends::discover, args)
          .setOut(new PrintWriter(out, true, out.charset()))
          .setErr(new PrintWriter(System.err, true, out.charset()))
          .execute(args);
    } finally {
      out.flush();
      System.setOut(out);
    }
  }

  /**
   * The whole command, ready to execute, or to be described in manual pages.
   *
   * @param discovery finds the backends; tests give their own
   * @param arguments what it will be executed with
   */
  public static CommandLine commandLine(
      Function<BackendOptions, Backends> discovery, String... arguments) {
    CommandLine root = new CommandLine(new Main(discovery));
    for (String name : needed(arguments)) {
      root.addSubcommand(name, subcommand(name));
    }
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

  /**
   * The names of the subcommands that these arguments need: of the one that they begin with, none
   * to print the version, or else of all. picocli takes longer to look at the options of all of
   * them than most of them take to run.
   */
  private static List<String> needed(String... arguments) {
    if (arguments.length > 0
        && SUBCOMMANDS.contains(arguments[0])
        && !arguments[0].equals(COMPLETION)) {
      return List.of(arguments[0]);
    }
    return arguments.length == 1 && VERSION_OPTIONS.contains(arguments[0])
        ? List.of()
        : SUBCOMMANDS;
  }

  private static Object subcommand(String name) {
    return switch (name) {
      case "compare" -> new CompareCommand();
      case "cost" -> new CostCommand();
      case "select" -> new SelectCommand();
      case "verify" -> new VerifyCommand();
      case "filter" -> new FilterCommand();
      case "apply" -> new ApplyCommand();
      case "run" -> new RunCommand();
      case "show" -> new ShowCommand();
      case "classify" -> new ClassifyCommand();
      case "export" -> new ExportCommand();
      case "convert" -> new ConvertCommand();
      case "devices" -> new DevicesCommand();
      case "doctor" -> new DoctorCommand();
      case "calibrate" -> new CalibrateCommand();
      case "accuracy" -> new AccuracyCommand();
      case "scan" -> new ScanCommand();
      case "bench" -> new BenchCommand();
      case COMPLETION -> new GenerateCompletion();
      default -> throw new IllegalArgumentException("there is no command '" + name + "'");
    };
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
    } catch (OutOfMemoryError | LinkageError | AssertionError failure) {
      // picocli turns exceptions into an exit status, but not these.
      CommandLine command = last.commandSpec().commandLine();
      Errors.print(
          command.getErr(),
          Errors.describe(failure),
          failure,
          TopCommand.of(last.commandSpec()).verbose());
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

  @Override
  public boolean verbose() {
    return verbose;
  }

  @Override
  public Backends discover(BackendOptions options) {
    return discovery.apply(options);
  }
}
