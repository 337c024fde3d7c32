package org.sepconv.cpu.tile;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Makes register tiles for one vector length: bytecode emitted with {@code java.lang.classfile} and
 * loaded as hidden classes. One emitter serves every tile shape, where source code needs a copy for
 * each, and C2 compiles it to the same machine code as a hand-unrolled method.
 */
public final class VectorEmitter {

  /**
   * Tiles that exist, kept for the life of the JVM: what C2 has compiled for one backend serves the
   * next. Bounded by the number of tile shapes and clamps in use.
   */
  private static final ConcurrentMap<Object, Object> TILES = new ConcurrentHashMap<>();

  private static final ConcurrentMap<LaneTileEmitter.Description, GeneralSlot<Optional<LaneTile>>>
      LANE_SLOTS = new ConcurrentHashMap<>();

  /** Multiply-adds that are unrolled at most: C2 gives up inlining at about 18,000 nodes. */
  private static final int MAX_UNROLLED = 72;

  /** Pixels of so many channels, or fewer, lie at the distance of these. */
  private static final int[] PIXEL_CHANNELS = {32, 128, 384, 1152};

  /** The most taps that a step of a tile over a window has: more leave too few pixels. */
  public static final int MAX_WINDOW_COLUMNS = 7;

  /** Taps of a step of a wide filter. */
  public static final int WINDOW_COLUMNS_TOGETHER = 3;

  private final int bits;
  private final TileChoice tiles;
  private final boolean staged;
  private final GeneralTiles general;

  /** Emits tiles that compute from the first call on. */
  public VectorEmitter(TileChoice tiles) {
    this(tiles, false);
  }

  /**
   * @param staged whether other code computes until the JVM has compiled a tile
   */
  public VectorEmitter(TileChoice tiles, boolean staged) {
    this.bits = tiles.bits();
    this.tiles = tiles;
    this.staged = staged;
    this.general = GeneralTiles.of(bits);
  }

  /** Whether other code computes until the JVM has compiled a tile. */
  public boolean isStaged() {
    return staged;
  }

  /** Floats in a vector. */
  public int lanes() {
    return bits / Float.SIZE;
  }

  /** Rounds a number of channels up to whole vectors. */
  public int padded(int channels) {
    return Math.ceilDiv(channels, lanes()) * lanes();
  }

  /**
   * Floats of a pixel whose channels are copied to lie side by side. One vector more than needed:
   * with a power of two, the pixels of a tile would fall into the same set of the first-level
   * cache.
   */
  public int pixelFloats(int channels) {
    return padded(channels) + lanes();
  }

  /**
   * Floats from such a pixel to the next, some of which may never be touched: one of few distances,
   * since each makes tiles of its own, which the JVM must compile.
   */
  public int pixelStride(int channels) {
    return pixelFloats(
        IntStream.of(PIXEL_CHANNELS).filter(most -> most >= channels).findFirst().orElse(channels));
  }

  /**
   * The vectors that a matrix tile has side by side.
   *
   * @param depth products summed for each output
   * @param run pixels at a constant distance
   */
  public int maxVectors(int depth, int run) {
    return tiles.shape(depth, run).vectors();
  }

  /** Vectors of the last panel, at most, where the others have so many. */
  public int widestPanel(int vectors) {
    return MatrixTileShape.widest(bits, vectors);
  }

  /** The shape of the tiles for at most so many pixels, where they are few; else empty. */
  public Optional<MatrixTileShape> fewRows(int pixels, int outputs) {
    return MatrixTileShape.ofFewRows(bits, pixels, Math.ceilDiv(outputs, lanes()));
  }

  /**
   * Products that a tile sums at once: as many as leave the weights of a tile of two vectors, 256
   * KiB, in the second-level cache while the pixels of a strip go by. Fewer, for the first-level
   * cache, do not pay: the sums go through the output between the parts. The same whatever the
   * tile, which so has no influence on the numbers.
   */
  public int partDepth() {
    return 32 * 1024 / lanes();
  }

