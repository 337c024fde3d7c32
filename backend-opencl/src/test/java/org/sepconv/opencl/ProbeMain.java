package org.sepconv.opencl;

import org.sepconv.spi.Availability;

/** Prints what probing says, and nothing else: whatever more is printed came from native code. */
final class ProbeMain {
  private ProbeMain() {}

  public static void main(String[] arguments) {
    switch (new OpenClBackendProvider().probe()) {
      case Availability.Available available -> System.out.println(available.devices().size());
      case Availability.Unavailable(String reason, String remedy) ->
          System.out.println(reason + "; " + remedy);
    }
  }
}
