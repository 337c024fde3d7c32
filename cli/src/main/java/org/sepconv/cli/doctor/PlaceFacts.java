package org.sepconv.cli.doctor;

import java.nio.file.Path;
import org.sepconv.machine.FolderState;

/**
 * Folders and the terminal.
 *
 * @param temporary the folder for temporary files
 * @param home the user's home folder, as java knows it; {@code ?} where it knows none
 * @param fileNames the charset of file names
 * @param launcher whether the launcher {@code ./sepconv} started this process
 * @param terminal whether stderr is a terminal, where progress is shown
 */
public record PlaceFacts(
    FolderState temporary, String home, String fileNames, boolean launcher, boolean terminal) {

  /** Of this process. */
  public static PlaceFacts here() {
    return new PlaceFacts(
        FolderState.of(Path.of(System.getProperty("java.io.tmpdir"))),
        System.getProperty("user.home", ""),
        System.getProperty("sun.jnu.encoding", "unknown"),
        System.getProperty("sepconv.terminal") != null,
        Boolean.getBoolean("sepconv.terminal"));
  }
}
