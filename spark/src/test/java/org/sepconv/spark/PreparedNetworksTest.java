package org.sepconv.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who shares what, and when it ends. */
class PreparedNetworksTest {
  private final PreparedNetworks networks = new PreparedNetworks();
  private final AtomicInteger made = new AtomicInteger();

  private final Supplier<PreparedNetwork> maker =
      () -> {
        made.incrementAndGet();
        return PreparedNetwork.of(Pictures.small(), NetworkSettings.usual());
      };

  @AfterEach
  void end() {
    networks.retireAll();
    assertEquals(0, networks.size());
  }

  private static PreparedNetworks.Key key(String hash) {
    return new PreparedNetworks.Key(hash, NetworkSettings.usual());
  }

  private static boolean open(PreparedNetwork network) {
    try {
      network.run().close();
      return true;
    } catch (IllegalStateException closed) {
      return false;
    }
  }

  @Test
  void manyAtOnceShareOne() throws Exception {
    try (ExecutorService tasks = Executors.newFixedThreadPool(4)) {
      List<Callable<PreparedNetwork>> callers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        callers.add(
            () -> {
              try (PreparedNetworks.Lease lease = networks.acquire(key("a"), maker)) {
                return lease.network();
              }
            });
      }
      List<Future<PreparedNetwork>> all = tasks.invokeAll(callers);
      for (Future<PreparedNetwork> each : all) {
        assertSame(all.getFirst().get(), each.get());
      }
    }
    assertEquals(1, made.get());
  }

  @Test
  void whatDoesNotMatterOnceItIsPreparedMakesNoOther() {
    NetworkSettings usual = NetworkSettings.usual();
    PreparedNetworks.Key one = new PreparedNetworks.Key("a", usual);
    assertEquals(one, new PreparedNetworks.Key("a", usual.withTopK(1).withDecodingThreads(3)));
    for (NetworkSettings other :
        List.of(usual.withThreads(2), usual.withBatchSize(2), usual.withInputSize(1, 2))) {
      assertNotSame(one, new PreparedNetworks.Key("a", other));
      assertEquals(false, one.equals(new PreparedNetworks.Key("a", other)));
    }
  }

  @Test
  void theOldestThatNobodyUsesEndsWhereThereAreTooMany() {
    PreparedNetwork first;
    try (PreparedNetworks.Lease used = networks.acquire(key("used"), maker)) {
      first = used.network();
      PreparedNetwork oldest = null;
      for (int i = 0; i <= PreparedNetworks.MOST_IDLE; i++) {
        try (PreparedNetworks.Lease lease = networks.acquire(key("n" + i), maker)) {
          oldest = oldest == null ? lease.network() : oldest;
        }
      }
      assertEquals(false, open(oldest));
      assertEquals(true, open(first));
      assertEquals(PreparedNetworks.MOST_IDLE + 1, networks.size());
    }
  }

  @Test
  void whatIsUsedWhenAllEndsEndsWithItsLastUse() {
    PreparedNetworks.Lease one = networks.acquire(key("a"), maker);
    PreparedNetworks.Lease two = networks.acquire(key("a"), maker);
    networks.retireAll();
    one.close();
    one.close(); // counts once
    assertEquals(true, open(two.network()));
    two.close();
    assertEquals(false, open(two.network()));
  }

  @Test
  void afterAFailureTheNextTriesAgain() {
    assertThrows(
        IllegalStateException.class,
        () ->
            networks.acquire(
                key("a"),
                () -> {
                  throw new IllegalStateException("not today");
                }));
    assertEquals(0, networks.size());
    networks.acquire(key("a"), maker).close();
    assertEquals(1, made.get());
  }
}
