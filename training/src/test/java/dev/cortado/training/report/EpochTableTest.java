package dev.cortado.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cortado.training.run.EpochFigures;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class EpochTableTest {

  @Test
  void rowsStandUnderTheirHeaders() {
    var table = new EpochTable(10);
    var first = new EpochFigures(1, 0.93123, 0.6267, 0.612, 64.0 / 75, 64, 75, 2.13, 148.2, 1e-3);
    var last = new EpochFigures(10, 12.5, 1, Double.NaN, Double.NaN, 0, 0, 1234.5, 8.5, 2.5e-7);
    assertThat(table.header())
        .isEqualTo(
            "  epoch   train loss   train acc   test loss   test acc   images/s   seconds        "
                + " lr");
    assertThat(table.row(first))
        .isEqualTo(
            "   1/10       0.9312      62.7 %      0.6120     85.3 %        148       2.1   "
                + " 1.0e-03");
    assertThat(table.row(last))
        .isEqualTo(
            "  10/10      12.5000     100.0 %         NaN          -        8.5    1234.5   "
                + " 2.5e-07");
    assertThat(List.of(table.row(first), table.row(last)))
        .allMatch(row -> row.length() == table.header().length());
  }

  @Test
  void numbersHaveAPointInEveryCountry() {
    var before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      var row = new EpochTable(1).row(new EpochFigures(1, 0.5, 0.5, 0.5, 0.5, 1, 2, 1, 1, 0.1));
      assertThat(row).contains("0.5000", "50.0 %").doesNotContain(",");
    } finally {
      Locale.setDefault(before);
    }
  }
}
