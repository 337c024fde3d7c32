/**
 * {@code sepconv run}: a whole network on one backend.
 *
 * <pre>
 *   RunCommand --&gt; RunData      inputs and outputs: NumPy files, or random values
 *              --&gt; Measurement  prepared, run once, then until it is warm; part by part (Profile)
 *                     |
 *                     v
 *                  NetworkRun, the document --&gt; RunText, the same for people
 * </pre>
 */
package org.sepconv.cli.network;
