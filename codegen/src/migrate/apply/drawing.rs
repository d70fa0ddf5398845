//! The tree of migrations as text: the newest first, one line each, branches side by side.
//!
//! ```text
//! *    20250301120000 merge  (head)
//! |\
//! | *  20250228100000 add_folders
//! * |  20250227100000 add_tags
//! |/
//! *    20250106090000 foundations
//! ```

use super::folder::Folder;
use std::fmt::Write as _;

/// Draws the migrations; `note` may say something about each.
pub fn draw(folder: &Folder, note: impl Fn(i64) -> Option<String>) -> String {
    let heads: Vec<i64> = folder.heads().iter().map(|head| head.version).collect();
    let mut drawing = Drawing::default();
    // Newest first, because a child is always drawn above its parents: versions of parents are
    // lower.
    for migration in folder.migrations.iter().rev() {
        let mut words = format!("{} {}", migration.version, migration.slug);
        if heads.contains(&migration.version) {
            words.push_str("  (head)");
        }
        if let Some(note) = note(migration.version) {
            // Writing to a `String` cannot fail.
            let _ = write!(words, "  {note}");
        }
        drawing.migration(migration.version, &migration.parents, words);
    }
    drawing.text()
}

/// Rows from the top; each open branch waits in a column for the version it leads to.
#[derive(Default)]
struct Drawing {
    waiting: Vec<i64>,
    rows: Vec<(String, String)>,
}

impl Drawing {
    fn migration(&mut self, version: i64, parents: &[i64], words: String) {
        let waiting = self.waiting.iter().position(|waits| *waits == version);
        let place = waiting.unwrap_or_else(|| {
            self.waiting.push(version);
            self.waiting.len() - 1
        });
        self.join(version, place);
        let marks = (0..self.waiting.len()).map(|column| if column == place { "*" } else { "|" });
        let marks = marks.collect::<Vec<_>>().join(" ");
        self.rows.push((marks, words));
        self.leave(place, parents);
    }

    /// Other branches that wait for the same version end at its column.
    fn join(&mut self, version: i64, place: usize) {
        // From the right, so that removing a column does not move those that are still to be looked
        // at.
        while let Some(other) = self.waiting.iter().rposition(|waits| *waits == version) {
            if other == place {
                return;
            }
            self.edge(other, '/');
            self.waiting.remove(other);
        }
    }

    /// The branches that lead on from column `place`: none, one, or more.
    fn leave(&mut self, place: usize, parents: &[i64]) {
        let Some((first, others)) = parents.split_first() else {
            self.waiting.remove(place);
            return;
        };
        self.waiting[place] = *first;
        for parent in others {
            // Right of its own column, so that the first parent keeps the straight line.
            self.waiting.insert(place + 1, *parent);
            self.edge(place + 1, '\\');
        }
    }

    /// A row between migrations in which column `column` bends to its left neighbour.
    fn edge(&mut self, column: usize, bend: char) {
        let mut row = String::new();
        for place in 0..self.waiting.len() {
            // The columns right of the bend move with it.
            row.push(if place >= column { bend } else { '|' });
            row.push(' ');
        }
        let at = column * 2;
        // A bend is between two columns.
        row.remove(at - 1);
        self.rows.push((row.trim_end().to_owned(), String::new()));
    }

    fn text(self) -> String {
        let width = self.rows.iter().map(|(marks, _)| marks.len()).max();
        let width = width.unwrap_or(0) + 2;
        let mut text = String::new();
        for (marks, words) in &self.rows {
            let line = format!("{marks:width$}{words}");
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Drawing;

    fn drawn(migrations: &[(i64, &[i64])]) -> String {
        let mut drawing = Drawing::default();
        for (version, parents) in migrations {
            drawing.migration(*version, parents, version.to_string());
        }
        drawing.text()
    }

    #[test]
    fn a_single_branch_is_a_column_of_stars() {
        assert_eq!(
            drawn(&[(3, &[2]), (2, &[1]), (1, &[])]),
            "*  3\n*  2\n*  1\n"
        );
    }

    #[test]
    fn branches_leave_and_join_again() {
        let expected = "\
*    4
|\\
| *  3
* |  2
|/
*    1
";
        assert_eq!(
            drawn(&[(4, &[2, 3]), (3, &[1]), (2, &[1]), (1, &[])]),
            expected
        );
    }

    #[test]
    fn two_heads_stand_side_by_side() {
        assert_eq!(
            drawn(&[(3, &[1]), (2, &[1]), (1, &[])]),
            "*    3\n| *  2\n|/\n*    1\n"
        );
    }
}
