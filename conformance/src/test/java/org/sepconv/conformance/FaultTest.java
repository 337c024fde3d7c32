package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The suite catches every wrong backend, with the rules that are about what is wrong. */
class FaultTest {

  @ParameterizedTest
  @EnumSource
  void isCaughtByItsRulesAndByNoOthers(Fault fault) {
    SuiteRun run = SuiteRun.of(LoopProvider.with(fault), "", fault::runs);
    for (int rule : fault.caughtBy) {
      assertTrue(
          run.failed.containsKey(rule),
          () -> "rule %d did not notice; these did: %s".formatted(rule, run.failed.keySet()));
    }
    Map<Integer, String> unexpected = new TreeMap<>(run.failed);
    unexpected.keySet().removeAll(fault.caughtBy);
    unexpected.keySet().removeAll(fault.mayFail);
    assertEquals(Map.of(), unexpected, "rules that have nothing to do with " + fault);
    assertEquals(Map.of(), run.broken, "failures outside of rules");
  }

  @Test
  void anOptionalRuleIsSkippedWithItsReason() {
    SuiteRun run =
        SuiteRun.of(LoopProvider.with(Fault.FLUSHED_SUBNORMALS), "", rule -> rule == 206);
    assertTrue(run.skipped.get(206).contains("subnormal numbers are lost"), run.skipped::toString);
  }

  @Test
  void whatIsNotSupportedIsSkippedWithTheReason() {
    SuiteRun run = SuiteRun.of(LoopProvider.with(Fault.NO_REASON), "", rule -> rule == 103);
    assertTrue(run.skipped.get(103).contains("unsupported: dilation."), run.skipped::toString);
    assertEquals(Map.of(), run.failed);
  }

  @Test
  void messagesSayWhatIsWrongAndWhere() {
    SuiteRun run =
        SuiteRun.of(
            LoopProvider.with(Fault.UNWRITTEN_LAST_ROW), "", rule -> rule == 102 || rule == 120);
    String message = run.failed.get(102);
    assertTrue(message.contains("stride.depthwise-2 depthwise in=5x12x13"), message);
    assertTrue(
        message.contains(
            "NCHW -> NCHW, INTEGERS: 35 of 210 outputs are wrong, first at n=0 c=0 y=5 x=0"),
        message);
    assertTrue(message.contains("got NaN (allowed error 0, for these sums are exact)"), message);
    assertTrue(message.contains("all wrong ones are in n 0-0, c 0-4, y 5-5, x 0-6"), message);
    String random = run.failed.get(120);
    assertTrue(random.contains("40 of 40 random cases failed (seed 1)"), random);
    assertTrue(random.contains("smallest: random.0 pointwise in=1x1x1 out=1"), random);
  }
}
