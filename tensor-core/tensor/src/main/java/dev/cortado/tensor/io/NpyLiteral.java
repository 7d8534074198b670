package dev.cortado.tensor.io;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Python dictionary in the header of an npy file: the three keys it has to have, and the
 * few kinds of values they may have. Nothing is evaluated.
 */
final class NpyLiteral {
  /** More axes than NumPy's arrays have. */
  private static final int MOST_AXES = 64;

  private final String text;
  private final int begin;
  private int at;

  /** The values of the three keys. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Header(String descr, boolean fortran, long[] shape) {}

  /**
   * Creates a reader.
   *
   * @param begin the byte of the file at which the text begins, for messages
   */
  NpyLiteral(String text, int begin) {
    this.text = text;
    this.begin = begin;
  }

  Header header() throws Refused {
    String descr = null;
    Boolean fortran = null;
    long[] shape = null;
    expect('{');
    while (!next('}')) {
      int before = at;
      String key = string("a key in quotes");
      expect(':');
      boolean twice =
          switch (key) {
            case "descr" -> {
              boolean again = descr != null;
              descr = descr();
              yield again;
            }
            case "fortran_order" -> {
              boolean again = fortran != null;
              fortran = truth();
              yield again;
            }
            case "shape" -> {
              boolean again = shape != null;
              shape = shape();
              yield again;
            }
            default -> throw wrong(before, "the unknown key " + Quoted.of(key));
          };
      if (twice) {
        throw wrong(before, "the key " + Quoted.of(key) + " a second time");
      }
      if (!next(',') && peek() != '}') {
        throw wrong(at, "no ',' or '}'");
      }
    }
    blanks();
    if (at < text.length()) {
      throw wrong(at, "something after the dictionary");
    }
    if (descr == null || fortran == null || shape == null) {
      throw missing(descr, fortran);
    }
    return new Header(descr, fortran, shape);
  }

  private static Refused missing(@Nullable String descr, @Nullable Boolean fortran) {
    String key = descr == null ? "descr" : fortran == null ? "fortran_order" : "shape";
    return new Refused("its header has no '" + key + "'");
  }

  private String descr() throws Refused {
    blanks();
    if (peek() == '[') {
      throw wrong(at, "a type with fields; only arrays of plain numbers are read");
    }
    return string("a type in quotes");
  }

  private boolean truth() throws Refused {
    blanks();
    for (var word : new String[] {"True", "False"}) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return word.equals("True");
      }
    }
    throw wrong(at, "no True or False");
  }

  private long[] shape() throws Refused {
    expect('(');
    var sizes = new ArrayList<Long>();
    while (!next(')')) {
      sizes.add(number());
      if (sizes.size() > MOST_AXES) {
        throw wrong(at, "more than " + MOST_AXES + " sizes");
      }
      if (!next(',') && peek() != ')') {
        throw wrong(at, "no ',' or ')'");
      }
      if (sizes.size() == 1 && text.charAt(at - 1) != ',') {
        throw wrong(at, "no ',' after a single size");
      }
    }
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }

  /** A plain integer from 0 on; Python 2 put an L behind long ones. */
  private long number() throws Refused {
    blanks();
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (from == at) {
      throw wrong(at, "no size, a plain integer from 0 on");
    }
    if (at - from > 18) {
      throw wrong(from, "a size that is too large");
    }
    long number = Long.parseLong(text.substring(from, at));
    if (peek() == 'L') {
      at++;
    }
    return number;
  }

  private String string(String what) throws Refused {
    blanks();
    char quote = peek();
    int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
    if (end < 0) {
      throw wrong(at, "not " + what);
    }
    String content = text.substring(at + 1, end);
    if (content.indexOf('\\') >= 0) {
      throw wrong(at, "a backslash in quotes");
    }
    at = end + 1;
    return content;
  }

  private void expect(char wanted) throws Refused {
    if (!next(wanted)) {
      throw wrong(at, "no '" + wanted + "'");
    }
  }

  /** Skips {@code wanted} if it comes next. */
  private boolean next(char wanted) {
    blanks();
    if (peek() != wanted) {
      return false;
    }
    at++;
    return true;
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void blanks() {
    while (at < text.length() && " \n\t\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private Refused wrong(int where, String found) {
    return new Refused("its header has, at byte " + (begin + where) + ", " + found);
  }
}
