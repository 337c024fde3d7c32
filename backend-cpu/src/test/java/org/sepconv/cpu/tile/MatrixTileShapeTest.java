package org.sepconv.cpu.tile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("shapes of matrix tiles")
class MatrixTileShapeTest {
  private static final MatrixTileShape FULL = new MatrixTileShape(6, 2);
  private static final MatrixTileShape TALL = new MatrixTileShape(14, 2);

  @Test
  @DisplayName("the tiles that do most of the work take several products in an iteration")
  void steps() {
    assertEquals(4, FULL.steps(256, 512, false));
    assertEquals(4, FULL.steps(256, 32, true));
    assertEquals(4, FULL.steps(128, 96, false));
    MatrixTileShape lower = new MatrixTileShape(5, 2);
    assertEquals(4, lower.steps(256, 512, false), "6x2 of 7 x 7 pixels leaves many");
  }

  @Test
  @DisplayName("fewer where a tile has more sums")
  void products() {
    assertEquals(2, TALL.steps(512, 512, false));
    assertEquals(4, new MatrixTileShape(7, 2).steps(512, 512, false));
  }

  @Test
  @DisplayName("as many as divide the depth")
  void divisors() {
    assertEquals(3, FULL.steps(256, 9, true), "a row of a 3x3 filter over three channels");
    assertEquals(1, FULL.steps(256, 25, false));
    assertEquals(2, FULL.steps(256, 10, false));
    assertEquals(3, FULL.steps(256, 102, false));
    assertEquals(1, TALL.steps(512, 9, false));
  }

  @Test
  @DisplayName("rests of rows, and tiles without fences, take one")
  void one() {
    assertEquals(1, new MatrixTileShape(4, 2).steps(256, 512, false));
    assertEquals(1, new MatrixTileShape(12, 1).steps(256, 512, false));
    assertEquals(1, TALL.steps(512, 512, true));
    assertEquals(1, new MatrixTileShape(6, 4).steps(512, 128, false));
  }

  @Test
  @DisplayName("a fence after each row, or after two where all of 16 registers are needed")
  void fences() {
    assertEquals(2, FULL.rowsBetweenFences(256, false));
    assertEquals(2, FULL.rowsBetweenFences(256, true));
    assertEquals(1, new MatrixTileShape(5, 2).rowsBetweenFences(256, false));
    assertEquals(1, new MatrixTileShape(3, 3).rowsBetweenFences(128, false));
    assertEquals(1, new MatrixTileShape(1, 2).rowsBetweenFences(256, false));
    assertEquals(1, TALL.rowsBetweenFences(512, false));
    assertEquals(14, TALL.rowsBetweenFences(512, true), "none");
    assertEquals(6, new MatrixTileShape(6, 4).rowsBetweenFences(512, false), "none");
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
