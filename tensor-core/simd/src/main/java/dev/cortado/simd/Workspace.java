package dev.cortado.simd;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The scratch arrays of a thread: packed panels, row offsets, partial results. They grow to the
 * largest size asked for and stay, so that kernels allocate nothing once they have run.
 *
 * <p>A slot belongs to one user at a time; a kernel that holds a slot must not call another that
 * takes the same one on the same thread.
 */
final class Workspace {
  /** Packed right operand, shared by the chunks of one product. */
  static final int SHARED = 0;

  /** Packed right operand of one chunk. */
  static final int COLUMNS = 1;

  /** Packed rows of one chunk. */
  static final int STRIPS = 2;

  /** Sums of dot products, lane by lane. */
  static final int DOTS = 3;

  /** Partial results that wait to be summed. */
  static final int PARTIAL = 4;

  /** Padded input of a convolution. */
  static final int PADDED = 5;

  /** Rows of a result on their way to where they belong. */
  static final int ROWS = 6;

  /** Scores of a block of queries of attention. */
  static final int SCORES = 7;

  /** The gradients of such scores. */
  static final int SCORE_GRADIENTS = 8;

  /** A number for each row. */
  static final int ROW_SUMS = 9;

  /** Sums of columns that a chunk is adding up. */
  static final int COLUMN_SUMS = 10;

  /** Rows that a formula reads again and again, several times after each other. */
  static final int REPEATED = 11;

  /** A block of a matrix that is being transposed. */
  static final int TRANSPOSED = 12;

  /** A tile that was transposed and is then copied. */
  static final int TURNED = 13;

  /** The results of register tiles that are narrower than a vector. */
  static final int TILE = 14;

  /** This thread's own copy of an operand, see {@link SharedOperand}. */
  static final int COPY = 15;

  /** Another number for each row. */
  static final int ROW_SHIFTS = 16;

  /** Sums of a block of a register tile on their way to the result. */
  static final int BLOCK = 17;

  /** The last rows of a matrix, and more than it has. */
  static final int LAST_ROWS = 18;

  /** How many tickets each thread has; there are enough for 8 million threads. */
  private static final long TICKETS = 1L << 40;

  private static final AtomicLong FIRST_TICKET = new AtomicLong();

  /** Doubles that are worth keeping. */
  private static final int MOST_DOUBLES = 1 << 16;

  private static final ThreadLocal<Workspace> CURRENT = ThreadLocal.withInitial(Workspace::new);

  private final float[][] floats = new float[19][0];
  private double[] doubles = {};
  private int[] ints = new int[0];
  private long[] @Nullable [] longs = {};
  private byte[] @Nullable [] bytes = {};
  private long tickets = FIRST_TICKET.getAndAdd(TICKETS);
  private long held;

  private Workspace() {}

  /** Returns the calling thread's workspace. */
  static Workspace current() {
    return CURRENT.get();
  }

  /** Returns an array of at least {@code size} floats with any content. */
  float[] floats(int slot, int size) {
    if (floats[slot].length < size) {
      floats[slot] = new float[Math.max(size, 1024)];
    }
    return floats[slot];
  }

  /** Returns a number, not 0, that nobody has been given before. */
  long ticket() {
    return ++tickets;
  }

  /** Tells whether {@link #COPY} holds the operand with this ticket. */
  boolean holds(long ticket) {
    return held == ticket;
  }

  /** Notes that {@link #COPY} holds the operand with this ticket. */
  void hold(long ticket) {
    held = ticket;
  }

  /** Returns an array of at least {@code size} doubles with any content; a large one is new. */
  double[] doubles(int size) {
    if (size > MOST_DOUBLES) {
      return new double[size];
    }
    if (doubles.length < size) {
      doubles = new double[Math.max(size, 1024)];
    }
    return doubles;
  }

  /** Returns an array of at least {@code size} ints with any content. */
  int[] ints(int size) {
    if (ints.length < size) {
      ints = new int[Math.max(size, 1024)];
    }
    return ints;
  }

  /** Returns block number {@code i} of at least {@code size} longs with any content. */
  long[] longs(int i, int size) {
    if (longs.length <= i) {
      longs = Arrays.copyOf(longs, i + 1);
    }
    if (longs[i] == null || longs[i].length < size) {
      longs[i] = new long[size];
    }
    return longs[i];
  }

  /** Returns block number {@code i} of at least {@code size} bytes with any content. */
  byte[] bytes(int i, int size) {
    if (bytes.length <= i) {
      bytes = Arrays.copyOf(bytes, i + 1);
    }
    if (bytes[i] == null || bytes[i].length < size) {
      bytes[i] = new byte[size];
    }
    return bytes[i];
  }
}
