package org.sepconv.conformance.file;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Damages files over and over, and looks for one that a reader neither reads nor refuses as it
 * should. A damaged file that is refused in other words than all before is damaged further, so that
 * the loop gets past the first checks.
 *
 * <p>One thread runs the loop; another one may watch it: {@link #under} and {@link #since}.
 */
public final class Fuzzing implements Runnable {
  /** More different finds are more of the same. */
  private static final int MOST_FINDS = 10;

  private static final int MOST_FILES = 400;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Reader reader;
  private final List<byte[]> files;
  private final int valid;
  private final long mostBytes;
  private final long rounds;
  private final long end;
  private final Random random;
  private final Mutations mutations;
  private final Set<String> refusals = new HashSet<>();
  private final Map<String, Find> finds = new LinkedHashMap<>();
  private volatile byte[] under = {};
  private volatile long since = System.nanoTime();
  private long done;
  private long refused;

  /** Reads files of one kind. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Reads a file.
     *
     * @return why it is refused, empty if it is read
     * @throws Exception whatever is not how this reader refuses
     */
    String read(byte[] file) throws Exception;
  }

  /**
   * A file that must not do what it does.
   *
   * @param what it does
   */
  public record Find(byte[] file, String what) {}

  /**
   * @param files valid ones, and finds of earlier times
   * @param mostBytes that reading a file may allocate
   * @param rounds damaged files at least; more while there is time
   * @param nanos how long to go on
   */
  public Fuzzing(
      Reader reader, List<byte[]> files, long mostBytes, long rounds, long nanos, long seed) {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("there is no file to start with");
    }
    this.reader = reader;
    this.files = new ArrayList<>(files);
    this.valid = files.size();
    this.mostBytes = mostBytes;
    this.rounds = rounds;
    this.end = System.nanoTime() + nanos;
    this.random = new Random(seed);
    this.mutations = new Mutations(seed);
  }

  /** Reads the files as they are, then damages them until the time is up. */
  @Override
  public void run() {
    List.copyOf(files).forEach(this::check);
    while ((done < rounds || System.nanoTime() < end) && finds.size() < MOST_FINDS) {
      byte[] file = any();
      check(random.nextInt(8) == 0 ? mutations.of(file, any()) : mutations.of(file));
    }
  }

  /** Half of them valid ones: what is damaged again and again is refused for its first damage. */
  private byte[] any() {
    return files.get(random.nextInt(random.nextBoolean() ? valid : files.size()));
  }

  private void check(byte[] file) {
    done++;
    under = file;
    since = System.nanoTime();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      String refusal = reader.read(file);
      refused += refusal.isEmpty() ? 0 : 1;
      boolean other = refusals.add(refusal.replaceAll("[^A-Za-z ]+", "#"));
      if (other && files.size() < MOST_FILES) {
        files.add(file);
      }
    } catch (Exception | Error wrong) {
      find(file, wrong.toString(), place(wrong));
    }
    long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (taken > mostBytes) {
      find(file, "takes %d MiB".formatted(taken >> 20), "memory");
    }
  }

  private void find(byte[] file, String what, String kind) {
    finds.putIfAbsent(kind, new Find(file.clone(), what + " " + kind));
  }

  /** Finds of the same place are the same find. */
  private static String place(Throwable wrong) {
    return Arrays.stream(wrong.getStackTrace())
        .limit(6)
        .map(StackTraceElement::toString)
        .toList()
        .toString();
  }

  /** The file that is being read. */
  public byte[] under() {
    return under;
  }

  /** When reading it began, by {@link System#nanoTime()}. */
  public long since() {
    return since;
  }

  /** Damaged files, the valid ones among them; after the loop. */
  public long done() {
    return done;
  }

  /** How many of them were refused; after the loop. */
  public long refused() {
    return refused;
  }

  /** In how many ways they were refused, in words without numbers and names; after the loop. */
  public int refusals() {
    return refusals.size();
  }

  /** What was found; after the loop. */
  public List<Find> finds() {
    return List.copyOf(finds.values());
  }
}
