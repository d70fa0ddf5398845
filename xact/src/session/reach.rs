//! Which statements can reach something of the database that leaves more in a session than the usual reset undoes: given the
//! names that `reach.sql` found in the catalog, judges a statement by its words.

use std::collections::HashSet;

use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::words::continues_word;
use crate::statement_start::skip_to_word;

/// Where in a database something can leave more in a session than the usual reset undoes.
#[derive(Clone, Debug, Default)]
pub(crate) enum Reach {
    /// Something that no statement has to name, such as an operator or the check of a domain; or it is not known.
    #[default]
    Anywhere,
    /// Only behind these names.
    Named(Names),
}

/// Names in lower case, without schemas.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// Functions, and relations whose reading reaches one.
    used: HashSet<Vec<u8>>,
    /// Relations whose writing reaches a function, by a trigger or a default.
    written: HashSet<Vec<u8>>,
}

/// Longer names are cut by Postgres, so `reach.sql` gives none.
const LONGEST: usize = 62;

impl Reach {
    /// Of the row of `reach.sql`.
    pub(crate) fn read(row: &PgRow) -> Result<Self, sqlx::Error> {
        if row.try_get("anywhere")? {
            return Ok(Self::Anywhere);
        }
        let names = |column: &str| {
            let names: Vec<String> = row.try_get(column)?;
            Ok::<_, sqlx::Error>(names.into_iter().map(String::into_bytes).collect())
        };
        Ok(Self::Named(Names {
            used: names("used")?,
            written: names("written")?,
        }))
    }

    /// Whether a statement can be told not to reach it.
    pub(crate) fn is_limited(&self) -> bool {
        matches!(self, Self::Named(_))
    }

    /// Whether a statement may reach it.
    pub(crate) fn includes(&self, sql: &str) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Named(names) => !names.is_empty() && names.is_reached(sql),
        }
    }
}

/// The effect of a statement, by its first word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Reads,
    Writes,
    /// DDL and other utility statements may reach objects that they do not name: `ANALYZE`, `REINDEX SCHEMA`.
    Other,
}

impl Names {
    fn is_empty(&self) -> bool {
        self.used.is_empty() && self.written.is_empty()
    }

    /// Also by a name in a string or a comment, because too often is only slow.
    fn is_reached(&self, sql: &str) -> bool {
        let mut verb = find_verb(find_first_word(sql));
        let mut names_written = false;
        for word in sql.as_bytes().split(|byte| !continues_word(*byte)) {
            if word.is_empty() || word.len() > LONGEST {
                continue;
            }
            let mut lower = [0; LONGEST];
            let lower = &mut lower[..word.len()];
            lower.copy_from_slice(word);
            lower.make_ascii_lowercase();
            if self.used.contains(&*lower) {
                return true;
            }
            names_written |= self.written.contains(&*lower);
            // A WITH may write too.
            if verb == Verb::Reads && is_write(lower) {
                verb = Verb::Writes;
            }
        }
        match verb {
            Verb::Reads => false,
            Verb::Writes => names_written,
            Verb::Other => true,
        }
    }
}

fn find_first_word(sql: &str) -> &[u8] {
    let rest = skip_to_word(sql).as_bytes();
    let end = rest.iter().position(|byte| !continues_word(*byte));
    &rest[..end.unwrap_or(rest.len())]
}

fn find_verb(word: &[u8]) -> Verb {
    let word = word.to_ascii_lowercase();
    match word.as_slice() {
        b"select" | b"with" | b"values" | b"table" => Verb::Reads,
        b"copy" | b"call" => Verb::Writes,
        word if is_write(word) => Verb::Writes,
        _ => Verb::Other,
    }
}

fn is_write(word: &[u8]) -> bool {
    matches!(word, b"insert" | b"update" | b"delete" | b"merge")
}

#[cfg(test)]
mod tests {
    use super::{Names, Reach};

    fn reach() -> Reach {
        let set = |names: &[&str]| names.iter().map(|name| name.as_bytes().to_vec()).collect();
        Reach::Named(Names {
            used: set(&["run", "secrets"]),
            written: set(&["notes"]),
        })
    }

    #[test]
    fn statements_that_name_what_is_reached_are_included() {
        for sql in [
            "SELECT run('x')",
            "SELECT app.\"run\" (1)",
            "select * from Secrets s",
            "/* a */ (SELECT 1 FROM x WHERE RUN(a) IS NULL)",
            "INSERT INTO notes VALUES (1)",
            "WITH a AS (UPDATE public.notes SET b = 1 RETURNING b) SELECT b FROM a",
            "COPY notes (body) FROM STDIN",
            "TRUNCATE others",
            "ANALYZE",
            "DO $$ BEGIN END $$",
            "",
        ] {
            assert!(reach().includes(sql), "{sql}");
        }
    }

    #[test]
    fn reading_what_only_writing_reaches_is_not() {
        for sql in [
            "SELECT body FROM notes WHERE id = $1",
            "WITH a AS (SELECT 1) SELECT * FROM a, notes",
            "INSERT INTO others (runs) SELECT running FROM rerun",
            "VALUES (1)",
        ] {
            assert!(!reach().includes(sql), "{sql}");
        }
    }

    #[test]
    fn nothing_is_limited_before_it_is_known() {
        assert!(Reach::default().includes("SELECT 1"));
        assert!(!Reach::Named(Names::default()).includes("ANALYZE"));
    }
}
