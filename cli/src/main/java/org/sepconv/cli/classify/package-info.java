/**
 * {@code sepconv classify}: pictures through a network that gives a share for each class.
 *
 * <pre>
 *   ClassifyCommand --&gt; PictureFiles   which pictures: files, and all of a folder
 *                       Classifier     decodes beside running, in batches
 *                         --&gt; Answers  the most likely classes of each
 *                       AnswerFile     a line for each, CSV or JSON
 * </pre>
 */
package org.sepconv.cli.classify;
