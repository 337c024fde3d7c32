/** Writes operations as the nodes that ONNX has for them. */
package org.sepconv.onnx.write;
