package dev.cortado.vision.model;

import dev.cortado.nn.AdaptiveAvgPool2d;
import dev.cortado.nn.ConvNormActivation;
import dev.cortado.nn.Dropout;
import dev.cortado.nn.Initializer;
import dev.cortado.nn.Layer;
import dev.cortado.nn.Linear;
import dev.cortado.nn.Sequential;
import dev.cortado.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * EfficientNet as in torchvision: {@code features} (stem, stages of blocks, head convolution), mean
 * over the image, {@code classifier} (dropout, linear). Tan &amp; Le 2019, 2021.
 */
public final class EfficientNet extends Model {
  private final EfficientNetArchitecture architecture;
  private final Sequential features;
  private final AdaptiveAvgPool2d pool;
  private Sequential classifier;
  private Linear linear;

  /** Creates the network with shapes but without numbers. */
  public EfficientNet(EfficientNetArchitecture architecture, int classes) {
    super(architecture, "classifier");
    checkClasses(classes);
    this.architecture = architecture;
    this.features = child("features", new Sequential(layers(architecture)));
    this.pool = child("avgpool", new AdaptiveAvgPool2d(1));
    this.linear = new Linear(architecture.head(), classes);
    linear.weight().initializer(Initializer.uniform(1 / Math.sqrt(classes)));
    var bias = linear.bias();
    if (bias != null) {
      bias.initializer(Initializer.ZEROS);
    }
    this.classifier = child("classifier", head(architecture, linear));
  }

  private static Sequential head(EfficientNetArchitecture architecture, Linear linear) {
    return new Sequential(new Dropout(architecture.dropout()), linear);
  }

  private static List<Layer> layers(EfficientNetArchitecture net) {
    var layers = new ArrayList<Layer>();
    layers.add(
        new ConvNormActivation(
            3, net.stem(), 3, 2, net.padding(3), 1, net.norm(), net.activation()));
    int done = 0;
    for (var stage : net.stages()) {
      var blocks = new ArrayList<Layer>();
      for (int i = 0; i < stage.blocks(); i++) {
        double depth = net.stochasticDepth() * done++ / net.blocks();
        blocks.add(new InvertedResidual(net, stage, i == 0, depth));
      }
      layers.add(new Sequential(blocks));
    }
    int last = net.stages().getLast().out();
    layers.add(
        new ConvNormActivation(
            last, net.head(), 1, 1, net.padding(1), 1, net.norm(), net.activation()));
    return layers;
  }

  @Override
  public Tensor features(Tensor images) {
    checkImages(this, images);
    return pool.apply(features.apply(images)).flatten(1);
  }

  @Override
  public Tensor head(Tensor features) {
    return classifier.apply(features);
  }

  @Override
  public Linear classifier() {
    return linear;
  }

  @Override
  public String classifierName() {
    return "classifier.1";
  }

  /** The stem, the stages of blocks, and the last convolution. */
  @Override
  public List<String> stages() {
    return features.children().keySet().stream().map(name -> "features." + name).toList();
  }

  @Override
  protected void replaceClassifier(Linear classifier) {
    this.linear = classifier;
    this.classifier = replaceChild("classifier", head(architecture, classifier));
  }

  @Override
  public EfficientNetArchitecture architecture() {
    return architecture;
  }

  @Override
  public int featureSize() {
    return architecture.head();
  }
}
