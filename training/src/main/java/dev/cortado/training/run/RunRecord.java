package dev.cortado.training.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cortado.tensor.CortadoException;
import dev.cortado.tensor.io.AtomicFile;
import dev.cortado.tensor.io.FileProblem;
import dev.cortado.training.data.Skipped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything needed to judge a run, or to repeat it: the content of {@code run.json}.
 *
 * <p>It is written when the run starts and again after every epoch, whole or not at all ({@link
 * AtomicFile}), so a killed run leaves a valid file that says how far it came. In the file, keys
 * are in snake_case, in the order below; figures that are not there yet are null, and a loss that
 * is no number is the text {@code "NaN"}.
 *
 * @param status how far the run has come
 * @param error what stopped it, or null
 * @param model the model's name
 * @param testAccuracy share of correct test images after the last epoch, 0 to 1
 * @param testCorrect how many test images were right after the last epoch
 * @param testImages how many test images there were
 * @param testLoss mean loss by image of the test images after the last epoch
 * @param seconds how long the run has taken, everything included
 * @param started when it started, as an ISO 8601 instant
 * @param version the version of Cortado
 * @param seed decides every random choice of the run
 * @param settings what the user could have chosen otherwise, by option name; sorted
 * @param weights what the run started from, or null if from random numbers
 * @param data what it saw
 * @param backend what did the arithmetic
 * @param threads threads that did it
 * @param hardware what it ran on
 * @param epochs what each epoch came to
 * @param skipped samples that could not be read
 */
public record RunRecord(
    RunStatus status,
    @Nullable String error,
    String model,
    @Nullable Double testAccuracy,
    @Nullable Long testCorrect,
    @Nullable Long testImages,
    @Nullable Double testLoss,
    double seconds,
    String started,
    String version,
    long seed,
    SortedMap<String, @Nullable Object> settings,
    @Nullable WeightsUsed weights,
    DataUsed data,
    String backend,
    int threads,
    Hardware hardware,
    List<EpochFigures> epochs,
    List<Skipped> skipped) {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** Makes the collections unchangeable. */
  public RunRecord {
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    epochs = List.copyOf(epochs);
    skipped = List.copyOf(skipped);
  }

  /**
   * What is settled before the first step.
   *
   * @param model the model's name
   * @param weights what the run starts from, or null if from random numbers
   * @param data what it will see
   * @param seed decides every random choice
   * @param settings what the user could have chosen otherwise: texts, numbers, booleans, lists of
   *     them, or null
   * @param backend what does the arithmetic
   * @param threads threads that do it
   */
  public record Setup(
      String model,
      @Nullable WeightsUsed weights,
      DataUsed data,
      long seed,
      Map<String, ? extends @Nullable Object> settings,
      String backend,
      int threads) {}

  /** The record of a run that starts now, on this machine. */
  public static RunRecord start(Setup setup, String version) {
    return start(setup, version, Instant.now(), Hardware.detect());
  }

  /** The record of a run that starts at a given time on a given machine. */
  public static RunRecord start(Setup setup, String version, Instant now, Hardware hardware) {
    return new RunRecord(
        RunStatus.RUNNING,
        null,
        setup.model(),
        null,
        null,
        null,
        null,
        0,
        now.truncatedTo(ChronoUnit.SECONDS).toString(),
        version,
        setup.seed(),
        new TreeMap<>(setup.settings()),
        setup.weights(),
        setup.data(),
        setup.backend(),
        setup.threads(),
        hardware,
        List.of(),
        List.of());
  }

  /** The record after one more epoch, whose test figures become the run's. */
  public RunRecord withEpoch(EpochFigures figures, double secondsSoFar) {
    var all = new ArrayList<>(epochs);
    all.add(figures);
    return with(status, error, secondsSoFar, all, skipped);
  }

  /** The record with these samples as the skipped ones. */
  public RunRecord withSkipped(List<Skipped> samples) {
    return with(status, error, seconds, epochs, samples);
  }

  /** The record of the run when all of it is done. */
  public RunRecord finished(double allSeconds) {
    return with(RunStatus.FINISHED, null, allSeconds, epochs, skipped);
  }

  /** The record of the run when an error has stopped it. */
  public RunRecord failed(String problem, double secondsSoFar) {
    return with(RunStatus.FAILED, problem, secondsSoFar, epochs, skipped);
  }

  private RunRecord with(
      RunStatus newStatus,
      @Nullable String newError,
      double newSeconds,
      List<EpochFigures> newEpochs,
      List<Skipped> newSkipped) {
    var last = newEpochs.isEmpty() ? null : newEpochs.getLast();
    return new RunRecord(
        newStatus,
        newError,
        model,
        last == null ? null : last.testAccuracy(),
        last == null ? null : last.testCorrect(),
        last == null ? null : last.testImages(),
        last == null ? null : last.testLoss(),
        newSeconds,
        started,
        version,
        seed,
        settings,
        weights,
        data,
        backend,
        threads,
        hardware,
        newEpochs,
        newSkipped);
  }

  /** The record as JSON, in lines that end with {@code \n} on every system. */
  public String toJson() {
    var indenter = new DefaultIndenter("  ", "\n");
    var printer = new DefaultPrettyPrinter().withObjectIndenter(indenter);
    printer.indentArraysWith(indenter);
    try {
      return JSON.writer(printer).writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the settings hold a value JSON cannot express", e);
    }
  }

  /**
   * Writes the record to a file, replacing it as a whole.
   *
   * @throws CortadoException if the file cannot be written
   */
  public void write(Path file) {
    AtomicFile.write(file, toJson());
  }

  /**
   * Reads a record.
   *
   * @throws CortadoException if the file cannot be read or is no run's record
   */
  public static RunRecord read(Path file) {
    try {
      var text = Files.readString(file);
      RunRecord read = JSON.readValue(text, RunRecord.class);
      if (read == null) {
        throw new CortadoException(file + " is no run's record: it is empty");
      }
      return read;
    } catch (JsonProcessingException e) {
      var problem = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new CortadoException(file + " is no run's record: " + problem, e);
    } catch (IOException e) {
      throw new CortadoException("cannot read " + file + ": " + FileProblem.reason(e), e);
    }
  }
}
