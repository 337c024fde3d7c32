package org.sepconv.select;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.FakeBackend;

/** A provider whose every answer a test can set. */
final class FakeProvider implements ConvBackendProvider {
  final List<ConvBackend> opened = new ArrayList<>();
  final List<BackendOptions> options = new ArrayList<>();
  private final String name;
  private final int rank;
  private Supplier<Availability> probe;
  private BooleanSupplier onlyByName = () -> false;
  private Function<DeviceInfo, ConvBackend> open = device -> new FakeBackend(device.id());

  /** Available, with devices given as {@code id} or {@code id=name}. */
  FakeProvider(String name, int rank, String... devices) {
    this.name = name;
    this.rank = rank;
    Map<String, String> names = new LinkedHashMap<>();
    List<DeviceInfo> infos = new ArrayList<>();
    for (String device : devices) {
      String[] parts = device.split("=");
      names.put(parts[0], parts[parts.length - 1]);
      infos.add(new DeviceInfo(parts[0], parts[parts.length - 1], Map.of()));
    }
    probe = () -> new Availability.Available(infos);
  }

  FakeProvider probing(Supplier<Availability> answer) {
    probe = answer;
    return this;
  }

  FakeProvider unavailable(String reason, String remedy) {
    return probing(() -> new Availability.Unavailable(reason, remedy));
  }

  FakeProvider opening(Function<DeviceInfo, ConvBackend> answer) {
    open = answer;
    return this;
  }

  /** The same, offered only to those who name it. */
  FakeProvider onlyByName(BooleanSupplier answer) {
    onlyByName = answer;
    return this;
  }

  /** The first backend that was opened. */
  FakeBackend backend() {
    return (FakeBackend) opened.getFirst();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public boolean onlyByName() {
    return onlyByName.getAsBoolean();
  }

  @Override
  public Availability probe() {
    return probe.get();
  }

  @Override
  public ConvBackend open(DeviceInfo device, BackendOptions given) {
    options.add(given);
    ConvBackend backend = open.apply(device);
    opened.add(backend);
    return backend;
  }
}
