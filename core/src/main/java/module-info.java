import org.jspecify.annotations.NullMarked;

/**
 * Depthwise-separable convolution: operations, their cost, the backend SPI and the selection of
 * backends.
 */
@NullMarked
module org.sepconv {
  requires java.management;
  requires static org.jspecify;

  exports org.sepconv;
  exports org.sepconv.cache;
  exports org.sepconv.cost;
  exports org.sepconv.graph;
  exports org.sepconv.graph.pass;
  exports org.sepconv.machine;
  exports org.sepconv.reference;
  exports org.sepconv.select;
  exports org.sepconv.session;
  exports org.sepconv.spi;
  exports org.sepconv.timing;

  uses org.sepconv.machine.PeakLoop;
  uses org.sepconv.spi.ConvBackendProvider;
  uses org.sepconv.spi.ProfileSource;

  provides org.sepconv.spi.ConvBackendProvider with
      org.sepconv.backend.ReferenceBackendProvider;
}
