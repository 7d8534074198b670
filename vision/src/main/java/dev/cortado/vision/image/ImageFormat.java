package dev.cortado.vision.image;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The file formats that are read, told apart by their first bytes and never by the file's name. */
enum ImageFormat {
  JPEG,
  PNG,
  WEBP,
  TIFF,
  BMP,
  GIF;

  /** The names of all formats, for messages. */
  static final String ALL = "JPEG, PNG, WebP, TIFF, BMP, GIF";

  /**
   * The format of a file.
   *
   * @throws BrokenImageException if it is none of these, saying what the file seems to be
   */
  static ImageFormat of(Source source) {
    if (source.size() == 0) {
      throw source.broken("the file is empty");
    }
    if (source.hasText(0, "\u00ff\u00d8\u00ff")) {
      return JPEG;
    }
    if (source.hasText(0, "\u0089PNG\r\n\u001a\n")) {
      return PNG;
    }
    if (source.hasText(0, "RIFF") && source.hasText(8, "WEBP")) {
      return WEBP;
    }
    if (source.hasText(0, "II*\0") || source.hasText(0, "MM\0*")) {
      return TIFF;
    }
    if (source.hasText(0, "GIF87a") || source.hasText(0, "GIF89a")) {
      return GIF;
    }
    if (source.hasText(0, "BM") && source.size() >= 26) {
      return BMP;
    }
    throw source.broken(describe(source));
  }

  private static String describe(Source source) {
    if (source.hasText(4, "ftyp")) {
      String brand = text(source, 8, 12);
      String kind =
          brand.startsWith("avi")
              ? "AVIF"
              : brand.startsWith("hei") || brand.startsWith("mif") ? "HEIC" : "video";
      return kind + " files are not supported; save it as JPEG or PNG";
    }
    String start = text(source, 0, 64).strip().toLowerCase(Locale.ROOT);
    if (start.startsWith("<!doctype html") || start.startsWith("<html")) {
      return "not an image but a web page, as failed downloads leave them";
    }
    if (start.startsWith("<svg") || start.startsWith("<?xml")) {
      return "SVG and other XML files are not supported; save it as PNG";
    }
    if (source.hasText(0, "II+\0") || source.hasText(0, "MM\0+")) {
      return "BigTIFF files are not supported; save it as TIFF or PNG";
    }
    if (source.hasText(0, "\0\0\0\fjP  ") || source.hasText(0, "\u00ffO\u00ffQ")) {
      return "JPEG 2000 files are not supported; save it as JPEG or PNG";
    }
    return "not an image of a known format (" + ALL + ")";
  }

  private static String text(Source source, int from, int to) {
    int end = Math.min(to, source.size());
    return from >= end
        ? ""
        : new String(source.bytes(), from, end - from, StandardCharsets.ISO_8859_1);
  }
}
