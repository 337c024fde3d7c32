/**
 * What is done to a graph before it is prepared: passes that give another graph for the same
 * outputs, with less to compute. {@link org.sepconv.graph.pass.Passes} runs them all.
 */
package org.sepconv.graph.pass;
