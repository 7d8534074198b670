package dev.cortado.nn;

import dev.cortado.tensor.Tensor;
import dev.cortado.tensor.op.Activation;

/**
 * Scales each channel by a number in (0, 1) that depends on the means of all channels: mean, 1×1
 * convolution {@code fc1}, SiLU, 1×1 convolution {@code fc2}, sigmoid. Hu et al. 2017.
 */
public final class SqueezeExcitation extends Layer {
  private final int channels;
  private final int squeezed;
  private final AdaptiveAvgPool2d pool;
  private final Conv2d squeeze;
  private final Conv2d excite;
  private final ActivationLayer activation;
  private final ActivationLayer gate;
  private final Epilogues.Activated squeezeEpilogue;
  private final Epilogues.Activated exciteEpilogue;

  /** Creates the layer for {@code channels} channels with {@code squeezed} values between. */
  public SqueezeExcitation(int channels, int squeezed) {
    this.channels = channels;
    this.squeezed = squeezed;
    this.pool = child("avgpool", new AdaptiveAvgPool2d(1));
    this.squeeze = child("fc1", new Conv2d(channels, squeezed, 1));
    this.excite = child("fc2", new Conv2d(squeezed, channels, 1));
    this.activation = child("activation", new ActivationLayer(new Activation.Silu()));
    this.gate = child("scale_activation", ActivationLayer.sigmoid());
    this.squeezeEpilogue = Epilogues.Activated.of(activation.formula());
    this.exciteEpilogue = Epilogues.Activated.of(gate.formula());
    for (var conv : new Conv2d[] {squeeze, excite}) {
      conv.weight().initializer(Initializer.kaimingNormalFanOut());
      if (conv.bias() != null) {
        conv.bias().initializer(Initializer.ZEROS);
      }
    }
  }

  @Override
  public Tensor forward(Tensor x) {
    var mean = pool.apply(x);
    boolean observed =
        squeeze.isObserved() || excite.isObserved() || activation.isObserved() || gate.isObserved();
    var scale =
        observed
            ? gate.apply(excite.apply(activation.apply(squeeze.apply(mean))))
            : excite.forward(squeeze.forward(mean, squeezeEpilogue), exciteEpilogue);
    return x.mul(scale);
  }

  @Override
  protected Layer twin() {
    return new SqueezeExcitation(channels, squeezed);
  }
}
