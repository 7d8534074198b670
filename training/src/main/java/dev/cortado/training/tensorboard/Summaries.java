package dev.cortado.training.tensorboard;

import com.google.protobuf.ByteString;
import java.util.Arrays;

/**
 * The protocol-buffer messages inside event files.
 *
 * <p>Field numbers: tensorboard/compat/proto/event.proto, summary.proto, tensor.proto.
 */
final class Summaries {
  /** Fields of Event. */
  static final int WALL_TIME = 1;

  static final int STEP = 2;
  static final int FILE_VERSION = 3;
  static final int SUMMARY = 5;

  /** Fields of Summary and of Summary.Value. */
  static final int VALUE = 1;

  static final int TAG = 1;
  static final int SIMPLE_VALUE = 2;
  static final int IMAGE = 4;
  static final int HISTOGRAM = 5;
  static final int TENSOR = 8;
  static final int METADATA = 9;

  /** Fields of TensorProto that hold numbers. */
  static final int TENSOR_DTYPE = 1;

  static final int TENSOR_CONTENT = 4;
  static final int TENSOR_FLOAT_VALUES = 5;
  static final int TENSOR_DOUBLE_VALUES = 6;
  static final int TENSOR_STRING_VALUES = 8;

  /** Types of TensorProto. */
  static final int DT_FLOAT = 1;

  static final int DT_DOUBLE = 2;
  static final int DT_STRING = 7;

  private static final int RGB = 3;

  private Summaries() {}

  static byte[] version(double wallTime) {
    return Proto.message(
        out -> {
          out.writeDouble(WALL_TIME, wallTime);
          out.writeString(FILE_VERSION, "brain.Event:2");
        });
  }

  static byte[] event(double wallTime, long step, byte[] value) {
    var summary = Proto.message(out -> out.writeByteArray(VALUE, value));
    return Proto.message(
        out -> {
          out.writeDouble(WALL_TIME, wallTime);
          out.writeInt64(STEP, step);
          out.writeByteArray(SUMMARY, summary);
        });
  }

  static byte[] scalar(String tag, float value) {
    return Proto.message(
        out -> {
          out.writeString(TAG, tag);
          out.writeFloat(SIMPLE_VALUE, value);
        });
  }

  static byte[] image(String tag, int width, int height, byte[] png) {
    var image =
        Proto.message(
            out -> {
              out.writeInt32(1, height);
              out.writeInt32(2, width);
              out.writeInt32(3, RGB);
              out.writeByteArray(4, png);
            });
    return Proto.message(
        out -> {
          out.writeString(TAG, tag);
          out.writeByteArray(IMAGE, image);
        });
  }

  /** Text is a vector of strings, with metadata that sends it to the text plugin. */
  static byte[] text(String tag, String markdown) {
    var plugin = Proto.message(out -> out.writeString(1, "text"));
    var metadata = Proto.message(out -> out.writeByteArray(1, plugin));
    var dimension = Proto.message(out -> out.writeInt64(1, 1));
    var shape = Proto.message(out -> out.writeByteArray(2, dimension));
    var tensor =
        Proto.message(
            out -> {
              out.writeEnum(TENSOR_DTYPE, DT_STRING);
              out.writeByteArray(2, shape);
              out.writeBytes(TENSOR_STRING_VALUES, ByteString.copyFromUtf8(markdown));
            });
    return Proto.message(
        out -> {
          out.writeString(TAG, tag);
          out.writeByteArray(TENSOR, tensor);
          out.writeByteArray(METADATA, metadata);
        });
  }

  static byte[] histogram(String tag, Histogram histogram) {
    var message =
        Proto.message(
            out -> {
              out.writeDouble(1, histogram.min());
              out.writeDouble(2, histogram.max());
              out.writeDouble(3, histogram.count());
              out.writeDouble(4, histogram.sum());
              out.writeDouble(5, histogram.sumOfSquares());
              out.writeByteArray(6, Proto.doubles(histogram.limits()));
              out.writeByteArray(7, Proto.doubles(histogram.counts()));
            });
    return Proto.message(
        out -> {
          out.writeString(TAG, tag);
          out.writeByteArray(HISTOGRAM, message);
        });
  }

  /**
   * Counts of values in equal intervals between the least and the greatest.
   *
   * @param limits the right end of each interval; the first interval is empty and ends at the least
   *     value, so that the second starts there
   * @param counts how many values each interval holds
   */
  // Arrays, because they are written straight away: nobody compares or keeps a histogram.
  @SuppressWarnings("ArrayRecordComponent")
  record Histogram(
      double min,
      double max,
      double count,
      double sum,
      double sumOfSquares,
      double[] limits,
      double[] counts) {

    private static final int INTERVALS = 30;

    /** Counts finite values; the others cannot be drawn and are left out. */
    static Histogram of(float[] values) {
      double min = Double.POSITIVE_INFINITY;
      double max = Double.NEGATIVE_INFINITY;
      double sum = 0;
      double squares = 0;
      long count = 0;
      for (float value : values) {
        if (Float.isFinite(value)) {
          min = Math.min(min, value);
          max = Math.max(max, value);
          sum += value;
          squares += (double) value * value;
          count++;
        }
      }
      if (count == 0) {
        return new Histogram(0, 0, 0, 0, 0, new double[] {0}, new double[] {0});
      }
      var limits = limits(min, max);
      return new Histogram(min, max, count, sum, squares, limits, counts(values, limits));
    }

    private static double[] limits(double min, double max) {
      // Equal values still need an interval they can lie in.
      double width = max > min ? (max - min) / INTERVALS : Math.max(1e-12, Math.abs(max) * 1e-6);
      var limits = new double[INTERVALS + 1];
      Arrays.setAll(limits, i -> min + i * width);
      limits[INTERVALS] = Math.max(max, limits[INTERVALS]);
      return limits;
    }

    private static double[] counts(float[] values, double[] limits) {
      var counts = new double[limits.length];
      for (float value : values) {
        if (Float.isFinite(value)) {
          int found = Arrays.binarySearch(limits, value);
          // An interval holds its left end; the last also its right one.
          int interval = found >= 0 ? found + 1 : -found - 1;
          counts[Math.min(interval, limits.length - 1)]++;
        }
      }
      return counts;
    }
  }
}
