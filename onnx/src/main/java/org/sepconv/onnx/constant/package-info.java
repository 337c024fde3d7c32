/** What is known before a run: arithmetic on shapes, and the standard's rules for dimensions. */
package org.sepconv.onnx.constant;
