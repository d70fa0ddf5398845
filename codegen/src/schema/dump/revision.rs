//! The revision of a table: a checksum in the first line of its block.
//!
//! Two branches that change the same table meet in that line, however far apart their changes are. And a table whose
//! revision is not that of its block was edited by a person.

/// What precedes the checksum, at the end of the line.
const WORD: &str = " -- revision ";

/// Ends the first line with a number that any change of the block changes.
pub(super) fn with_revision(block: &str) -> String {
    let (first, rest) = block.split_once('\n').unwrap_or((block, ""));
    format!("{first}{WORD}{}\n{rest}", hash_block(block))
}

fn hash_block(block: &str) -> String {
    let hash = xact::generated::content_hash(block.as_bytes());
    // 32 bits are enough: two branches rarely collide, and a short line stays readable.
    format!("{:08x}", hash & 0xffff_ffff)
}

/// Whether the block of a table is not the one that its revision was computed of.
pub fn has_edited_table(text: &str) -> bool {
    // Only in a line that creates a table: a text in the schema may have the same words.
    let starts = text.match_indices(WORD).filter(|(place, _)| {
        let line = text[..*place].rsplit('\n').next().unwrap_or_default();
        line.starts_with("CREATE ")
    });
    let starts: Vec<usize> = starts.map(|(place, _)| place).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts
        .iter()
        .zip(ends)
        .any(|(start, end)| !is_as_generated(&text[..end], *start))
}

/// The text without revisions, for people who compare two of them.
pub fn without_revisions(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let revision = line
            .split_once(WORD)
            .filter(|_| line.starts_with("CREATE "));
        match revision {
            Some((before, revision)) if is_revision(revision.trim_end()) => format!("{before}\n"),
            _ => line.to_owned(),
        }
    });
    lines.collect()
}

fn is_revision(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether the revision at `place` is that of its block. An empty line ends a block, or is part of a text in it.
fn is_as_generated(text: &str, place: usize) -> bool {
    let (before, after) = text.split_at(place);
    let first = before.rsplit('\n').next().unwrap_or_default();
    let Some((revision, rest)) = after[WORD.len()..].split_once('\n') else {
        return false;
    };
    let empty_lines = rest.match_indices("\n\n").map(|(end, _)| end + 1);
    // Without lines below the first, the block ends where the empty line begins.
    let mut ends = std::iter::once(0).chain(empty_lines).chain([rest.len()]);
    ends.any(|end| hash_block(&format!("{first}\n{}", &rest[..end])) == revision)
}

#[cfg(test)]
mod tests {
    use super::{has_edited_table, with_revision, without_revisions};

    #[test]
    fn a_text_for_people_has_no_revisions_and_keeps_equal_words_elsewhere() {
        let block = "CREATE TABLE a (\n    b text DEFAULT ' -- revision 00000000'\n);\n";
        assert_eq!(without_revisions(&with_revision(block)), block);
    }

    /// Two tables, the first with an empty line in a text.
    fn file() -> String {
        let notes = with_revision("CREATE TABLE notes (\n    body text DEFAULT 'a\n\nb'\n);\n");
        let tags = with_revision("CREATE TABLE tags ();\n");
        format!(
            "-- Tables\n\n{notes}\n{tags}\n-- Foreign keys\n\nALTER TABLE notes ADD FOREIGN KEY;\n"
        )
    }

    #[test]
    fn a_file_as_generated_has_no_edited_table() {
        assert!(!has_edited_table(&file()));
    }

    #[test]
    fn a_changed_added_or_removed_line_of_a_table_is_an_edit() {
        for (from, to) in [
            ("body text", "body varchar"),
            ("    body", "    id bigint,\n    body"),
            ("CREATE TABLE tags ()", "CREATE TABLE tags (id bigint)"),
            ("b'\n", "b'\n\n"),
        ] {
            let edited = file().replacen(from, to, 1);
            assert_ne!(edited, file());
            assert!(has_edited_table(&edited), "{edited}");
        }
    }
}
