package dev.cortado.training.classify;

import dev.cortado.tensor.CortadoException;
import dev.cortado.vision.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is frozen at first and trained later on: a head that knows nothing yet would spoil the
 * features below it. Depends on the epoch alone, so a training that goes on after a stop unfreezes
 * what one without a stop would have. Howard &amp; Ruder 2018.
 *
 * @param stages in the order in which they were given
 */
public record Unfreezing(List<Stage> stages) {
  /** Nothing is unfrozen. */
  public static final Unfreezing NONE = new Unfreezing(List.of());

  private static final Pattern FORM = Pattern.compile("(\\d{1,9}):(.+)");

  /**
   * What is unfrozen at one time.
   *
   * @param epoch the first epoch, counted from 1, in which it is trained
   * @param pattern its layers, as for {@link Model#unfreeze}
   */
  public record Stage(int epoch, String pattern) {
    /** Returns {@code EPOCH:PATTERN}. */
    @Override
    public String toString() {
      return epoch + ":" + pattern;
    }
  }

  /** Copies the list. */
  public Unfreezing {
    stages = List.copyOf(stages);
  }

  /**
   * Reads stages of the form {@code EPOCH:PATTERN}.
   *
   * @param epochs how many epochs there are
   * @throws CortadoException if one has another form, or its epoch is not among them
   */
  public static Unfreezing parse(List<String> texts, int epochs) {
    var stages = new ArrayList<Stage>();
    for (var text : texts) {
      var form = FORM.matcher(text);
      if (!form.matches()) {
        throw new CortadoException(
            "--unfreeze takes EPOCH:PATTERN, such as 3:features, not '" + text + "'");
      }
      int epoch = Integer.parseInt(form.group(1));
      if (epoch < 2 || epoch > epochs) {
        throw new CortadoException(
            "--unfreeze "
                + text
                + (epochs < 2
                    ? ": there is only one epoch"
                    : ": the epoch must lie between 2 and " + epochs)
                + (epoch < 2 ? " (what is trained from the beginning is not frozen)" : ""));
      }
      stages.add(new Stage(epoch, form.group(2)));
    }
    return new Unfreezing(stages);
  }

  /** Returns the stages that an epoch, counted from 1, begins with. */
  public List<Stage> startingWith(int epoch) {
    return stages.stream().filter(stage -> stage.epoch() == epoch).toList();
  }

  /**
   * Unfreezes everything that is due in an epoch, counted from 1, or was before.
   *
   * @throws CortadoException if a pattern matches nothing
   */
  public void apply(Model model, int epoch) {
    for (var stage : stages) {
      if (stage.epoch() <= epoch) {
        model.unfreeze(stage.pattern());
      }
    }
  }

  /** Returns the stages as they were given. */
  @Override
  public String toString() {
    return stages.stream().map(Stage::toString).collect(Collectors.joining(" "));
  }
}
