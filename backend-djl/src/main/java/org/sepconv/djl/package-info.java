/**
 * PyTorch as a backend, through the Deep Java Library (DJL).
 *
 * <pre>
 *   DjlBackendProvider   looks for {@link org.sepconv.djl.Natives} on the class path; loads nothing
 *     PyTorch            starts the engine: offline, with a cache that was checked
 *   DjlBackend           one device of the engine
 *     DjlTensor          an array of the engine, in a {@link org.sepconv.djl.SharedArray}
 *     ScriptedOperation
 *       ConvolutionScript   a convolution as TorchScript source: one call of the engine a run
 *       GraphScript         the same of a whole graph
 *       ScriptArchive       that source as the file that the engine loads
 * </pre>
 */
package org.sepconv.djl;
