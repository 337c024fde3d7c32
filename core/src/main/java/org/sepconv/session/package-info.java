/**
 * One network at any input sizes, and for sequences that come part by part.
 *
 * <pre>
 *   Model              a graph and its weights, for input shapes
 *   InferenceSession   runs it on a backend
 *   StreamingNetwork   runs one of sequences on a backend
 *     InferenceStream  a sequence: the columns that are carried over from part to part
 *     AnyWidth         one network of a model that may be another one for each width
 *     CausalNetwork    its nodes, each a CausalStage with a CausalWindow along time
 *     StreamStep       what a part does to a stream, as a graph
 *   PlanCache          what both have prepared: as many as are kept, and those in use
 *     Plan             one of them
 * </pre>
 */
package org.sepconv.session;
