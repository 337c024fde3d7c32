package org.sepconv.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: this library, the JDK, and whether it has the Vector API. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {
      "sepconv " + number(),
      "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
      "Vector API " + (hasVectorModule() ? "on" : "off (module jdk.incubator.vector not added)"),
    };
  }

  /** The library's version, from the manifest of its jar. */
  static String number() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("(unpackaged build)");
  }

  static boolean hasVectorModule() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }
}
