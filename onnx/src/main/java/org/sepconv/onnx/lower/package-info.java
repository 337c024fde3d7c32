/** Makes a graph of a model: dimensions of any rank in shapes of four, operators as operations. */
package org.sepconv.onnx.lower;
