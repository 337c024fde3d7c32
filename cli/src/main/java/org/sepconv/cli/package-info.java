/**
 * The {@code sepconv} command.
 *
 * <pre>
 *   Main --&gt; compare  cost  network  show  device  apply  picture  calibrate  bench  doctor    a room for each group of commands
 *               |
 *               v
 *            frame   options of several commands, files, errors, exit status
 *            text    tables, numbers, progress
 * </pre>
 *
 * <p>No room knows {@code Main}: commands find it as their {@code TopCommand}. The launcher's build
 * uses {@code StartTraining} and {@code ModernJar}, so that later processes start sooner.
 */
package org.sepconv.cli;
