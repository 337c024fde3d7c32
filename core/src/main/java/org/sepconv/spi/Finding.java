package org.sepconv.spi;

import java.util.List;
import java.util.Objects;

/**
 * What one check of the machine or of a backend came to.
 *
 * @param check what was looked at, in a word or two: {@code driver}
 * @param status how it is
 * @param found what was found, as a fact
 * @param remedy a command or a setting that puts it right; empty where it is right, or nothing can
 *     be done
 */
public record Finding(String check, Status status, String found, String remedy) {

  /** How it is. */
  public enum Status {
    /** As it should be. */
    OK,
    /** It works, but slower than it could, or something optional is missing. */
    WARNING,
    /** What the user most likely wants will not work. */
    FAILED,
    /** The question does not arise on this machine. */
    NOT_APPLICABLE
  }

  public Finding {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(found, "found");
    Objects.requireNonNull(remedy, "remedy");
    if (check.isBlank()) {
      throw new IllegalArgumentException("a finding must name its check; it found: " + found);
    }
  }

  public static Finding ok(String check, String found) {
    return new Finding(check, Status.OK, found, "");
  }

  public static Finding warning(String check, String found, String remedy) {
    return new Finding(check, Status.WARNING, found, remedy);
  }

  public static Finding failed(String check, String found, String remedy) {
    return new Finding(check, Status.FAILED, found, remedy);
  }

  public static Finding notApplicable(String check, String why) {
    return new Finding(check, Status.NOT_APPLICABLE, why, "");
  }

  /** What probing alone tells: each device, or a warning that there is none. */
  public static List<Finding> of(Availability availability) {
    return switch (availability) {
      case Availability.Unavailable(String reason, String remedy) ->
          List.of(warning("availability", reason, remedy));
      case Availability.Available(List<DeviceInfo> devices) ->
          devices.stream().map(device -> ok(device.id(), device.name())).toList();
    };
  }
}
