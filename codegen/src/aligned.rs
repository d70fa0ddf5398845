//! Columns of text, for people.

/// Rows as lines in which every cell but the last is as wide as the widest above and below it.
///
/// ```
/// use xact_codegen::aligned::aligned;
///
/// let rows = [["1".to_owned(), "one".to_owned()], ["12".to_owned(), "twelve".to_owned()]];
/// assert_eq!(aligned(&rows), ["1   one", "12  twelve"]);
/// ```
pub fn aligned<const CELLS: usize>(rows: &[[String; CELLS]]) -> Vec<String> {
    let width = |cell: &String| cell.chars().count();
    let widest = |index: usize| rows.iter().map(|row| width(&row[index])).max();
    let line = |row: &[String; CELLS]| {
        let cells = row.iter().enumerate().map(|(index, cell)| {
            let padding = widest(index).unwrap_or_default() - width(cell);
            format!("{cell}{}", " ".repeat(padding))
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
