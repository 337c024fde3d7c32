/**
 * The pure-Java backend. Exports nothing: {@code org.sepconv} finds it as a service, and with it
 * the Vector API is resolved without a flag.
 */
module org.sepconv.cpu {
  requires java.management;
  requires jdk.incubator.vector;
  requires jdk.management;
  requires org.sepconv;
  requires static org.jspecify;

  provides org.sepconv.machine.PeakLoop with
      org.sepconv.cpu.VectorPeakLoop;
  provides org.sepconv.spi.ConvBackendProvider with
      org.sepconv.cpu.CpuBackendProvider;
}
