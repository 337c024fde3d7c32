/**
 * The networks that a user names on the command line: ready-made ones and files.
 *
 * <pre>
 *   Model        a network, before the sizes of its inputs are known
 *   ReadyMade      of {@link org.sepconv.graph.Networks}, with random weights or those of a file
 *   OnnxFile       a model in ONNX
 *   SizedModel   the same for certain inputs: a graph, its weights, and what goes in and out
 * </pre>
 */
package org.sepconv.cli.model;
