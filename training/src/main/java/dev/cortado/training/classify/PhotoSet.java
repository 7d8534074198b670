package dev.cortado.training.classify;

import dev.cortado.tensor.RandomKey;
import dev.cortado.tensor.Tensor;
import dev.cortado.training.Batch;
import dev.cortado.training.data.DataLoader;
import dev.cortado.training.data.Dataset;
import dev.cortado.training.data.LoaderOptions;
import dev.cortado.training.data.SampleCache;
import dev.cortado.vision.data.ImageFolder;
import dev.cortado.vision.image.Images;
import dev.cortado.vision.image.Preset;
import dev.cortado.vision.image.RgbImage;
import dev.cortado.vision.transform.Augmentation;
import java.util.List;
import java.util.Optional;

/**
 * A folder of photos as a dataset: each is read and brought to size once and then kept, as far as
 * memory allows. With an augmentation it is the whole photo that is kept, and the part to look at
 * is chosen anew each time.
 */
public final class PhotoSet implements Dataset<Photo> {
  /** The share of the heap that decoded photos may take, for training and test photos each. */
  private static final double CACHE_SHARE = 0.2;

  private final ImageFolder folder;
  private final Preset preset;
  private final Optional<Augmentation> augmentation;
  private final SampleCache<RgbImage> cache;

  /** Creates the dataset; nothing is read yet. */
  public PhotoSet(ImageFolder folder, Preset preset, Optional<Augmentation> augmentation) {
    this(folder, preset, augmentation, CACHE_SHARE);
  }

  private PhotoSet(
      ImageFolder folder, Preset preset, Optional<Augmentation> augmentation, double share) {
    this.folder = folder;
    this.preset = preset;
    this.augmentation = augmentation;
    this.cache = SampleCache.ofHeapShare(folder.size(), share, image -> image.rgb().length);
  }

  /** Returns the same photos for somebody who reads them only once: nothing is kept. */
  PhotoSet readOnce() {
    return new PhotoSet(folder, preset, augmentation, 0);
  }

  @Override
  public int size() {
    return folder.size();
  }

  @Override
  public Photo read(int index, RandomKey key) {
    var sample = folder.samples().get(index);
    var kept =
        cache.get(
            index,
            i -> {
              var image = Images.read(sample.path());
              return augmentation.isPresent() ? image : preset.cropped(image);
            });
    var sized = augmentation.map(a -> a.apply(kept, key)).orElse(kept);
    return new Photo(sized, sample.label());
  }

  @Override
  public String name(int index) {
    return folder.samples().get(index).path().toString();
  }

  /** Returns a loader of batches of this dataset's photos, as the network takes them. */
  public DataLoader<Photo, Batch> loader(LoaderOptions options) {
    return new DataLoader<>(this, photos -> batch(preset, photos), options);
  }

  private static Batch batch(Preset preset, List<Photo> photos) {
    long[] labels = photos.stream().mapToLong(Photo::label).toArray();
    var images = preset.stack(photos.stream().map(Photo::image).toList());
    return new Batch(images, Tensor.of(labels, labels.length));
  }
}
