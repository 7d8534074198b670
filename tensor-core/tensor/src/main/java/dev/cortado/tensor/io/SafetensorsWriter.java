package dev.cortado.tensor.io;

import com.fasterxml.jackson.core.JsonFactory;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The writing half of {@link Safetensors}. */
final class SafetensorsWriter {
  private static final JsonFactory JSON = new JsonFactory();

  private SafetensorsWriter() {}

  static void write(
      Path path, Map<String, ? extends Tensor> tensors, Map<String, String> metadata) {
    if (tensors.containsKey(SafetensorsHeader.METADATA)) {
      throw new CortadoException(
          "a tensor cannot be called " + SafetensorsHeader.METADATA + " in a safetensors file");
    }
    var inDataOrder = new ArrayList<Map.Entry<String, ? extends Tensor>>(tensors.entrySet());
    inDataOrder.sort(Comparator.comparingInt(e -> -e.getValue().dtype().bytes()));
    AtomicFile.writeChannel(
        path,
        channel -> {
          Elements.writeFully(channel, header(tensors, inDataOrder, metadata));
          var elements = new Elements();
          for (var entry : inDataOrder) {
            elements.write(entry.getValue(), buffer -> Elements.writeFully(channel, buffer));
          }
        });
  }

  private static ByteBuffer header(
      Map<String, ? extends Tensor> tensors,
      Iterable<Map.Entry<String, ? extends Tensor>> inDataOrder,
      Map<String, String> metadata)
      throws IOException {
    var begins = new HashMap<String, Long>();
    long at = 0;
    for (var entry : inDataOrder) {
      begins.put(entry.getKey(), at);
      at += bytes(entry.getValue());
    }
    var json = new ByteArrayOutputStream();
    try (var out = JSON.createGenerator(json)) {
      out.writeStartObject();
      if (!metadata.isEmpty()) {
        out.writeObjectFieldStart(SafetensorsHeader.METADATA);
        for (var entry : metadata.entrySet()) {
          out.writeStringField(entry.getKey(), entry.getValue());
        }
        out.writeEndObject();
      }
      for (var entry : tensors.entrySet()) {
        var tensor = entry.getValue();
        long begin = Objects.requireNonNull(begins.get(entry.getKey()));
        out.writeObjectFieldStart(entry.getKey());
        out.writeStringField("dtype", ElementType.of(tensor.dtype()).name());
        out.writeFieldName("shape");
        int[] shape = tensor.shape().toArray();
        out.writeArray(shape, 0, shape.length);
        out.writeFieldName("data_offsets");
        out.writeArray(new long[] {begin, begin + bytes(tensor)}, 0, 2);
        out.writeEndObject();
      }
      out.writeEndObject();
    }
    return padded(json.toByteArray());
  }

  /** Returns length and header, filled up with spaces so that the data begin at a multiple of 8. */
  private static ByteBuffer padded(byte[] json) {
    byte[] text = Arrays.copyOf(json, Math.ceilDiv(json.length, 8) * 8);
    Arrays.fill(text, json.length, text.length, (byte) ' ');
    var header = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
    return header.putLong(text.length).put(text).flip();
  }

  private static long bytes(Tensor tensor) {
    return (long) tensor.elements() * tensor.dtype().bytes();
  }
}
