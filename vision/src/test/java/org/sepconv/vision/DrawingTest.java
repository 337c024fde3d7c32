package org.sepconv.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Font;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class DrawingTest {
  private static final Picture BLACK = Picture.ofGrey(40, 30, new byte[1200]);

  @Test
  void boxesAndPolygonsAreOutlines() {
    Drawing drawing =
        Drawing.on(BLACK)
            .withLines(1)
            .box(10.5, 5.5, 20, 10, 0xFF0000)
            .polygon(
                List.of(new Point(2.5, 2.5), new Point(2.5, 20.5), new Point(7.5, 20.5)), 0x00FF00);
    Picture drawn = drawing.picture();
    assertEquals(0xFF0000, drawn.rgb(10, 10));
    assertEquals(0xFF0000, drawn.rgb(20, 15));
    assertEquals(0, drawn.rgb(20, 10));
    assertEquals(0x00FF00, drawn.rgb(2, 10));
    assertEquals(0, BLACK.rgb(10, 10));
  }

  @Test
  void aHeatMapGoesFromBlueOverGreenToRed() {
    Picture drawn = Drawing.on(BLACK).heatMap(new float[] {-1, 0.5f, 2}, 3, 1, 1).picture();
    assertEquals(0x0000FF, drawn.rgb(0, 5));
    assertEquals(
        0x00FF00, Drawing.on(BLACK).heatMap(new float[] {.5f}, 1, 1, 1).picture().rgb(3, 3));
    assertEquals(0xFF0000, drawn.rgb(39, 29));
    Picture half = Drawing.on(BLACK).heatMap(new float[] {1}, 1, 1, 0.5).picture();
    assertEquals(0x800000, half.rgb(7, 7));
    assertThrows(
        IllegalArgumentException.class, () -> Drawing.on(BLACK).heatMap(new float[2], 1, 1, 1));
  }

  @Test
  void coloursOfClassesDiffer() {
    assertNotEquals(Drawing.colourOf(0), Drawing.colourOf(1));
    assertEquals(0, Drawing.colourOf(7) >>> 24);
  }

  @Test
  void aLabelIsReadableAndInside() {
    try {
      new Font(Font.SANS_SERIF, Font.PLAIN, 12)
          .createGlyphVector(new java.awt.font.FontRenderContext(null, true, true), "a");
    } catch (RuntimeException | Error none) {
      Assumptions.abort("skipped: there is no font on this machine");
    }
    Picture drawn =
        Drawing.on(Picture.ofGrey(200, 60, new byte[12000]))
            .withLetters(20)
            .label("word", 190, 2, 0xFFFF00)
            .picture();
    int ground = 0;
    int letters = 0;
    for (int i = 0; i < 12000; i++) {
      int rgb = drawn.rgb(i % 200, i / 200);
      ground += rgb == 0xFFFF00 ? 1 : 0;
      letters += rgb == 0 && i / 200 > 4 && i / 200 < 20 && i % 200 > 160 ? 1 : 0;
    }
    assertTrue(ground > 300, ground + " pixels");
    assertTrue(letters > 20, letters + " pixels");
  }
}
