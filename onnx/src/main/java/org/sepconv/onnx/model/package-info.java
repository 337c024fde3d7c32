/** What a file says: the messages of ONNX's schema, checked and turned into plain values. */
package org.sepconv.onnx.model;
