package org.sepconv.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.sepconv.conformance.process.ChildJvm;

/** The process ends between the calls, and whoever must still compute is not refused. */
class EngineCallsTest {
  private static final int STATUS = 7;

  /** Exits while one call is under way, another is about to begin, and a hook makes a third. */
  public static final class Exiting {
    public static void main(String[] arguments) throws InterruptedException {
      CountDownLatch begun = new CountDownLatch(1);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> call("hook", 0)));
      Thread.ofPlatform()
          .start(
              () -> {
                EngineCalls.ALL.make(
                    () -> {
                      begun.countDown();
                      sleep(1500);
                      System.out.println("under way");
                      return null;
                    });
                sleep(50); // by then it is known that the first has ended
                call("too late", 0);
              });
      begun.await();
      System.exit(STATUS);
    }

    private static void call(String name, long millis) {
      EngineCalls.ALL.make(
          () -> {
            sleep(millis);
            System.out.println(name);
            return null;
          });
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Test
  void exitWaitsForTheCallUnderWayAndServesAHook() throws Exception {
    ChildJvm.Ended ended = new ChildJvm().run(Exiting.class);
    assertEquals(STATUS, ended.status(), ended::output);
    List<String> printed = ended.out().lines().toList();
    assertTrue(printed.containsAll(List.of("under way", "hook")), ended::output);
  }
}
