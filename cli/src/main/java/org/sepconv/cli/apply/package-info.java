/**
 * {@code sepconv apply}: one convolution on arrays in {@code .npy} files.
 *
 * <pre>
 *   ApplyCommand --&gt; NpyFile                of the module files: files &lt;-&gt; FloatArray
 *                    ApplyArrays            arrays -&gt; a convolution, by their shapes and ApplyParameters
 *                    AppliedConvolution     one run on one backend; {@code filter} has it too
 * </pre>
 */
package org.sepconv.cli.apply;
