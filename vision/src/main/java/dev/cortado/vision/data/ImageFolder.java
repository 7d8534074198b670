package dev.cortado.vision.data;

import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.io.FileProblem;
import dev.cortado.tensor.io.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A folder with one folder per class, as torchvision's {@code ImageFolder}: the classes are the
 * names of the folders, sorted; the samples are the image files below them, at any depth, sorted by
 * class and then by relative path. Hidden files and files without an image's extension are left
 * out. Nothing is decoded here.
 *
 * @param root the folder
 * @param classes names of the classes; a sample's label is an index into this list
 * @param samples all files, in the order described
 */
public record ImageFolder(Path root, List<String> classes, List<Sample> samples) {
  /** The extensions of files taken for images, in lower case. */
  public static final Set<String> EXTENSIONS =
      Collections.unmodifiableSet(
          new TreeSet<>(List.of("jpg", "jpeg", "png", "webp", "tif", "tiff", "bmp", "gif")));

  private static final int NAMES_SHOWN = 10;

  /** Makes the lists unchangeable. */
  public ImageFolder {
    classes = List.copyOf(classes);
    samples = List.copyOf(samples);
  }

  /**
   * The data set in a folder of class folders.
   *
   * @throws CortadoException if the folder is missing, holds no class folder, or a class holds no
   *     image
   */
  public static ImageFolder open(Path folder) {
    List<String> classes = classFolders(folder);
    if (classes.isEmpty()) {
      throw new CortadoException(
          folder
              + (filesOf(folder).isEmpty() ? " is empty" : " holds no class folders")
              + "; expected one folder of images per class in it");
    }
    return open(folder, classes);
  }

  /**
   * The data set in a folder whose classes must be those given, for instance the classes that a
   * model was trained on.
   *
   * @throws CortadoException if the folder is missing, has other class folders, or a class holds no
   *     image
   */
  public static ImageFolder open(Path folder, List<String> classes) {
    List<String> found = classFolders(folder);
    if (!Set.copyOf(found).equals(Set.copyOf(classes))) {
      throw new CortadoException(
          folder
              + " must hold the class folders "
              + shown(classes)
              + ", but holds "
              + shown(found));
    }
    if (!classes.isEmpty() && classes.stream().allMatch(c -> photos(folder.resolve(c)).isEmpty())) {
      throw new CortadoException(
          "there are no photos in "
              + folder
              + ", only folders without any: "
              + shown(classes)
              + "; expected one folder of images per class, such as "
              + folder.resolve("CLASS").resolve("photo.jpg")
              + ", ending in "
              + String.join(", ", EXTENSIONS));
    }
    var samples = new ArrayList<Sample>();
    for (int label = 0; label < classes.size(); label++) {
      Path classFolder = folder.resolve(classes.get(label));
      List<Path> images = photos(classFolder);
      if (images.isEmpty()) {
        throw new CortadoException(
            "class "
                + classes.get(label)
                + " has no images: no file in "
                + classFolder
                + " ends in "
                + String.join(", ", EXTENSIONS)
                + "; every folder in "
                + folder
                + " is taken for a class");
      }
      for (Path image : images) {
        samples.add(new Sample(image, label));
      }
    }
    return new ImageFolder(folder, classes, samples);
  }

  /** Number of samples. */
  public int size() {
    return samples.size();
  }

  /** Number of samples of each class. */
  public List<Integer> classSizes() {
    var sizes = new int[classes.size()];
    for (Sample sample : samples) {
      sizes[sample.label()]++;
    }
    return Arrays.stream(sizes).boxed().toList();
  }

  /** A digest of the files' names and contents; see {@link Sha256#files}. */
  public String digest() {
    return Sha256.files(root, samples.stream().map(Sample::path).toList());
  }

  private static List<String> classFolders(Path folder) {
    if (Files.notExists(folder)) {
      throw new CortadoException("there is no data folder " + folder);
    }
    if (!Files.isDirectory(folder)) {
      throw new CortadoException(folder + " is a file, not a folder of classes");
    }
    return filesOf(folder).stream()
        .filter(Files::isDirectory)
        .map(path -> path.getFileName().toString())
        .sorted()
        .toList();
  }

  /** What is directly in a folder and not hidden. */
  static List<Path> filesOf(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !isHidden(file)).toList();
    } catch (UncheckedIOException e) {
      throw unreadable(folder, Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  /**
   * The image files below a folder, at any depth, sorted by relative path: those that end in one of
   * {@link #EXTENSIONS} and are not hidden. None if there are none.
   *
   * @throws CortadoException if the folder cannot be read
   */
  public static List<Path> photos(Path folder) {
    try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return files
          .filter(file -> isImage(file) && visible(folder.relativize(file)))
          .filter(Files::isRegularFile)
          .sorted(Comparator.comparing(file -> relativeName(folder, file)))
          .toList();
    } catch (UncheckedIOException e) {
      throw unreadable(folder, Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static boolean isImage(Path file) {
    String name = file.getFileName().toString();
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return EXTENSIONS.contains(extension);
  }

  private static boolean visible(Path relative) {
    for (Path part : relative) {
      if (isHidden(part)) {
        return false;
      }
    }
    return true;
  }

  /** Names that begin with a dot, and what macOS leaves in archives. */
  private static boolean isHidden(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(".") || name.equals("__MACOSX");
  }

  private static String shown(List<String> names) {
    if (names.isEmpty()) {
      return "none";
    }
    String some = String.join(", ", names.subList(0, Math.min(names.size(), NAMES_SHOWN)));
    return names.size() > NAMES_SHOWN ? some + ", ... (" + names.size() + " in all)" : some;
  }

  /** A file's name as seen from a folder, the same on every system. */
  private static String relativeName(Path root, Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private static CortadoException unreadable(Path folder, IOException e) {
    return new CortadoException(
        "cannot read the folder " + folder + ": " + FileProblem.reason(e), e);
  }
}
