/**
 * ONNX models in and out, in pure Java.
 *
 * <pre>
 *   bytes -> model (what a file says) -> simplify (what can be done once)
 *         -> lower (a graph for one size of the inputs, with constant on the way)
 *   {@link org.sepconv.Graph} -> write -> bytes
 * </pre>
 */
package org.sepconv.onnx;
