package org.sepconv.cpu.memory;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.sepconv.ConvWeights;

/**
 * Weights in the orders that kernels read them: packed once for all who prepare the same {@link
 * ConvWeights} object, whatever the size of their maps, and given back with the last of them.
 * Thread-safe.
 */
public final class PackedWeights {
  private final SpanArena arena;
  private final ConcurrentMap<Key, Entry> entries = new ConcurrentHashMap<>();
  private final ReferenceQueue<Object> unused = new ReferenceQueue<>();

  /**
   * @param arena where they lie
   */
  public PackedWeights(SpanArena arena) {
    this.arena = arena;
  }

  /** One object and one order. Keeps no weights alive. */
  private static final class Key extends WeakReference<ConvWeights> {
    private final Object form;
    private final int hash;

    Key(ConvWeights weights, Object form) {
      super(weights);
      this.form = form;
      this.hash = 31 * System.identityHashCode(weights) + form.hashCode();
    }

    @Override
    public int hashCode() {
      return hash;
    }

    /** The same object: to compare all values would take as long as to pack them. */
    @Override
    public boolean equals(Object other) {
      return this == other
          || other instanceof Key that
              && that.get() != null
              && that.get() == get()
              && that.form.equals(form);
    }
  }

  /** What was packed, as long as a kernel has it. */
  private static final class Entry extends WeakReference<Object> {
    private final Key key;

    Entry(Object made, Key key, ReferenceQueue<Object> unused) {
      super(made, unused);
      this.key = key;
    }
  }

  /** How many spans are in use, or not yet known to be out of it. */
  public int size() {
    forgetUnused();
    return entries.size();
  }

  private void forgetUnused() {
    for (Object entry = unused.poll(); entry != null; entry = unused.poll()) {
      entries.remove(((Entry) entry).key, entry);
    }
  }

  /** The weights of one convolution. */
  public Packer of(ConvWeights weights) {
    forgetUnused();
    return new Packer(weights);
  }

  /** Packs the weights of one convolution, or finds them packed. For one thread. */
  public final class Packer {
    private final ConvWeights weights;
    private Optional<float[]> filter = Optional.empty();

    private Packer(ConvWeights weights) {
      this.weights = weights;
    }

    /** O x C/groups x KH x KW, copied when it is first asked for; not to be changed. */
    public float[] filter() {
      if (filter.isEmpty()) {
        filter = Optional.of(weights.filter());
      }
      return filter.get();
    }

    /** The bias, or as many zeros. */
    public float[] biasOrZeros(int outChannels) {
      return weights.biasOrZeros(outChannels);
    }

    /** A span of zeros to pack into. */
    public Span allocate(int floats) {
      return arena.allocate(floats);
    }

    /** A span with these values, followed by zeros up to {@code length}. */
    public Span copyOf(float[] values, int length) {
      return arena.copyOf(values, length);
    }

    /**
     * The weights in one order.
     *
     * @param form the order, with all that it depends on; equal forms give the same span
     * @param pack makes the span, which nobody changes any more
     */
    public Span packed(Object form, Supplier<Span> pack) {
      return (Span) shared(form, pack);
    }

    /**
     * Weights of another convolution that are computed from these, to be packed themselves.
     *
     * @param form what they are, with all that it depends on; equal forms give the same object, as
     *     long as somebody keeps it
     */
    public ConvWeights derived(Object form, Supplier<ConvWeights> derive) {
      return (ConvWeights) shared(List.of("derived", form), derive);
    }

    private Object shared(Object form, Supplier<?> make) {
      Key key = new Key(weights, form);
      Object[] result = new Object[1];
      entries.compute(
          key,
          (_, entry) -> {
            Object known = entry == null ? null : entry.get();
            if (known != null) {
              result[0] = known;
              return entry;
            }
            result[0] = make.get();
            return new Entry(result[0], key, unused);
          });
      return result[0];
    }
  }
}
