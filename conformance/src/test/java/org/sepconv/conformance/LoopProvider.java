package org.sepconv.conformance;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;

/** Provides {@link LoopBackend}, right or with one fault. */
public class LoopProvider implements ConvBackendProvider {
  private final Fault fault;
  private final AtomicInteger probes = new AtomicInteger();

  public LoopProvider() {
    this(Fault.NONE);
  }

  LoopProvider(Fault fault) {
    this.fault = fault;
  }

  /** The provider of a backend with this fault. */
  static LoopProvider with(Fault fault) {
    return fault == Fault.FAILING_CONSTRUCTOR
        ? new FailingConstructor(fault)
        : new LoopProvider(fault);
  }

  /** What a provider looks like that loads a library which is not there. */
  static final class FailingConstructor extends LoopProvider {
    public FailingConstructor() {
      throw new UnsatisfiedLinkError("no such library");
    }

    private FailingConstructor(Fault fault) {
      super(fault);
    }
  }

  @Override
  public String name() {
    return fault == Fault.UPPER_CASE_NAME ? "Loop" : "loop";
  }

  @Override
  public int rank() {
    return 1_000;
  }

  @Override
  public Availability probe() {
    int count = probes.incrementAndGet();
    if (fault == Fault.NOISY_PROBE) {
      System.out.println("looking for devices");
    }
    String id = fault == Fault.FOREIGN_DEVICE_ID ? "gpu0" : name();
    String device = fault == Fault.CHANGING_PROBE ? "loop " + count : "plain loops";
    return new Availability.Available(List.of(new DeviceInfo(id, device, Map.of())));
  }

  @Override
  public ConvBackend open(DeviceInfo device, BackendOptions options) {
    if (fault != Fault.UNKNOWN_SETTING_ACCEPTED) {
      options.of(name(), Set.of());
    }
    return new LoopBackend(device, options.threads(), fault);
  }
}