  /**
   * The rows of a matrix tile of this many vectors.
   *
   * @param masked whether each row is stored in part: half as many then. Masked stores are so much
   *     code that C1 gives more up, and where that happens at the wrong moment the JVM never goes
   *     on to C2, which leaves the tile a hundred times slower for good
   */
  public int maxRows(int vectors, boolean masked) {
    int rows = MatrixTileShape.of(bits, vectors).rows();
    return masked ? rows / 2 : rows;
  }

  /**
   * The most pixels of a depthwise tile: MobileNet's maps are multiples of 7.
   *
   * @param masked whether each pixel is stored in part; fewer then, see {@link #maxRows}
   */
  public int maxPixels(int taps, int columns, boolean masked) {
    return Math.clamp(MAX_UNROLLED / (taps <= 9 ? taps : columns), 1, masked ? 4 : 7);
  }

  /**
   * The tile of this shape; {@code masked} if its last vector is not stored whole.
   *
   * @param depth products of a tap, as {@link MatrixTile#compute} is told
   * @param taps whether there are several
   * @param outStride the distance between neighbouring rows in the output
   */
  public TileSlot<MatrixTile> matrixTile(
      TileRows rows,
      int vectors,
      int depth,
      boolean taps,
      boolean masked,
      int outStride,
      MatrixTileEmitter.Part part,
      Clamp clamp) {
    MatrixTileShape shape = new MatrixTileShape(rows.count(), vectors);
    var key =
        new MatrixTileEmitter.Description(
            bits,
            rows,
            vectors,
            Emission.FENCES ? shape.steps(bits, depth, taps) : 1,
            taps,
            masked,
            outStride,
            part,
            clamp);
    return new TileSlot<>(
        key,
        () -> (MatrixTile) TILES.computeIfAbsent(key, _ -> new MatrixTileEmitter(key).emit()),
        masked
            ? null
            : new TileSlot.Untuned<>(
                () -> new UntunedMatrixTile(key, general.matrix()::tile),
                general.matrix().upgrade()),
        staged);
  }

  /** The depthwise tile of this many pixels. */
  public TileSlot<DepthwiseTile> depthwiseTile(
      int pixels,
      DepthwiseTileEmitter.Taps taps,
      int sourceStride,
      boolean spread,
      boolean masked,
      boolean residual,
      Clamp clamp) {
    var key =
        new DepthwiseTileEmitter.Description(
            bits, pixels, taps, sourceStride, spread, masked, residual, clamp);
    return new TileSlot<>(
        key,
        () -> (DepthwiseTile) TILES.computeIfAbsent(key, _ -> new DepthwiseTileEmitter(key).emit()),
        key.isGeneral()
            ? new TileSlot.Untuned<>(
                () -> new UntunedDepthwiseTile(key, general.depthwise()::tile),
                general.depthwise().upgrade())
            : null,
        staged);
  }

  /**
   * The most pixels of a tile over a window.
   *
   * @param columns taps of a step
   * @param masked whether each pixel is stored in part; fewer then, see {@link #maxRows}
   */
  public int maxWindowPixels(int columns, boolean masked) {
    int fitting = WindowTileEmitter.Distances.mostPixels(bits, columns);
    int enough = bits == 512 ? 24 : 12;
    return masked ? 4 : Math.min(enough, Math.min(MAX_UNROLLED / columns, fitting));
  }

  /** The tile over a window of this many pixels. */
  public WindowTile windowTile(
      WindowTileEmitter.Distances distances, boolean masked, boolean residual, Clamp clamp) {
    var key = new WindowTileEmitter.Description(bits, distances, masked, residual, clamp);
    return (WindowTile) TILES.computeIfAbsent(key, _ -> new WindowTileEmitter(key).emit());
  }

  /** Shuffles for the tiles: lane l of the i-th takes lane {@code table[i * lanes + l]}. */
  public Object[] shuffles(int[] table) {
    VectorSpecies<Float> species = VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
    Object[] shuffles = new Object[table.length / lanes()];
    Arrays.setAll(shuffles, i -> VectorShuffle.fromArray(species, table, i * lanes()));
    return shuffles;
  }

