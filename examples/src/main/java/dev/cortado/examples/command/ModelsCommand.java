package dev.cortado.examples.command;

import dev.cortado.examples.weights.BundledWeights;
import dev.cortado.vision.model.Models;
import dev.cortado.vision.weights.Weights;
import dev.cortado.vision.weights.WeightsCatalog;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
    footer = {"", "Example of what to do next:", "  cortado summary vit_b_16"})
public final class ModelsCommand implements Runnable {
  /** Creates the command; picocli fills it. */
  public ModelsCommand() {}

  @Option(
      names = "--json",
      description =
          "Print JSON: for each model its weights, with parameters, input size, top-1 accuracy in"
              + " per cent, licence, address and the SHA-256 (or its first digits).")
  private boolean json;

  @Override
  public void run() {
    if (json) {
      System.out.println(Json.text(Models.names().stream().map(ModelsCommand::facts).toList()));
    } else {
      table();
    }
  }

  private static Map<String, Object> facts(String model) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("model", model);
    facts.put("weights", WeightsCatalog.of(model).stream().map(ModelsCommand::facts).toList());
    return facts;
  }

  private static Map<String, @Nullable Object> facts(Weights w) {
    var facts = new LinkedHashMap<String, @Nullable Object>();
    facts.put("name", w.name());
    facts.put("parameters", w.parameters());
    facts.put("input", w.preset().crop());
    facts.put("top1", w.top1() > 0 ? w.top1() : null);
    facts.put("licence", w.licence());
    facts.put("url", w.url());
    facts.put("sha256", w.sha256());
    facts.put("bundled", isBundled(w));
    return facts;
  }

  private static boolean isBundled(Weights w) {
    return w.equals(WeightsCatalog.find(BundledWeights.LITE0.model(), WeightsCatalog.DEFAULT));
  }

  private static void table() {
    System.out.printf(
        "%-26s %-26s %12s  %5s  %7s  %s%n",
        "model", "weights", "parameters", "input", "top-1", "licence");
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
            w.licence() + (isBundled(w) ? ", bundled" : ""));
      }
      if (sets.isEmpty()) {
        System.out.println(name);
      }
    }
  }
}
