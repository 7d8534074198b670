package dev.cortado.tensor.io;

/**
 * Text from a file, made fit for a message: in quotes, on one line, not too long, and without
 * characters that could steer a terminal.
 */
final class Quoted {
  private static final int LONGEST = 80;

  private Quoted() {}

  static String of(String text) {
    var line = new StringBuilder("\"");
    text.codePoints()
        .limit(LONGEST)
        .forEach(
            c -> {
              if (Character.isISOControl(c) || !Character.isDefined(c) || isInvisible(c)) {
                line.append(String.format("\\u%04x", c));
              } else {
                line.appendCodePoint(c);
              }
            });
    if (text.codePointCount(0, text.length()) > LONGEST) {
      line.append('…');
    }
    return line.append('"').toString();
  }

  private static boolean isInvisible(int c) {
    return switch (Character.getType(c)) {
      case Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
