package org.sepconv.cpu.tile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("shapes of matrix tiles")
class MatrixTileShapeTest {
  private static final MatrixTileShape FULL = new MatrixTileShape(6, 2);

  @Test
  @DisplayName("the tiles that do most of the work take several products in an iteration")
  void steps() {
    assertEquals(4, FULL.steps(256, 512));
    assertEquals(4, FULL.steps(256, 32));
    assertEquals(4, FULL.steps(128, 96));
    assertEquals(4, new MatrixTileShape(5, 2).steps(256, 512), "6x2 of 7 x 7 pixels leaves many");
  }

  @Test
  @DisplayName("as many as divide the depth")
  void divisors() {
    assertEquals(1, FULL.steps(256, 9));
    assertEquals(2, FULL.steps(256, 10));
    assertEquals(2, FULL.steps(256, 102));
  }

  @Test
  @DisplayName("rests of rows, and tiles that need no fences, take one")
  void one() {
    assertEquals(1, new MatrixTileShape(4, 2).steps(256, 512));
    assertEquals(1, new MatrixTileShape(12, 1).steps(256, 512));
    assertEquals(1, new MatrixTileShape(14, 2).steps(512, 512));
  }

  @Test
  @DisplayName("fences as far apart as registers allow, but two rows at least")
  void fences() {
    assertEquals(2, FULL.rowsBetweenFences(256));
    assertEquals(3, new MatrixTileShape(5, 2).rowsBetweenFences(256));
    assertEquals(3, new MatrixTileShape(3, 3).rowsBetweenFences(128));
    assertEquals(1, new MatrixTileShape(1, 2).rowsBetweenFences(256));
    assertEquals(14, new MatrixTileShape(14, 2).rowsBetweenFences(512), "none");
  }

  @Test
  @DisplayName("a single vector that would be left joins the panel before")
  void widest() {
    assertEquals(3, MatrixTileShape.widest(256, 2));
    assertEquals(3, MatrixTileShape.widest(128, 2));
    assertEquals(1, MatrixTileShape.widest(256, 1));
    assertEquals(2, MatrixTileShape.widest(512, 2));
  }
}
