package dev.cortado.tensor.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The JSON header of a safetensors file, parsed as a stream and checked to the letter: whatever is
 * not exactly as the format says is refused, by {@link Refused} with the reason.
 *
 * @param entries the tensors in the order of the header
 * @param metadata the strings under {@code __metadata__}
 */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {
  static final String METADATA = "__metadata__";

  /** The deepest a valid header gets is three: object, member, list. */
  private static final int DEPTH = 3;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(DEPTH).maxNumberLength(40).build())
          .build();

  /** One tensor: its bytes are {@code begin} (inclusive) to {@code end} of the data. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(String name, ElementType type, int[] shape, int elements, long begin, long end) {}

  /**
   * Parses and checks a header.
   *
   * @param json the header, without its length field
   * @param dataBytes how many bytes of data follow it
   */
  static SafetensorsHeader parse(String json, long dataBytes) throws Refused {
    SafetensorsHeader header;
    try (var parser = JSON.createParser(json)) {
      header = new Reading(parser).header();
    } catch (StreamConstraintsException e) {
      throw new Refused("the header is nested too deeply or has a number or name that is too long");
    } catch (JsonProcessingException e) {
      throw new Refused("the header is not valid JSON: " + Quoted.of(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new Refused("the header cannot be read: " + e.getMessage());
    }
    header.checkCoverage(dataBytes);
    return header;
  }

  /** The ranges, sorted, must cover the data exactly: no hole, no overlap, nothing left over. */
  private void checkCoverage(long dataBytes) throws Refused {
    var sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long at = 0;
    for (var entry : sorted) {
      if (entry.end > dataBytes) {
        throw new Refused(
            "tensor %s ends at byte %d, but the file holds %d bytes of data: it is cut short"
                .formatted(Quoted.of(entry.name), entry.end, dataBytes));
      }
      if (entry.begin < at) {
        throw new Refused("tensor %s overlaps the one before it".formatted(Quoted.of(entry.name)));
      }
      if (entry.begin > at) {
        throw new Refused(
            "bytes %d to %d, before tensor %s, belong to no tensor"
                .formatted(at, entry.begin, Quoted.of(entry.name)));
      }
      at = entry.end;
    }
    if (at != dataBytes) {
      throw new Refused((dataBytes - at) + " bytes after the last tensor belong to no tensor");
    }
  }

  /** One pass over the tokens. */
  private static final class Reading {
    private final JsonParser parser;

    Reading(JsonParser parser) {
      this.parser = parser;
    }

    SafetensorsHeader header() throws IOException, Refused {
      expect(JsonToken.START_OBJECT, "the header must be a JSON object");
      var entries = new ArrayList<Entry>();
      var seen = new HashSet<String>();
      Map<String, String> metadata = Map.of();
      while (next() != JsonToken.END_OBJECT) {
        String name = name(seen);
        if (name.equals(METADATA)) {
          metadata = metadata();
        } else {
          entries.add(entry(name));
        }
      }
      if (parser.nextToken() != null) {
        throw new Refused("the header goes on after its end");
      }
      return new SafetensorsHeader(entries, metadata);
    }

    private Map<String, String> metadata() throws IOException, Refused {
      expect(JsonToken.START_OBJECT, METADATA + " must be a JSON object");
      var result = new LinkedHashMap<String, String>();
      var seen = new HashSet<String>();
      while (next() != JsonToken.END_OBJECT) {
        String key = name(seen);
        expect(JsonToken.VALUE_STRING, METADATA + "." + Quoted.of(key) + " must be a string");
        result.put(key, parser.getText());
      }
      return result;
    }

    private Entry entry(String name) throws IOException, Refused {
      String what = "tensor " + Quoted.of(name);
      expect(JsonToken.START_OBJECT, what + " must be described by a JSON object");
      ElementType type = null;
      long[] shape = null;
      long[] range = null;
      var seen = new HashSet<String>();
      while (next() != JsonToken.END_OBJECT) {
        switch (name(seen)) {
          case "dtype" -> type = type(what);
          case "shape" -> shape = numbers(what + ": shape");
          case "data_offsets" -> range = numbers(what + ": data_offsets");
          case String other ->
              throw new Refused(
                  what + " has " + Quoted.of(other) + " beside dtype, shape and data_offsets");
        }
      }
      if (type == null || shape == null || range == null) {
        var missing = type == null ? "dtype" : shape == null ? "shape" : "data_offsets";
        throw new Refused(what + " has no " + missing);
      }
      return checked(what, name, type, shape, range);
    }

    private ElementType type(String what) throws IOException, Refused {
      expect(JsonToken.VALUE_STRING, what + ": dtype must be a string");
      var type = ElementType.find(parser.getText());
      if (type == null) {
        throw new Refused(
            "%s has element type %s, which Cortado does not read (it reads %s)"
                .formatted(what, Quoted.of(parser.getText()), ElementType.list()));
      }
      return type;
    }

    private long[] numbers(String what) throws IOException, Refused {
      expect(JsonToken.START_ARRAY, what + " must be a list");
      var result = new ArrayList<Long>();
      while (next() != JsonToken.END_ARRAY) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
            || parser.getText().startsWith("-")) {
          throw new Refused(
              what + " must hold plain integers from 0 on, not " + Quoted.of(parser.getText()));
        }
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
          throw new Refused(what + " holds " + parser.getText() + ", which is too large");
        }
        result.add(parser.getLongValue());
      }
      return result.stream().mapToLong(Long::longValue).toArray();
    }

    /** Notes the current token as a name that must be new. */
    private String name(Set<String> seen) throws IOException, Refused {
      if (parser.currentToken() != JsonToken.FIELD_NAME) {
        throw new Refused("the header is not valid JSON");
      }
      String name = parser.currentName();
      if (!seen.add(name)) {
        throw new Refused("the header says " + Quoted.of(name) + " twice");
      }
      return name;
    }

    private void expect(JsonToken wanted, String message) throws IOException, Refused {
      if (next() != wanted) {
        throw new Refused(message);
      }
    }

    private JsonToken next() throws IOException, Refused {
      var token = parser.nextToken();
      if (token == null) {
        throw new Refused("the header ends too early");
      }
      return token;
    }
  }

  /** Checks that type, shape and range of one tensor agree, without overflow on the way. */
  private static Entry checked(
      String what, String name, ElementType type, long[] shape, long[] range) throws Refused {
    if (range.length != 2) {
      throw new Refused(what + ": data_offsets must be two numbers, not " + range.length);
    }
    long begin = range[0];
    long end = range[1];
    if (begin > end) {
      throw new Refused(what + " begins at " + begin + ", after its end at " + end);
    }
    long bytes = type.bytes(shape);
    if (bytes < 0) {
      throw new Refused(
          what
              + " of shape "
              + Arrays.toString(shape)
              + " has more elements than the 2^31 - 17"
              + " that fit in a tensor");
    }
    if (bytes != end - begin) {
      throw new Refused(
          "%s: shape %s of %s needs %d bytes, but data_offsets give it %d"
              .formatted(what, Arrays.toString(shape), type, bytes, end - begin));
    }
    int[] dims = Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
    return new Entry(name, type, dims, (int) (bytes / type.bytes()), begin, end);
  }
}
