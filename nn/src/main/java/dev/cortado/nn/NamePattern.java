package dev.cortado.nn;

import dev.cortado.tensor.CortadoException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Patterns over dotted names: {@code *} any characters (dots too), {@code ?} one, {@code [0-3]} one
 * of a set; several patterns are separated by commas.
 */
record NamePattern(String text, List<Pattern> alternatives) {
  static NamePattern of(String text) {
    var alternatives =
        Arrays.stream(text.split(",", -1)).map(part -> compile(text, part.strip())).toList();
    return new NamePattern(text, alternatives);
  }

  private static Pattern compile(String whole, String glob) {
    if (glob.isEmpty()) {
      throw new CortadoException(
          "the pattern '" + whole + "' has an empty part; write for example features.[0-3]");
    }
    var regex = new StringBuilder();
    int i = 0;
    while (i < glob.length()) {
      char c = glob.charAt(i);
      int close = c == '[' ? glob.indexOf(']', i + 2) : -1;
      if (close > 0) {
        regex.append('[').append(glob.substring(i + 1, close).replace("\\", "\\\\")).append(']');
        i = close;
      } else if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
      i++;
    }
    try {
      return Pattern.compile(regex.toString());
    } catch (PatternSyntaxException e) {
      throw new CortadoException(
          "the pattern '" + glob + "' cannot be read: " + e.getDescription(), e);
    }
  }

  boolean matches(String name) {
    return alternatives.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }
}
