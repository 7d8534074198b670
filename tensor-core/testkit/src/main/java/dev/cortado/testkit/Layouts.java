package dev.cortado.testkit;

import dev.cortado.tensor.Copy;
import dev.cortado.tensor.Shape;
import dev.cortado.tensor.Tensor;
import java.util.Arrays;

/** The ways in which a tensor can lie in memory. */
public enum Layouts {
  /** Row-major, without gaps. */
  CONTIGUOUS {
    @Override
    public Tensor of(Tensor x, Draw draw) {
      return x;
    }
  },
  /** Without gaps, the axes in any order. */
  PERMUTED {
    @Override
    public Tensor of(Tensor x, Draw draw) {
      var order = draw.order(x.rank());
      int[] memory = new int[x.rank()];
      int[] back = new int[x.rank()];
      for (int i = 0; i < memory.length; i++) {
        memory[i] = x.dim(order.get(i));
        back[order.get(i)] = i;
      }
      return moved(x, Tensor.full(Shape.of(memory), x.dtype(), 0).permute(back));
    }
  },
  /** Images with their channels innermost; others as they are. */
  CHANNELS_LAST {
    @Override
    public Tensor of(Tensor x, Draw draw) {
      return x.rank() == 4 ? x.channelsLast() : x;
    }
  },
  /** A window into a larger tensor, whose other elements are NaN: reading them shows. */
  SLICED {
    @Override
    public Tensor of(Tensor x, Draw draw) {
      int[] larger = x.shape().toArray();
      int[] start = new int[larger.length];
      for (int i = 0; i < larger.length; i++) {
        start[i] = draw.between(0, 2);
        larger[i] += start[i] + draw.between(0, 2);
      }
      var window = Tensor.full(Shape.of(larger), x.dtype(), Double.NaN);
      for (int i = 0; i < larger.length; i++) {
        window = window.narrow(i, start[i], x.dim(i));
      }
      return moved(x, window);
    }
  },
  /** Every second or third element of a larger tensor, the others being NaN. */
  STEPPED {
    @Override
    public Tensor of(Tensor x, Draw draw) {
      int[] larger = Arrays.copyOf(x.shape().toArray(), x.rank() + 1);
      larger[x.rank()] = draw.between(2, 3);
      var spread = Tensor.full(Shape.of(larger), x.dtype(), Double.NaN);
      return moved(x, spread.select(-1, draw.between(0, larger[x.rank()] - 1)));
    }
  },
  /**
   * The first element of some axes repeated without being stored again. This and the next layout
   * change the numbers.
   */
  EXPANDED {
    @Override
    public Tensor of(Tensor x, Draw draw) {
      var first = x;
      for (int i = 0; i < x.rank(); i++) {
        if (x.dim(i) > 0 && draw.between(0, 2) == 0) {
          first = first.narrow(i, 0, 1);
        }
      }
      return first.expand(x.shape().toArray());
    }
  },
  /** Rows that begin before the ones above them have ended, and share elements with them. */
  OVERLAPPING {
    @Override
    public Tensor of(Tensor x, Draw draw) {
      if (x.rank() < 2 || x.elements() == 0) {
        return x;
      }
      int rows = x.dim(-2);
      int length = x.dim(-1);
      int step = draw.between(1, Math.max(1, length - 1));
      var lines = x.reshape(-1, rows * length).narrow(1, 0, (rows - 1) * step + length);
      return lines.unfold(1, length, step).reshape(x.shape().toArray());
    }
  };

  /** Those that hold the same numbers. */
  static final Layouts[] DISTINCT = {CONTIGUOUS, PERMUTED, CHANNELS_LAST, SLICED, STEPPED};

  /** Returns the elements of {@code x}, which is row-major, in this layout. */
  public abstract Tensor of(Tensor x, Draw draw);

  private static Tensor moved(Tensor from, Tensor to) {
    Copy.into(from, to);
    return to;
  }
}
