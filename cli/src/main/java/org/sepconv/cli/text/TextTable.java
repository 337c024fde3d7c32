package org.sepconv.cli.text;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A table for a terminal: a header, a rule, rows, and totals below a second rule. */
public final class TextTable {

  /** Rules below the header and above the totals; nothing else. */
  private static final Character[] RULES = new Character[29];

  static {
    for (int rule : new int[] {8, 19}) {
      RULES[rule] = '-';
    }
  }

  private final List<Column> columns = new ArrayList<>();
  private final List<Object[]> rows = new ArrayList<>();

  /** Adds a column of words. */
  public TextTable left(String header) {
    return column(header, HorizontalAlign.LEFT);
  }

  /** Adds a column of numbers. */
  public TextTable right(String header) {
    return column(header, HorizontalAlign.RIGHT);
  }

  private TextTable column(String header, HorizontalAlign align) {
    columns.add(
        new Column()
            .header(header)
            .headerAlign(align)
            .dataAlign(align)
            .footerAlign(align)
            .maxWidth(200));
    return this;
  }

  /** Adds a row: a text for each column. */
  public TextTable row(String... cells) {
    requireCells(cells);
    rows.add(cells);
    return this;
  }

  /** Sets the line below the second rule. */
  public TextTable total(String... cells) {
    requireCells(cells);
    for (int i = 0; i < cells.length; i++) {
      columns.get(i).footer(cells[i]);
    }
    return this;
  }

  private void requireCells(String[] cells) {
    if (cells.length != columns.size()) {
      throw new IllegalStateException(cells.length + " cells for " + columns.size() + " columns");
    }
  }

  /** Prints it, without spaces at the ends of lines. */
  public void print(PrintWriter out) {
    String text =
        AsciiTable.builder()
            .border(RULES)
            .lineSeparator("\n")
            .data(columns.toArray(Column[]::new), rows.toArray(Object[][]::new))
            .asString();
    // Every cell is padded on both sides; the first column starts at the margin all the same.
    text.lines().map(line -> line.substring(1).stripTrailing()).forEach(out::println);
  }
}
