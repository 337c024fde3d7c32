/**
 * What the benchmarks measure: our backends, and beside them the engines that they are compared
 * with.
 *
 * <pre>
 *   Workload                a layer or a network, and its numbers
 *   Implementation          one thing that can run it; found by its name in Implementations
 *     BackendImplementation   a Sepconv backend, in any layout, with any settings
 *     OnnxRuntime             a session on a model that org.sepconv.onnx writes
 *     OneDnn                  primitives of a DnnlGraph in blocked layouts, called through DnnlLibrary
 *   FlatGraph               a workload as plain operations, for engines that know no others
 *   PreparedLayer           a workload with its weights in place: only run() is left
 * </pre>
 */
package org.sepconv.bench.implementation;
