/**
 * One network at any input sizes.
 *
 * <pre>
 *   Model              a graph and its weights, for input shapes
 *   InferenceSession   runs it on a backend
 *     PlanCache        what is prepared, by input shapes: as many as are kept, and those in use
 *       Plan           one of them
 * </pre>
 */
package org.sepconv.session;