  /** Those shuffles, and behind them masks of the lanes that are true. */
  public Object[] shufflesAndMasks(int[] table, boolean[][] lanes) {
    VectorSpecies<Float> species = VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
    Object[] shuffles = shuffles(table);
    Object[] both = Arrays.copyOf(shuffles, shuffles.length + lanes.length);
    for (int i = 0; i < lanes.length; i++) {
      both[shuffles.length + i] = VectorMask.fromArray(species, lanes[i], 0);
    }
    return both;
  }

  /**
   * Puts pixels of one block together from lanes of others.
   *
   * @param sources how many others, 2 to {@link LaneTile#MOST_SOURCES}
   * @param whole whether all lanes are stored
   * @return empty until the JVM has compiled it
   */
  public GeneralSlot<Optional<LaneTile>> laneTile(int sources, boolean whole) {
    var key = new LaneTileEmitter.Description(bits, sources, whole);
    return begun(LANE_SLOTS.computeIfAbsent(key, this::laneSlot));
  }

  private GeneralSlot<Optional<LaneTile>> laneSlot(LaneTileEmitter.Description key) {
    Object[] lanes =
        shufflesAndMasks(new int[key.sources() * lanes()], new boolean[key.sources() + 1][lanes()]);
    return new GeneralSlot<>(
        Optional.empty(),
        () -> Optional.of(new LaneTileEmitter(key).emit()),
        tile -> tile.orElseThrow().tinyProblem(lanes(), lanes));
  }

  /** Turns squares of as many rows and columns as there are lanes around. */
  public TransposeTile transposeTile() {
    var key = new TransposeTileEmitter.Description(bits);
    return (TransposeTile) TILES.computeIfAbsent(key, _ -> new TransposeTileEmitter(key).emit());
  }

  /** The tile of few channels that lie plane by plane. */
  public PlanarTile planarTile(PlanarTileEmitter.Shape shape, Clamp clamp) {
    var key = new PlanarTileEmitter.Description(bits, shape, clamp);
    return (PlanarTile) TILES.computeIfAbsent(key, _ -> new PlanarTileEmitter(key).emit());
  }

  /**
   * Takes few channels apart or puts them together.
   *
   * @param apart whether pixels become planes, not planes pixels
   */
  public InterleaveTile interleaveTile(int channels, boolean apart) {
    var key = new InterleaveTileEmitter.Description(bits, channels, apart);
    return (InterleaveTile) TILES.computeIfAbsent(key, _ -> new InterleaveTileEmitter(key).emit());
  }

  /** The shuffles of that tile. */
  public Object[] interleaveShuffles(int channels, boolean apart) {
    var key = new InterleaveTileEmitter.Description(bits, channels, apart);
    return shuffles(InterleaveTileEmitter.table(key));
  }

  /** Gives each lane the channels of its group. */
  public ChannelSpread channelSpread(int sourceStride, int channels) {
    var key = new ChannelSpreadEmitter.Description(bits, sourceStride, channels);
    return (ChannelSpread) TILES.computeIfAbsent(key, _ -> new ChannelSpreadEmitter(key).emit());
  }

  /** Rows of a {@link #productTile}. */
  public int productRows() {
    return ProductTileEmitter.rows(bits);
  }

  /**
   * Multiplies matrices that are not packed.
   *
   * @param repeated whether a value of the first is repeated in all lanes
   */
  public ProductTile productTile(boolean repeated) {
    var key = new ProductTileEmitter.Description(bits, repeated);
    return (ProductTile) TILES.computeIfAbsent(key, _ -> new ProductTileEmitter(key).emit());
  }

  /** Copies pixels of blocks to where all channels of a pixel lie side by side. */
  public GeneralSlot<PixelCopy> pixelCopy() {
    return begun(general.pixelCopy());
  }

  /** The same, multiplied by factors of the channels. */
  public GeneralSlot<PixelScale> pixelScale() {
    return begun(general.pixelScale());
  }

  /** A slot of which nothing plain computes, unless tiles are staged. */
  private <T> GeneralSlot<T> begun(GeneralSlot<T> slot) {
    return staged ? slot : slot.begun();
  }
}
