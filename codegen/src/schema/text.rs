//! The text of schema.sql for other purposes than the file itself.

use super::Schema;
use super::dump::dump;

/// The mark at the end of the first line of each table.
const REVISION: &str = " -- revision ";

/// The statements of a text as schema.sql has it, without the comments at its head, which say how the
/// file was made.
pub fn statements_of(text: &str) -> &str {
    let head = text.split_inclusive('\n');
    let head = head.take_while(|line| line.starts_with("--") || line.trim().is_empty());
    &text[head.map(str::len).sum()..]
}

/// The statements that build a schema, as a migration: without the marks that only schema.sql needs.
pub fn dump_as_migration(schema: &Schema) -> String {
    let text = dump(schema);
    let mut migration = String::new();
    for line in statements_of(&text).split_inclusive('\n') {
        match line.split_once(REVISION) {
            Some((statement, _)) if line.starts_with("CREATE ") => {
                migration.push_str(statement);
                migration.push('\n');
            }
            _ => migration.push_str(line),
        }
    }
    migration
}
