package dev.cortado.vision.image;

/**
 * The filters of Pillow's {@code Image.resize}. Each is a function of the distance to the centre,
 * in source pixels when enlarging and in target pixels when reducing, so that every reduction is
 * antialiased.
 */
public enum Resampling {
  /** The nearest source pixel, without any filter. */
  NEAREST(0) {
    @Override
    double weight(double x) {
      throw new UnsupportedOperationException("the nearest pixel is copied, not weighed");
    }
  },

  /** The mean of the pixels covered: 1 for -0.5 &lt; x &lt;= 0.5. */
  BOX(0.5) {
    @Override
    double weight(double x) {
      return x > -0.5 && x <= 0.5 ? 1 : 0;
    }
  },

  /** The triangle 1 - |x|. */
  BILINEAR(1) {
    @Override
    double weight(double x) {
      double d = Math.abs(x);
      return d < 1 ? 1 - d : 0;
    }
  },

  /** sinc(x) under a Hamming window: 0.54 + 0.46 cos(pi x). */
  HAMMING(1) {
    @Override
    double weight(double x) {
      double d = Math.abs(x);
      if (d == 0) {
        return 1;
      }
      if (d >= 1) {
        return 0;
      }
      double angle = d * Math.PI;
      return StrictMath.sin(angle) / angle * (0.54 + 0.46 * StrictMath.cos(angle));
    }
  },

  /** Keys' cubic with a = -0.5 (IEEE Trans. ASSP 29, 1981). */
  BICUBIC(2) {
    @Override
    double weight(double x) {
      final double a = -0.5;
      double d = Math.abs(x);
      if (d < 1) {
        return ((a + 2) * d - (a + 3)) * d * d + 1;
      }
      return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
    }
  },

  /** sinc(x) sinc(x / 3), sinc(x) = sin(pi x) / (pi x). */
  LANCZOS(3) {
    @Override
    double weight(double x) {
      return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    }
  };

  private final double support;

  Resampling(double support) {
    this.support = support;
  }

  /** The distance beyond which the filter is zero. */
  double support() {
    return support;
  }

  /** The filter's value at a distance from its centre. */
  abstract double weight(double x);

  private static double sinc(double x) {
    if (x == 0) {
      return 1;
    }
    double angle = x * Math.PI;
    return StrictMath.sin(angle) / angle;
  }
}
