package org.sepconv.cpu.tile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.sepconv.cpu.tile.MatrixTileEmitter.Steps;

@DisplayName("shapes of matrix tiles")
class MatrixTileShapeTest {
  private static final MatrixTileShape FULL = new MatrixTileShape(5, 2);

  @Test
  @DisplayName("the tile that does most of the work takes several products in an iteration")
  void steps() {
    assertEquals(new Steps(4, false), FULL.steps(256, 512));
    assertEquals(new Steps(4, true), FULL.steps(256, 32));
    assertEquals(new Steps(4, false), FULL.steps(128, 96));
  }

  @Test
  @DisplayName("as many as divide the depth")
  void divisors() {
    assertEquals(Steps.ONE, FULL.steps(256, 9));
    assertEquals(new Steps(2, true), FULL.steps(256, 10));
    assertEquals(new Steps(2, false), FULL.steps(256, 102));
  }

  @Test
  @DisplayName("rests of rows, and tiles that need no fences, take one")
  void one() {
    assertEquals(Steps.ONE, new MatrixTileShape(4, 2).steps(256, 512));
    assertEquals(Steps.ONE, new MatrixTileShape(12, 1).steps(256, 512));
    assertEquals(Steps.ONE, new MatrixTileShape(14, 2).steps(512, 512));
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
