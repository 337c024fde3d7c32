package org.sepconv.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sepconv.select.Devices.CONV;
import static org.sepconv.select.Devices.PROBLEM;
import static org.sepconv.select.Devices.SPEC;
import static org.sepconv.select.Devices.verdict;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sepconv.Binary;
import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.Weights;
import org.sepconv.cost.CostModel;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.cost.Prediction;
import org.sepconv.select.Selection.Verdict;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Prepared;

/** Which device runs a graph. */
class GraphSelectionTest {
  private static final Graph TWICE =
      Graph.builder("g").input("x", SPEC.shape()).add("a", CONV).add("b", CONV).build();

  private static final Graph WITH_A_PRODUCT =
      Graph.builder("g")
          .input("x", SPEC.shape())
          .add("a", CONV)
          .add("sum", Binary.multiply(), "a", "x")
          .build();

  private final Devices devices = new Devices().add("slow", 4, 4).add("fast", 1, 1);

  private static Prediction prediction(Selection selection, String id) {
    return ((Verdict.Predicted) verdict(selection, id)).prediction();
  }

  @Test
  void thePredictionIsTheSumOfTheNodes() {
    try (Backends backends = devices.discover()) {
      Selection selection = backends.select(TWICE.problem());
      assertEquals("fast", selection.chosen().id());
      double one = backends.predict(backends.backend("fast"), PROBLEM).seconds();
      assertEquals(2 * one, prediction(selection, "fast").seconds(), 1e-9);
      String text = prediction(selection, "slow").explanation();
      assertEquals("sum of 2 operations, most of it computing", text);
    }
  }

  @Test
  void whatADeviceRefusesIsPredictedOnTheHost() {
    try (Backends backends = devices.discover()) {
      ConvBackend fast = backends.backend("fast");
      Problem problem = WITH_A_PRODUCT.problem();
      Problem sum = WITH_A_PRODUCT.steps(problem).getLast().problem();
      DeviceProfile profile = backends.profile(fast);
      double host =
          CostModel.predict(sum, DeviceProfile.REFERENCE).seconds()
              + 3 * CostModel.transferSeconds(SPEC.bytes(), profile);
      double device = backends.predict(fast, PROBLEM).seconds();
      Prediction whole = prediction(backends.select(problem), "fast");
      assertEquals(device + host, whole.seconds(), 1e-12);
      assertTrue(whole.explanation().endsWith("; 1 of them on the host"), whole::explanation);
      try (Prepared prepared = fast.prepare(problem, Weights.random(WITH_A_PRODUCT, 1))) {
        List<Prediction> parts = backends.predict(fast, prepared.parts());
        assertEquals(device, parts.get(0).seconds(), 1e-12);
        assertEquals(host, parts.get(1).seconds(), 1e-12);
      }
    }
  }

  /** A name and a shape do not say which network it is. */
  @Test
  void graphsOfOneNameAreDifferentQuestions() {
    String twice = new Question(TWICE.problem(), Optional.empty(), false).toString();
    String other = new Question(WITH_A_PRODUCT.problem(), Optional.empty(), false).toString();
    assertNotEquals(twice, other);
  }

  @Test
  void theMeasuredFastestIsChosen() {
    try (Backends backends = new Devices().add("a", 1, 4).add("b", 2, 1).discover()) {
      Selection selection = backends.select(TWICE.problem(), Devices.uncached());
      assertEquals("b", selection.chosen().id());
    }
  }
}
