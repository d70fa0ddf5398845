//! Columns of text, for people.

/// Rows as lines in which every cell but the last is as wide as the widest above and below it.
///
/// ```
/// use xact_codegen::report::table_layout::aligned;
///
/// let rows = [["1".to_owned(), "one".to_owned()], ["12".to_owned(), "twelve".to_owned()]];
/// assert_eq!(aligned(&rows), ["1   one", "12  twelve"]);
/// ```
pub fn aligned<const CELLS: usize>(rows: &[[String; CELLS]]) -> Vec<String> {
    let width = |cell: &String| cell.chars().count();
    let mut widest = [0; CELLS];
    for row in rows {
        for (widest, cell) in widest.iter_mut().zip(row) {
            *widest = width(cell).max(*widest);
        }
    }
    let line = |row: &[String; CELLS]| {
        let cells = row.iter().zip(widest);
        let cells =
            cells.map(|(cell, widest)| format!("{cell}{}", " ".repeat(widest - width(cell))));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
