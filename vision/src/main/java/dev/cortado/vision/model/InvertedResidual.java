package dev.cortado.vision.model;

import dev.cortado.nn.ConvNormActivation;
import dev.cortado.nn.Layer;
import dev.cortado.nn.Sequential;
import dev.cortado.nn.SqueezeExcitation;
import dev.cortado.nn.StochasticDepth;
import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Activation;
import dev.cortado.vision.model.EfficientNetArchitecture.Block;
import dev.cortado.vision.model.EfficientNetArchitecture.Stage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A block that is wide inside and narrow at its ends: child {@code block} holds its parts. Where
 * input and output have the same shape the input is added. Sandler et al. 2018.
 */
final class InvertedResidual extends Layer {
  private final Block kind;
  private final boolean residual;
  private final Sequential block;
  private final List<Layer> inner;
  private final ConvNormActivation projection;
  private final StochasticDepth stochasticDepth;

  InvertedResidual(
      EfficientNetArchitecture net, Stage stage, boolean first, double stochasticDepth) {
    int in = first ? stage.in() : stage.out();
    int stride = first ? stage.stride() : 1;
    this.kind = stage.block();
    this.residual = stride == 1 && in == stage.out();
    var parts = parts(net, stage, in, stride);
    this.projection = (ConvNormActivation) parts.getLast();
    this.inner = List.copyOf(parts.subList(0, parts.size() - 1));
    this.block = child("block", new Sequential(parts));
    this.stochasticDepth = child("stochastic_depth", new StochasticDepth(stochasticDepth));
  }

  private static List<Layer> parts(EfficientNetArchitecture net, Stage stage, int in, int stride) {
    int wide = EfficientNetArchitecture.round8((double) in * stage.expand());
    var parts = new ArrayList<Layer>();
    boolean expands = wide != in;
    if (stage.block() == Block.FUSED) {
      int out = expands ? wide : stage.out();
      parts.add(part(net, in, out, stage.kernel(), stride, 1, net.activation()));
      if (expands) {
        parts.add(part(net, wide, stage.out(), 1, 1, 1, null));
      }
      return parts;
    }
    if (expands) {
      parts.add(part(net, in, wide, 1, 1, 1, net.activation()));
    }
    parts.add(part(net, wide, wide, stage.kernel(), stride, wide, net.activation()));
    if (net.squeeze()) {
      parts.add(new SqueezeExcitation(wide, Math.max(1, in / 4)));
    }
    parts.add(part(net, wide, stage.out(), 1, 1, 1, null));
    return parts;
  }

  private static ConvNormActivation part(
      EfficientNetArchitecture net,
      int in,
      int out,
      int kernel,
      int stride,
      int groups,
      @Nullable Activation activation) {
    return new ConvNormActivation(
        in, out, kernel, stride, net.padding(kernel), groups, net.norm(), activation);
  }

  @Override
  public Tensor forward(Tensor x) {
    if (!residual) {
      return block.apply(x);
    }
    if (block.isObserved() || stochasticDepth.isObserved() || stochasticDepth.isActive()) {
      return stochasticDepth.addTo(x, block.apply(x));
    }
    var y = x;
    for (var part : inner) {
      y = part.apply(y);
    }
    return projection.addTo(x, y);
  }

  @Override
  public String kind() {
    return kind == Block.FUSED ? "FusedMBConv" : "MBConv";
  }
}
