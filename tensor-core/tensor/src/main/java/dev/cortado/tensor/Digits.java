package dev.cortado.tensor;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Writes floating numbers in columns, by NumPy's rules. Each number has the fewest digits that tell
 * it from its neighbours in its type, but no more than so many behind the point; points stand below
 * each other. Where the sizes differ by more than 1,000 times, or one is below 0.0001 or more than
 * the type's digits can tell, all are written as powers of ten.
 */
final class Digits {
  private static final double TINY = 1e-4;
  private static final double RANGE = 1000;

  private final DType type;
  private final int precision;

  private Digits(DType type, int precision) {
    this.type = type;
    this.precision = precision;
  }

  /** Returns the numbers, all of equal length. */
  static List<String> columns(double[] values, DType type, int precision) {
    var digits = new Digits(type, precision);
    var finite = Arrays.stream(values).filter(Double::isFinite).toArray();
    boolean powers = digits.needsPowers(finite);
    int powerDigits = Arrays.stream(finite).mapToInt(digits::powerDigits).max().orElse(1);
    var parts =
        Arrays.stream(values)
            .mapToObj(
                v ->
                    !Double.isFinite(v)
                        ? new Parts(special(v), "", "")
                        : powers ? digits.power(v, powerDigits) : digits.plain(v))
            .toList();
    var written = parts.stream().filter(Parts::isNumber).toList();
    int left = written.stream().mapToInt(p -> p.whole.length()).max().orElse(0);
    int right = written.stream().mapToInt(p -> p.fraction.length()).max().orElse(0);
    int power = written.stream().mapToInt(p -> p.power.length()).max().orElse(0);
    // The point, and all behind it; a word may need more room than the numbers.
    int behind = 1 + right + power;
    int longest = parts.stream().mapToInt(p -> p.isNumber() ? 0 : p.whole.length()).max().orElse(0);
    int width = Math.max(left, longest - behind) + behind;
    return parts.stream().map(p -> p.padded(width, right, power)).toList();
  }

  private boolean needsPowers(double[] finite) {
    var sizes = DoubleStream.of(finite).map(Math::abs).filter(v -> v != 0).summaryStatistics();
    return sizes.getCount() > 0
        && (sizes.getMax() >= huge()
            || sizes.getMin() < TINY
            || sizes.getMax() / sizes.getMin() > RANGE);
  }

  /** Beyond this the digits before the point are not all known, or too many to read. */
  private double huge() {
    return switch (type) {
      case F16, BF16 -> 1e3;
      case F32 -> 1e6;
      default -> 1e8;
    };
  }

  private static String special(double value) {
    return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }

  /** A number around its point: {@code -12}, {@code 5}, {@code e+03}. */
  private record Parts(String whole, String fraction, String power) {
    boolean isNumber() {
      return !Character.isLetter(whole.charAt(whole.length() - 1));
    }

    String padded(int width, int right, int powerWidth) {
      if (!isNumber()) {
        return " ".repeat(width - whole.length()) + whole;
      }
      var missing = " ".repeat(right - fraction.length());
      var text = whole + "." + fraction + missing + exponent(powerWidth);
      return " ".repeat(width - text.length()) + text;
    }

    /** The sign, then as many digits as the longest has. */
    private String exponent(int powerWidth) {
      if (power.isEmpty()) {
        return "";
      }
      return power.substring(0, 2) + "0".repeat(powerWidth - power.length()) + power.substring(2);
    }
  }

  private Parts plain(double value) {
    var exact = rounded(value, Integer.MAX_VALUE);
    if (exact.scale() > precision) {
      exact = new BigDecimal(value).setScale(precision, RoundingMode.HALF_EVEN);
    }
    var text = exact.stripTrailingZeros().abs().toPlainString();
    int point = text.indexOf('.');
    return new Parts(
        sign(value) + (point < 0 ? text : text.substring(0, point)),
        point < 0 ? "" : text.substring(point + 1),
        "");
  }

  /** Returns how many digits a number written as a power of ten needs, within the precision. */
  private int powerDigits(double value) {
    return rounded(value, precision + 1).stripTrailingZeros().precision();
  }

  /** All powers have equally many digits: of those who need fewer, the next exact ones. */
  private Parts power(double value, int digits) {
    var shortest = shortest(value);
    var number =
        shortest.precision() == digits ? shortest : new BigDecimal(value).round(even(digits));
    var text = number.unscaledValue().abs().toString();
    int exponent = number.signum() == 0 ? 0 : text.length() - 1 - number.scale();
    text += "0".repeat(Math.max(0, digits - text.length()));
    var size = Integer.toString(Math.abs(exponent));
    return new Parts(
        sign(value) + text.charAt(0),
        text.substring(1),
        (exponent < 0 ? "e-" : "e+") + (size.length() < 2 ? "0" : "") + size);
  }

  private static String sign(double value) {
    return value < 0 || (value == 0 && 1 / value < 0) ? "-" : "";
  }

  /**
   * Returns the shortest decimal number that is this one in its type, or the nearest of so many.
   */
  private BigDecimal rounded(double value, int digits) {
    var shortest = shortest(value);
    return shortest.precision() <= digits ? shortest : new BigDecimal(value).round(even(digits));
  }

  private static MathContext even(int digits) {
    return new MathContext(digits, RoundingMode.HALF_EVEN);
  }

  private BigDecimal shortest(double value) {
    if (value == 0) {
      return BigDecimal.ZERO;
    }
    return switch (type) {
      case F32 -> new BigDecimal(Float.toString((float) value));
      case F16, BF16 -> {
        var exact = new BigDecimal(value);
        int digits = 1;
        while (half(exact.round(even(digits)).doubleValue()) != half(value)) {
          digits++;
        }
        yield exact.round(even(digits));
      }
      default -> new BigDecimal(Double.toString(value));
    };
  }

  private short half(double value) {
    return type == DType.F16 ? Half.float16(value) : Half.bfloat16(value);
  }
}
