/**
 * From pixels to text in pure Java, with the networks of PP-OCR: {@link
 * org.sepconv.examples.text.ReadText} is the program.
 *
 * <pre>
 *   Picture -> TextDetector     where lines of text are
 *           -> LineOrientation  which of them stand on their heads
 *           -> LineRecognizer   what they say
 *           -> TextLine         together: TextReader
 *           -> ReadPage         the lines drawn onto the picture
 *
 *   TextNetwork                 a model of a file for pictures of any size: what all three run
 * </pre>
 */
package org.sepconv.examples.text;
