package dev.cortado.vision.model;

import dev.cortado.nn.ActivationLayer;
import dev.cortado.nn.Conv2d;
import dev.cortado.nn.Dropout;
import dev.cortado.nn.EncoderBlock;
import dev.cortado.nn.Initializer;
import dev.cortado.nn.Layer;
import dev.cortado.nn.LayerNorm;
import dev.cortado.nn.Linear;
import dev.cortado.nn.Padding;
import dev.cortado.nn.Parameter;
import dev.cortado.nn.Sequential;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Vision transformer as in torchvision: an image becomes a row of patches, each a token; a class
 * token goes first and collects what the classifier needs. Dosovitskiy et al. 2020.
 */
public final class VisionTransformer extends Model {
  private final VisionTransformerArchitecture architecture;
  private final Parameter classToken;
  private final Conv2d patches;
  private final Encoder encoder;
  private Sequential heads;
  private Linear linear;

  /** Creates the network with shapes but without numbers. */
  public VisionTransformer(VisionTransformerArchitecture architecture, int classes) {
    super(architecture, "heads");
    checkClasses(classes);
    this.architecture = architecture;
    int width = architecture.width();
    int patch = architecture.patch();
    this.classToken = parameter("class_token", Initializer.ZEROS, 1, 1, width);
    this.patches = child("conv_proj", new Conv2d(3, width, patch, patch, Padding.NONE, 1, true));
    draw(patches.weight(), Initializer.truncatedNormal(Math.sqrt(1.0 / (3 * patch * patch)), 2));
    zeros(patches.bias());
    this.encoder = child("encoder", new Encoder(architecture));
    int representation = architecture.representation();
    this.linear = new Linear(representation > 0 ? representation : width, classes);
    draw(linear.weight(), Initializer.ZEROS);
    zeros(linear.bias());
    this.heads = child("heads", heads(preLogits(architecture), linear));
  }

  private static void draw(Parameter parameter, Initializer initializer) {
    parameter.initializer(initializer);
  }

  private static void zeros(@org.jspecify.annotations.Nullable Parameter bias) {
    if (bias != null) {
      bias.initializer(Initializer.ZEROS);
    }
  }

  /** The layers between features and classifier: none, or one with a tanh. */
  private static LinkedHashMap<String, Layer> preLogits(VisionTransformerArchitecture a) {
    var layers = new LinkedHashMap<String, Layer>();
    if (a.representation() > 0) {
      var linear = new Linear(a.width(), a.representation());
      draw(linear.weight(), Initializer.truncatedNormal(Math.sqrt(1.0 / a.width()), 2));
      zeros(linear.bias());
      layers.put("pre_logits", linear);
      layers.put("act", ActivationLayer.tanh());
    }
    return layers;
  }

  private static Sequential heads(LinkedHashMap<String, Layer> before, Linear linear) {
    var layers = new LinkedHashMap<>(before);
    layers.put("head", linear);
    return new Sequential(layers);
  }

  @Override
  public Tensor features(Tensor images) {
    checkImages(this, images);
    int size = architecture.inputSize();
    if (images.dim(2) != size || images.dim(3) != size) {
      throw new CortadoException(
          "this "
              + name()
              + " takes images of exactly "
              + size
              + " x "
              + size
              + " pixels, got "
              + images.spec());
    }
    int n = images.dim(0);
    int width = architecture.width();
    var tokens = patches.apply(images).reshape(n, width, -1).permute(0, 2, 1);
    var first = classToken.tensor().expand(n, 1, width);
    return encoder.apply(Tensor.cat(1, List.of(first, tokens))).select(1, 0);
  }

  @Override
  public Tensor head(Tensor features) {
    return heads.apply(features);
  }

  @Override
  public Linear classifier() {
    return linear;
  }

  @Override
  public String classifierName() {
    return "heads.head";
  }

  /** The patches with their positions, the layers of the encoder, and the last norm. */
  @Override
  public List<String> stages() {
    var stages = new ArrayList<String>();
    stages.add("class_token,conv_proj,encoder.pos_embedding,encoder.dropout");
    for (int i = 0; i < architecture.layers(); i++) {
      stages.add("encoder.layers.encoder_layer_" + i);
    }
    stages.add("encoder.ln");
    return stages;
  }

  @Override
  protected void replaceClassifier(Linear classifier) {
    this.linear = classifier;
    var before = new LinkedHashMap<>(heads.children());
    before.remove("head");
    this.heads = replaceChild("heads", heads(before, classifier));
  }

  @Override
  public VisionTransformerArchitecture architecture() {
    return architecture;
  }

  @Override
  public int featureSize() {
    return architecture.width();
  }

  /** Position embedding, the layers, and a layer norm. */
  private static final class Encoder extends Layer {
    private final Parameter positions;
    private final Dropout dropout;
    private final Sequential layers;
    private final LayerNorm norm;

    Encoder(VisionTransformerArchitecture a) {
      this.positions =
          parameter("pos_embedding", Initializer.normal(0.02), 1, a.tokens(), a.width());
      this.dropout = child("dropout", new Dropout(a.dropout()));
      var chain = new LinkedHashMap<String, Layer>();
      for (int i = 0; i < a.layers(); i++) {
        chain.put("encoder_layer_" + i, new EncoderBlock(a.layerSizes()));
      }
      this.layers = child("layers", new Sequential(chain));
      this.norm = child("ln", new LayerNorm(a.width(), VisionTransformerArchitecture.NORM_EPS));
    }

    @Override
    public Tensor forward(Tensor x) {
      return norm.apply(layers.apply(dropout.apply(x.add(positions.tensor()))));
    }
  }
}
