package org.sepconv.spark;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.vision.PictureDecoder;
import org.sepconv.vision.PictureException;
import org.sepconv.vision.filter.ColourPlanes;
import org.sepconv.vision.filter.PictureFilter;

/**
 * The rows of a partition, each with its picture filtered, in their order. Pictures may all be of
 * other sizes: what is prepared for the last few is kept.
 *
 * <p>Closed at the end of the rows, or of the task, whichever comes first.
 */
final class FilteredRows implements Iterator<Row>, AutoCloseable {
  /** Photos of one camera are of two sizes, upright and across. */
  private static final int MOST_SIZES = 4;

  private static final PictureDecoder DECODER = PictureDecoder.standard();

  private final Iterator<Row> rows;
  private final PictureColumn column;
  private final PictureFilter filter;
  private final NetworkSettings settings;
  private final JobMetrics metrics;

  /** By their last use. */
  private final Map<TensorSpec, Sized> sizes = new LinkedHashMap<>(16, 0.75f, true);

  private Optional<PreparedNetworks.Lease> lease = Optional.empty();

  private record Sized(Prepared prepared, OwningRun run) {
    void close() {
      try (prepared;
          run) {
        // Closed in the other order, whatever one of them throws.
      }
    }
  }

  FilteredRows(
      Iterator<Row> rows,
      PictureColumn column,
      PictureFilter filter,
      NetworkSettings settings,
      JobMetrics metrics) {
    this.rows = rows;
    this.column = column;
    this.filter = filter;
    this.settings = settings;
    this.metrics = metrics;
  }

  @Override
  public boolean hasNext() {
    boolean more = rows.hasNext();
    if (!more) {
      close();
    }
    return more;
  }

  @Override
  public Row next() {
    Row row = rows.next();
    Optional<PictureSource> source = column.source(row);
    if (source.isEmpty()) {
      return failed(row, 0, 0, "there is no picture: the column is null");
    }
    long start = System.nanoTime();
    long bytes = source.get().bytes();
    ColourPlanes picture;
    TensorSpec spec;
    try {
      picture = source.get().planes(DECODER);
      int border = 2 * filter.border();
      spec =
          TensorSpec.nchw(
              Shape.of(ColourPlanes.COLOURS, picture.height() + border, picture.width() + border));
    } catch (PictureException | IllegalArgumentException refused) {
      return failed(row, bytes, seconds(start), String.valueOf(refused.getMessage()));
    }
    metrics.addDecoded(bytes, seconds(start), true);
    OwningRun run = sized(spec).run;
    start = System.nanoTime();
    run.inputs().getFirst().write(picture.replicated(filter.border()));
    run.run();
    float[] filtered = run.outputs().getFirst().read();
    metrics.addRun(1, seconds(start));
    return SepconvFunction.with(row, png(picture.withPlanes(filtered).toImage()), null);
  }

  private Row failed(Row row, long bytes, double seconds, String reason) {
    metrics.addDecoded(bytes, seconds, false);
    return SepconvFunction.with(row, null, reason);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private Sized sized(TensorSpec spec) {
    Sized known = sizes.get(spec);
    if (known != null) {
      return known;
    }
    if (sizes.size() == MOST_SIZES) {
      TensorSpec oldest = sizes.keySet().iterator().next();
      Objects.requireNonNull(sizes.remove(oldest)).close();
    }
    Prepared prepared = network(spec).sized(spec);
    try {
      Sized sized = new Sized(prepared, OwningRun.of(prepared));
      sizes.put(spec, sized);
      return sized;
    } catch (RuntimeException | Error failure) {
      prepared.close();
      throw failure;
    }
  }

  /** Taken when there is a picture for it: whoever is first in the JVM prepares for its size. */
  private PreparedNetwork network(TensorSpec spec) {
    if (lease.isEmpty()) {
      Supplier<PreparedNetwork> maker =
          () -> {
            long start = System.nanoTime();
            PreparedNetwork network = PreparedNetwork.of(filter, spec, settings);
            metrics.addPrepared(seconds(start));
            return network;
          };
      PreparedNetworks.Key key = new PreparedNetworks.Key("filter " + filter, settings);
      lease = Optional.of(PreparedNetworks.ofThisJvm().acquire(key, maker));
    }
    return lease.get().network();
  }

  private static byte[] png(BufferedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }

  /** Gives everything back; a second time, nothing. */
  @Override
  public void close() {
    sizes.values().forEach(Sized::close);
    sizes.clear();
    lease.ifPresent(PreparedNetworks.Lease::close);
  }
}
