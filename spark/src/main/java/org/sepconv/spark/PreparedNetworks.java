package org.sepconv.spark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The prepared networks of this JVM, each shared by all tasks that ask for the same one. Static,
 * because tasks of Spark share nothing else; thread-safe.
 *
 * <p>A network is prepared once, while others that ask for it wait. It stays when its last task
 * gives it back, as the next task usually wants it, but no more than {@value #MOST_IDLE} stay that
 * nobody uses. All end with the application: an executor's JVM ends itself; where the driver runs
 * the tasks, {@link #retireAll} is called.
 */
final class PreparedNetworks {
  /** Those that nobody uses; a notebook tries one model after the other. */
  static final int MOST_IDLE = 2;

  private static final PreparedNetworks OF_THIS_JVM = new PreparedNetworks();

  /** In the order of their last use. */
  private final Map<Key, Entry> entries = new LinkedHashMap<>();

  /** Those that end with their last task. */
  private final Map<Entry, Key> retired = new HashMap<>();

  PreparedNetworks() {}

  /**
   * What makes two networks the same.
   *
   * @param hash of the model's bytes
   * @param settings without what does not matter once it is prepared
   */
  record Key(String hash, NetworkSettings settings) {
    Key {
      settings =
          NetworkSettings.usual()
              .withBackend(settings.backend())
              .withThreads(settings.threads())
              .withBatchSize(settings.batchSize())
              .withInputSize(settings.height(), settings.width())
              .withPreset(settings.preset());
    }
  }

  private static final class Entry {
    private final Supplier<PreparedNetwork> maker;
    private @Nullable PreparedNetwork network;
    private int uses;

    Entry(Supplier<PreparedNetwork> maker) {
      this.maker = maker;
    }

    /** All but the first wait here. */
    synchronized PreparedNetwork network() {
      if (network == null) {
        network = maker.get();
      }
      return network;
    }

    synchronized void close() {
      if (network != null) {
        network.close();
      }
    }
  }

  /** A use of a network, which lives until this is closed. */
  final class Lease implements AutoCloseable {
    private final Entry entry;
    private final PreparedNetwork network;
    private boolean closed;

    private Lease(Entry entry) {
      this.entry = entry;
      this.network = entry.network();
    }

    PreparedNetwork network() {
      return network;
    }

    /** Gives it back; a second time, nothing. */
    @Override
    public void close() {
      if (!closed) {
        closed = true;
        leave(entry);
      }
    }
  }

  static PreparedNetworks ofThisJvm() {
    return OF_THIS_JVM;
  }

  /**
   * The network of this key; prepared with {@code maker} where there is none. What that throws is
   * thrown here, and the next who asks tries again.
   */
  Lease acquire(Key key, Supplier<PreparedNetwork> maker) {
    Entry entry = enter(key, maker);
    try {
      return new Lease(entry);
    } catch (RuntimeException | Error failure) {
      drop(key, entry);
      throw failure;
    }
  }

  private synchronized Entry enter(Key key, Supplier<PreparedNetwork> maker) {
    Entry entry = entries.remove(key);
    if (entry == null) {
      entry = new Entry(maker);
    }
    entries.put(key, entry);
    entry.uses++;
    return entry;
  }

  private void leave(Entry entry) {
    List<Entry> unused = new ArrayList<>();
    synchronized (this) {
      entry.uses--;
      if (retired.containsKey(entry) && entry.uses == 0) {
        retired.remove(entry);
        unused.add(entry);
      }
      long idle = entries.values().stream().filter(each -> each.uses == 0).count();
      Iterator<Entry> oldest = entries.values().iterator();
      while (idle > MOST_IDLE) {
        Entry next = oldest.next();
        if (next.uses == 0) {
          oldest.remove();
          unused.add(next);
          idle--;
        }
      }
    }
    unused.forEach(Entry::close);
  }

  private synchronized void drop(Key key, Entry entry) {
    entry.uses--;
    if (entry.uses == 0) {
      entries.remove(key, entry);
      retired.remove(entry);
    }
  }

  /** Ends what nobody uses now, and everything else with its last use. */
  void retireAll() {
    List<Entry> unused = new ArrayList<>();
    synchronized (this) {
      for (Map.Entry<Key, Entry> each : entries.entrySet()) {
        if (each.getValue().uses == 0) {
          unused.add(each.getValue());
        } else {
          retired.put(each.getValue(), each.getKey());
        }
      }
      entries.clear();
    }
    unused.forEach(Entry::close);
  }

  /** Those that are kept, whether somebody uses them or not. */
  synchronized int size() {
    return entries.size() + retired.size();
  }
}
