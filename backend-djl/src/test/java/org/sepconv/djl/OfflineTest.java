package org.sepconv.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.conformance.process.ChildJvm;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;

/** The engine never reaches for the network: it runs in a process that a socket would kill. */
class OfflineTest {

  /** What the trapped process does. */
  public static final class Trapped {
    public static void main(String[] arguments) throws Throwable {
      SocketTrap.set();
      System.out.println("trapped");
      switch (arguments[0]) {
        case "backend" -> runBackend();
        case "engine" -> Engine.getEngine("PyTorch"); // as DJL starts without our settings
        case "socket" -> new Socket("127.0.0.1", 9).close();
        default -> throw new IllegalArgumentException(arguments[0]);
      }
      System.out.println("done");
    }

    private static void runBackend() {
      try (ConvBackend backend =
          new DjlBackendProvider()
              .open(new DeviceInfo("djl", "test", Map.of()), BackendOptions.defaults())) {
        backend.convolve(
            Problem.of(Conv2d.pointwise(1, 1).build(), TensorSpec.nchw(Shape.of(1, 2, 2))),
            ConvWeights.of(new float[] {2}),
            new float[] {1, 2, 3, 4});
      }
    }
  }

  @BeforeEach
  void needsTrap() {
    if (!SocketTrap.supported()) {
      String reason = "skipped: sockets can be trapped on Linux only (x86_64, aarch64)";
      System.out.println(getClass().getSimpleName() + " " + reason);
      Assumptions.abort(reason);
    }
  }

  @Test
  void backendOpensNoSocket() throws Exception {
    ChildJvm.Ended ended = new ChildJvm().run(Trapped.class, "backend");
    assertEquals(0, ended.status(), ended.output());
    assertTrue(ended.output().contains("done"), ended.output());
  }

  /** The trap works: DJL on its own calls home. */
  @Test
  void engineWithoutOurSettingsOpensOne() throws Exception {
    ChildJvm.Ended ended =
        new ChildJvm().withoutEnvironment("DJL_OFFLINE").run(Trapped.class, "engine");
    assertEquals(SocketTrap.KILLED, ended.status(), ended.output());
    assertTrue(ended.output().contains("trapped"), ended.output());
  }

  @Test
  void plantedConnectionIsCaught() throws Exception {
    ChildJvm.Ended ended = new ChildJvm().run(Trapped.class, "socket");
    assertEquals(SocketTrap.KILLED, ended.status(), ended.output());
    assertTrue(ended.output().contains("trapped"), ended.output());
  }
}
