/**
 * Networks: {@code sepconv run}, a whole one on one backend, {@code export} and {@code convert}.
 *
 * <pre>
 *   RunCommand --&gt; RunData      inputs and outputs: NumPy files, or random values
 *              --&gt; Measurement  prepared, run once, then until it is warm; part by part (Profile)
 *                     |
 *                     v
 *                  NetworkRun, the document --&gt; RunText, the same for people
 *   ExportCommand, ConvertCommand  networks and weights into files
 * </pre>
 */
package org.sepconv.cli.network;
