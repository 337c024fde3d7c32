package org.sepconv.cli;

import java.lang.module.ModuleFinder;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: this library, the JDK, and whether it has the Vector API. */
final class Version implements IVersionProvider {
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  /** Set by the launcher where it left the module out only because the command needs none. */
  private static final String LEFT_OUT = "sepconv.vector.left-out";

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

  /**
   * Whether commands that compute have it here: this process, or those that the launcher starts
   * with the module, which it leaves out where nothing is computed.
   */
  static boolean hasVectorModule() {
    return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent()
        || (Boolean.getBoolean(LEFT_OUT)
            && ModuleFinder.ofSystem().find(VECTOR_MODULE).isPresent());
  }
}
