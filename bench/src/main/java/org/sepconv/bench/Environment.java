package org.sepconv.bench;

import java.time.LocalDate;
import java.time.ZoneOffset;
import org.sepconv.machine.Processor;

/** On what and when something was measured. */
public record Environment(String date, String cpu, int processors, String os, String jdk) {

  /** This machine, now. */
  public static Environment here() {
    return new Environment(
        LocalDate.now(ZoneOffset.UTC).toString(),
        Processor.here().describe(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        System.getProperty("java.vm.vendor") + " " + Runtime.version());
  }

  /** The same machine, of which everything was held to some of its instructions. */
  Environment with(Isa isa) {
    return isa.note()
        .map(note -> new Environment(date, cpu + ", " + note, processors, os, jdk))
        .orElse(this);
  }

  /** One line. */
  @Override
  public String toString() {
    return "%s, %d processors, %s, %s, %s".formatted(cpu, processors, os, jdk, date);
  }
}
