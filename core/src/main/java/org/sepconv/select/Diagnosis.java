package org.sepconv.select;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.sepconv.spi.Availability;
import org.sepconv.spi.Finding;

/**
 * What a backend says of its own state on this machine.
 *
 * @param backend its name; the provider's class where it has none
 * @param findings in a sensible order, never empty
 */
public record Diagnosis(String backend, List<Finding> findings) {

  public Diagnosis {
    Objects.requireNonNull(backend, "backend");
    findings = List.copyOf(findings);
    if (findings.isEmpty()) {
      throw new IllegalArgumentException("no findings for " + backend);
    }
  }

  /** Asks a provider, unless it did not even answer before. Whatever it throws is a finding. */
  static Diagnosis of(Discovery.Found backend) {
    BackendStatus status = backend.status();
    if (!backend.answered()) {
      return broken(status);
    }
    List<Finding> findings;
    try {
      findings =
          new ArrayList<>(
              BoundedCall.usual().call(status.name(), () -> backend.provider().diagnose()));
    } catch (BoundedCall.Unanswered failure) {
      return new Diagnosis(
          status.name(),
          List.of(
              Finding.failed(
                  "diagnosis",
                  "was given up while it was diagnosed: " + failure.getMessage(),
                  failure.remedy())));
    } catch (RuntimeException | LinkageError | AssertionError failure) {
      findings = new ArrayList<>();
      findings.add(
          Finding.failed(
              "diagnosis",
              "failed while it was diagnosed: " + failure,
              "report this to the backend's author"));
      if (status.availability() instanceof Availability.Unavailable) {
        findings.addAll(Finding.of(status.availability()));
      }
      return new Diagnosis(status.name(), findings);
    }
    boolean saysWhy =
        findings.stream()
            .map(Finding::status)
            .anyMatch(found -> found == Finding.Status.WARNING || found == Finding.Status.FAILED);
    boolean unavailable = status.availability() instanceof Availability.Unavailable;
    if (findings.isEmpty() || unavailable && !saysWhy) {
      findings.addAll(Finding.of(status.availability()));
    }
    return new Diagnosis(status.name(), findings);
  }

  /** Of a provider that cannot even be asked. */
  static Diagnosis broken(BackendStatus status) {
    return new Diagnosis(
        status.name(),
        Finding.of(status.availability()).stream()
            .map(finding -> Finding.failed("provider", finding.found(), finding.remedy()))
            .toList());
  }
}
