/** Networks that everybody knows, as {@linkplain org.sepconv.Graph graphs}. */
package org.sepconv.graph;
