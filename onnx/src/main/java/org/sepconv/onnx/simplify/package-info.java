/** What can be done to a model once, whatever the size of its inputs. */
package org.sepconv.onnx.simplify;
