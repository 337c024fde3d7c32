/**
 * What the benchmarks measure: our backends, and beside them the engines that they are compared
 * with.
 *
 * <pre>
 *   Implementation          one thing that can run a layer; found by its name in Implementations
 *     BackendImplementation   a Sepconv backend, in any layout, with any settings
 *     OnnxRuntime             a session on a model that OnnxModel writes
 *     OneDnn                  primitives in blocked layouts, called through DnnlLibrary
 *   PreparedLayer           a layer with its weights in place: only run() is left
 * </pre>
 */
package org.sepconv.bench.implementation;
