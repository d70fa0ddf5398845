//! Whether a migration reads something that is neither in the database nor in its own text.
//!
//! Given: the text of a migration. Gives: whether it has words for files, programs or other servers, wherever they are: in a comment
//! too, because SQL that is composed at run time is in strings. Nothing is kept of such migrations.

/// Words that read, or the beginnings of such words.
const BEGINNINGS: &[&str] = &[
    "pg_read_",
    "pg_ls_",
    "pg_stat_file",
    "pg_file_",
    "lo_import",
    "dblink",
    "http_",
    "plpython",
    "plperlu",
    "pltclu",
    "plsh",
    "pljava",
    "plv8",
];

/// `COPY … FROM 'file'` and `COPY … FROM PROGRAM`; a string can also come from `format`.
const COPY: &str = "copy";

/// Whether the text reads anything besides the database.
pub(super) fn reads_outside(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let mut words = split_words(&text).peekable();
    let mut copies = false;
    while let Some((word, _)) = words.next() {
        let next = words.peek().map(|(word, _)| *word);
        if BEGINNINGS
            .iter()
            .any(|beginning| word.starts_with(beginning))
            || (word == "import" && next == Some("foreign"))
        {
            return true;
        }
        copies |= word == COPY;
        if word == "from" && copies && !is_relation_or_input(&text, next, words.peek()) {
            return true;
        }
    }
    false
}

/// Whether FROM is followed by a name at once, and not by a string or by PROGRAM.
fn is_relation_or_input(text: &str, next: Option<&str>, place: Option<&(&str, usize)>) -> bool {
    let Some((_, start)) = place else {
        return true;
    };
    if text[*start..]
        .trim_start_matches(char::is_alphanumeric)
        .starts_with('\'')
    {
        // E'…', U&'…'
        return false;
    }
    let before = text[..*start].trim_end_matches('"').trim_end();
    next != Some("program") && (before.ends_with("from") || before.ends_with('('))
}

/// Each word with the byte that it begins at.
fn split_words(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(is_word)?;
        let length = text[start..].find(|character| !is_word(character));
        at = length.map_or(text.len(), |length| start + length);
        Some((&text[start..at], start))
    })
}

#[cfg(test)]
mod tests {
    use super::reads_outside;

    #[test]
    fn migrations_that_read_files_programs_or_servers_are_known() {
        for text in [
            "DO $$ BEGIN EXECUTE pg_read_file('functions.sql'); END $$;",
            "COPY notes FROM '/srv/notes.csv' CSV;",
            "copy notes (id, body) from program 'curl example.org'",
            "DO $$ BEGIN EXECUTE format('COPY notes FROM %L', '/srv/notes.csv'); END $$;",
            "DO $$ BEGIN EXECUTE 'COPY notes FROM ''/srv/notes.csv'''; END $$;",
            "COPY notes FROM E'/srv/notes.csv'",
            "COPY notes FROM $$/srv/notes.csv$$",
            "IMPORT FOREIGN SCHEMA public FROM SERVER other INTO here;",
            "SELECT * FROM dblink('dbname=other', 'SELECT 1') AS t (id int);",
            "CREATE EXTENSION plpython3u;",
            "SELECT lo_import('/etc/motd');",
        ] {
            assert!(reads_outside(text), "{text}");
        }
    }

    #[test]
    fn other_migrations_are_not() {
        for text in [
            "CREATE TABLE notes (id bigint PRIMARY KEY, at timestamptz DEFAULT now());",
            "-- A copy of the notes from the table.\nINSERT INTO a SELECT * FROM notes;",
            "COPY notes FROM stdin;\n1\ta\n\\.\n",
            "COPY notes (id) FROM STDIN WITH (FORMAT csv);",
            "SELECT extract(epoch FROM now());",
            "COPY notes FROM stdin;\n\\.\nSELECT * FROM \"Notes\", (SELECT 1) x;",
            "CREATE EXTENSION pg_trgm;",
        ] {
            assert!(!reads_outside(text), "{text}");
        }
    }
}
