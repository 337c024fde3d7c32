package org.sepconv.conformance;

import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackendProvider;

/**
 * What every backend must do. A backend's tests extend it with one class:
 *
 * <pre>{@code
 * class MyConformanceTest extends ConformanceSuite {
 *   protected ConvBackendProvider provider() {
 *     return new MyBackendProvider();
 *   }
 * }
 * }</pre>
 *
 * <p>The rules are numbered; the README of this module says what each means and what to look for
 * when it fails. A test that breaks a {@code required} rule fails; one that breaks an {@code
 * optional} rule is skipped, with the reason. A convolution that the backend does not support is
 * skipped, with the backend's reason.
 *
 * <p>Where the backend is unavailable, all is skipped but the rules about its provider, unless the
 * environment variable {@code SEPCONV_REQUIRE}, a comma-separated list, names the backend or the
 * device: then every test fails.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ConformanceSuite {
  private Optional<Subject> subject = Optional.empty();

  /** For subclasses. */
  protected ConformanceSuite() {}

  /** The backend under test; called once. */
  protected abstract ConvBackendProvider provider();

  /** How it is opened; the defaults unless overridden. It will not warm up: the suite runs once. */
  protected BackendOptions options() {
    return BackendOptions.defaults();
  }

  /** The id of the device to test, as in {@code opencl:1}; the first one unless overridden. */
  protected Optional<String> device() {
    return Optional.empty();
  }

  /** The seed of random numbers and operations; the same every time unless overridden. */
  protected long seed() {
    return 1;
  }

  /** How many random operations are tried. */
  protected int randomCases() {
    return 500;
  }

  /** The value of {@link Requirement#VARIABLE}. */
  String requirements() {
    return Requirement.variable();
  }

  private synchronized Subject subject() {
    if (subject.isEmpty()) {
      subject =
          Optional.of(
              new Subject(provider(), options(), device(), requirements(), seed(), randomCases()));
    }
    return subject.get();
  }

  @AfterAll
  void closeBackend() {
    subject.ifPresent(Subject::close);
  }

  /** Rules 101 to 130. */
  @Nested
  @DisplayName("1xx numbers")
  class Numbers extends NumberRules {
    Numbers() {
      super(ConformanceSuite.this::subject);
    }
  }

  /** Rules 201 to 213. */
  @Nested
  @DisplayName("2xx data")
  class Data extends DataRules {
    Data() {
      super(ConformanceSuite.this::subject);
    }
  }

  /** Rules 301 to 305. */
  @Nested
  @DisplayName("3xx determinism and concurrency")
  class Concurrency extends ConcurrencyRules {
    Concurrency() {
      super(ConformanceSuite.this::subject);
    }
  }

  /** Rules 401 to 408. */
  @Nested
  @DisplayName("4xx lifecycle")
  class Lifecycle extends LifecycleRules {
    Lifecycle() {
      super(ConformanceSuite.this::subject);
    }
  }

  /** Rules 501 to 511. */
  @Nested
  @DisplayName("5xx errors")
  class Errors extends ErrorRules {
    Errors() {
      super(ConformanceSuite.this::subject);
    }
  }

  /** Rules 601 to 607. */
  @Nested
  @DisplayName("6xx provider")
  class Provider extends ProviderRules {
    Provider() {
      super(ConformanceSuite.this::subject);
    }
  }

  /** Rules 701 to 708. */
  @Nested
  @DisplayName("7xx runs and graphs")
  class Runs extends RunRules {
    Runs() {
      super(ConformanceSuite.this::subject);
    }
  }

  /** Rule 801. */
  @Nested
  @DisplayName("8xx operations of networks")
  class Operations extends OperationRules {
    Operations() {
      super(ConformanceSuite.this::subject);
    }
  }
}
