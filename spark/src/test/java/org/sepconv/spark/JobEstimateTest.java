package org.sepconv.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class JobEstimateTest {
  @Test
  void tasksRunInRounds() {
    assertEquals(10 * 0.003, new JobEstimate(80, 8, 8, 0.001, 0.002).seconds(), 1e-12);
    assertEquals(2 * 10 * 0.003, new JobEstimate(90, 9, 8, 0.001, 0.002).seconds(), 1e-12);
    assertEquals(100 * 0.003, new JobEstimate(100, 1, 8, 0.001, 0.002).seconds(), 1e-12);
    assertEquals(
        "1000000 pictures in 2000 partitions on 1000 cores: about 0.1 minutes (a picture: decoding 5.00 ms, the network 3.00 ms)",
        new JobEstimate(1_000_000, 2000, 1000, 0.005, 0.003).toString());
  }

  @Test
  void theCostModelAndASampleMakeOne() throws Exception {
    SparkSession spark = Sessions.local();
    try {
      NetworkSettings settings = NetworkSettings.usual();
      SepconvFunction function = SepconvFunction.of(spark, Pictures.mobileNet(), settings);
      List<byte[]> sample = List.of(Pictures.png(1), new byte[] {1, 2}, Pictures.png(2));
      JobEstimate estimate = function.estimate(1000, 4, 2, sample);
      assertTrue(estimate.decodeSeconds() > 0, estimate.toString());
      assertTrue(estimate.runSeconds() > 0, estimate.toString());
      String beside = estimate.beside(7, function.metrics());
      assertTrue(beside.contains(", measured 7.0 s; a picture: decoding predicted "), beside);
      assertThrows(
          IllegalArgumentException.class,
          () -> function.estimate(1000, 4, 2, List.of(new byte[] {1})));
    } finally {
      spark.stop();
    }
  }
}
