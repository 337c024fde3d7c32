package org.sepconv.cli.frame;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.sepconv.spi.BackendException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns exceptions into one line on stderr and an exit status. */
public final class Errors {
  private static final String INTERNAL = "internal error: ";

  private Errors() {}

  /** For what picocli refuses while it parses. */
  public static int onBadUsage(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    boolean verbose = TopCommand.of(command.getCommandSpec()).verbose();
    String name = command.getCommandSpec().qualifiedName();
    String message = unknownCommand(failure).orElseGet(() -> message(failure));
    print(command.getErr(), message + " (see: " + name + " --help)", failure, verbose);
    return ExitStatus.USAGE;
  }

  private static Optional<String> unknownCommand(ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    if (failure instanceof UnmatchedArgumentException unmatched
        && !command.getSubcommands().isEmpty()
        && !unmatched.getUnmatched().getFirst().startsWith("-")) {
      return Optional.of(
          "there is no command '%s'; there are: %s"
              .formatted(
                  unmatched.getUnmatched().getFirst(),
                  String.join(", ", command.getSubcommands().keySet())));
    }
    return Optional.empty();
  }

  /** For what a command throws. */
  public static int onFailure(Exception failure, CommandLine command, ParseResult parsed) {
    boolean verbose = TopCommand.of(command.getCommandSpec()).verbose();
    String message = describe(failure);
    if (message.startsWith(INTERNAL) && !verbose) {
      message += "; --verbose prints where";
    }
    print(command.getErr(), message, failure, verbose);
    return status(failure);
  }

  private static int status(Throwable failure) {
    return switch (failure) {
      case IllegalArgumentException _, IOException _, UncheckedIOException _ -> ExitStatus.USAGE;
      default -> ExitStatus.FAILED;
    };
  }

  /** One line for a person to read. */
  public static String describe(Throwable failure) {
    return oneLine(explain(failure));
  }

  /** The same where the line says already which device it is about. */
  public static String describe(Throwable failure, String device) {
    String text = describe(failure);
    return text.startsWith(device + ": ") ? text.substring(device.length() + 2) : text;
  }

  /** {@code text} without line breaks. */
  public static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  private static String explain(Throwable failure) {
    return switch (failure) {
      case UncheckedIOException wrapper when wrapper.getCause() != null ->
          explain(wrapper.getCause());
      case NoSuchFileException missing -> missing.getFile() + ": no such file or directory";
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case FileAlreadyExistsException exists -> exists.getFile() + ": exists already";
      case FileSystemException other ->
          other.getFile() + ": " + Optional.ofNullable(other.getReason()).orElse("cannot be used");
      case FileNotFoundException other -> message(other);
      case IllegalArgumentException wrong -> message(wrong);
      case BackendException device -> message(device);
      case IOException other -> message(other);
      case OutOfMemoryError _ ->
          "not enough memory (heap limit %d MB); give more with JAVA_OPTS=-Xmx..., or use a smaller input"
              .formatted(Runtime.getRuntime().maxMemory() >> 20);
      case LinkageError library -> "a library does not load: " + library;
      default -> INTERNAL + failure;
    };
  }

  private static String message(Throwable failure) {
    return Optional.ofNullable(failure.getMessage()).orElseGet(failure::toString);
  }

  /** Prints the one line, and with {@code verbose} where it comes from. */
  public static void print(PrintWriter err, String message, Throwable failure, boolean verbose) {
    err.println("sepconv: " + oneLine(message));
    if (verbose) {
      failure.printStackTrace(err);
    }
    err.flush();
  }
}
