package org.sepconv.cli.network;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.sepconv.cli.device.SelectCommand;
import org.sepconv.cli.frame.BackendOptionsMixin;
import org.sepconv.cli.frame.Errors;
import org.sepconv.select.Backends;

/**
 * Where a network runs. As JSON:
 *
 * @param name what the device calls itself
 * @param candidates the verdict on every device; empty if the user named one
 * @param estimates which predictions are estimates, and the way out; null if none is
 */
public record DeviceChoice(
    String device,
    String name,
    String reason,
    List<String> candidates,
    Optional<String> estimates) {

  /** What was named or selected. */
  public static DeviceChoice of(Backends backends, BackendOptionsMixin.Choice choice) {
    return new DeviceChoice(
        choice.backend().device().id(),
        choice.backend().device().name(),
        choice.selection().map(chosen -> chosen.reason()).orElse("named"),
        choice.selection().stream()
            .flatMap(chosen -> chosen.candidates().stream())
            .map(candidate -> Errors.oneLine(candidate.toString()))
            .toList(),
        choice.selection().flatMap(chosen -> SelectCommand.estimated(backends, chosen)));
  }

  /** Prints it, with an empty line behind it. */
  public void print(PrintWriter out) {
    out.printf("%s (%s)%n", device, reason);
    candidates.forEach(candidate -> out.println("  " + candidate));
    estimates.ifPresent(text -> out.printf("  predictions of %s%n", text));
    out.println();
  }
}
