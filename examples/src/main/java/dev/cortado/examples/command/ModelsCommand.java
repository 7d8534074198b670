package dev.cortado.examples.command;

import dev.cortado.examples.weights.BundledWeights;
import dev.cortado.vision.model.Models;
import dev.cortado.vision.weights.WeightsCatalog;
import java.util.Locale;
import picocli.CommandLine.Command;

/** Lists the models. */
@Command(
    name = "models",
    description = {
      "Lists the models and the weights published for them.",
      "",
      "Names are torchvision's and timm's. Cortado downloads nothing: fetch a file where its"
          + " publisher offers it, convert it to safetensors if it is not, and name it in"
          + " --weights. top-1 is the publisher's accuracy on ImageNet.",
      ""
    },
    footer = {"", "Example of what to do next:", "  cortado summary --model vit_b_16"})
public final class ModelsCommand implements Runnable {
  /** Creates the command; picocli fills it. */
  public ModelsCommand() {}

  @Override
  public void run() {
    System.out.printf(
        "%-26s %-26s %12s  %5s  %7s  %s%n",
        "model", "weights", "parameters", "input", "top-1", "licence");
    var bundled = WeightsCatalog.find(BundledWeights.LITE0.model(), WeightsCatalog.DEFAULT);
    for (var name : Models.names()) {
      var sets = WeightsCatalog.of(name);
      for (var w : sets) {
        System.out.printf(
            Locale.ROOT,
            "%-26s %-26s %,12d  %5d  %s  %s%n",
            name,
            w.name(),
            w.parameters(),
            w.preset().crop(),
            w.top1() > 0 ? String.format(Locale.ROOT, "%5.1f %%", w.top1()) : "      -",
            w.licence() + (w.equals(bundled) ? ", bundled" : ""));
      }
      if (sets.isEmpty()) {
        System.out.println(name);
      }
    }
  }
}
