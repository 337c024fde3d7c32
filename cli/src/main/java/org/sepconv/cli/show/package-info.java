/**
 * {@code sepconv show}: a network before and after the passes, as text and as a page.
 *
 * <pre>
 *   ShowCommand --&gt; ShownGraph  nodes with shapes, costs, weights (WeightText) and what became parts of them (Absorbed)
 *                      |
 *                      v
 *                   Shown, the document --&gt; ShowText, the same for people
 *                                       --&gt; ShowPage, in one HTML file, with a Drawing of each graph
 * </pre>
 */
package org.sepconv.cli.show;
