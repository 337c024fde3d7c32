/**
 * Networks that everybody knows, as {@linkplain org.sepconv.Graph graphs}, and as standard ones.
 */
package org.sepconv.graph;
