/**
 * Programs for one question each, which the rows of {@code docs/benchmarks} answer: how long {@code
 * prepare} and the first runs take ({@code FirstRun}, {@code FirstRunOfNetwork}), what the PyTorch
 * backend adds to its engine ({@code DjlOverheadBenchmark}), what a picture costs before a network
 * sees it ({@code PictureBenchmark}), whether memory grows with the runs ({@code Soak}), how models
 * that people use run beside ONNX Runtime ({@code RealModels}), and how many pictures of a folder
 * are classified in a second ({@code ClassifyFolder}).
 */
package org.sepconv.bench.tool;
