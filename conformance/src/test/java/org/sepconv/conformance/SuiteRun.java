package org.sepconv.conformance;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.sepconv.spi.ConvBackendProvider;

/** What became of each rule when the suite ran on a backend. */
final class SuiteRun implements TestExecutionListener {
  private static final Pattern RULE = Pattern.compile("(?:required|optional)_(\\d+)_");

  /** The first message of each rule that failed. */
  final Map<Integer, String> failed = new TreeMap<>();

  /** The first message of each rule of which a test was skipped. */
  final Map<Integer, String> skipped = new TreeMap<>();

  /** Rules with a test that passed, whatever became of their other tests. */
  final Set<Integer> passed = new TreeSet<>();

  /** Failures outside of any rule. */
  final Map<String, String> broken = new TreeMap<>();

  private SuiteRun() {}

  /**
   * @param rules the numbers of the rules to run
   */
  static SuiteRun of(ConvBackendProvider provider, String requirements, IntPredicate rules) {
    SuiteRun run = new SuiteRun();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectClass(FaultySuite.class))
            .filters(
                (PostDiscoveryFilter)
                    test -> FilterResult.includedIf(isSelected(test, rules), () -> "", () -> ""))
            .build();
    LauncherConfig config =
        LauncherConfig.builder()
            .enableTestExecutionListenerAutoRegistration(false)
            .enableLauncherSessionListenerAutoRegistration(false)
            .build();
    ScopedValue.where(FaultySuite.PROVIDER, provider)
        .where(FaultySuite.REQUIREMENTS, requirements)
        .run(() -> LauncherFactory.create(config).execute(request, run));
    return run;
  }

  private static boolean isSelected(TestDescriptor test, IntPredicate rules) {
    Matcher rule = RULE.matcher(test.getUniqueId().toString());
    return !rule.find() || rules.test(Integer.parseInt(rule.group(1)));
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    String message = result.getThrowable().map(Throwable::toString).orElse("");
    Matcher matcher = RULE.matcher(test.getUniqueId());
    if (!matcher.find()) {
      if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
        broken.put(test.getUniqueId(), message);
      }
      return;
    }
    int rule = Integer.parseInt(matcher.group(1));
    switch (result.getStatus()) {
      case FAILED -> failed.putIfAbsent(rule, message);
      case ABORTED -> skipped.putIfAbsent(rule, message);
      case SUCCESSFUL -> {
        if (test.isTest()) {
          passed.add(rule);
        }
      }
    }
  }
}
