package org.sepconv.vision;

import java.awt.image.BufferedImage;

/**
 * What a file holds, as ImageIO decodes it: for programs that need more than {@link Picture} keeps,
 * as transparency, 16 bits or the colour profile.
 *
 * @param image as it is stored, not turned
 * @param format as ImageIO names it, in lower case: {@code png}, {@code jpeg}
 * @param orientation how the stored pixels lie to the picture
 */
public record DecodedImage(BufferedImage image, String format, Orientation orientation) {}
