package dev.cortado.simd;

import dev.cortado.tensor.formula.Program.Instruction;
import java.util.List;

/**
 * What a compiled loop depends on, and so the key of the cache of loops: the formula without the
 * values of its constants, how each input is read within a row, and what becomes of the results.
 *
 * @param outputs for each result the instruction that holds it
 * @param streams for each input whether it moves with the column; otherwise one value serves the
 *     whole row
 */
record FormulaShape(
    List<Instruction> code, List<Integer> outputs, List<Boolean> streams, Sink sink) {

  /** What becomes of the results. */
  enum Sink {
    /** Stored, one for each column. */
    STORE,
    /**
     * Added to what the output holds for the column: sums over rows, if the output does not move
     * from row to row.
     */
    ADD_TO_COLUMN,
    /** Summed over the columns; one number stored for each row. */
    SUM_OF_ROW
  }
}
