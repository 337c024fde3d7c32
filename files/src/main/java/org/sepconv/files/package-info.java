/**
 * Arrays and weights in files. Everything that is read is untrusted: sizes are checked before
 * memory is taken for them, and a file is read whole or refused with what is wrong with it.
 *
 * <pre>
 *   FloatArray        values and a shape, with a name for messages
 *   NpyFile, NpzFile  NumPy's own formats
 *   SafetensorsFile   that of PyTorch's weights
 *   StateDict         arrays by the names of layers &lt;-&gt; the weights of a graph
 *   InputFile         refuses what is no file
 *   AtomicFile        how every file is written: whole or not at all
 * </pre>
 */
package org.sepconv.files;
