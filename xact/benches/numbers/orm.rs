//! A module such as a generated one, as small as the comparisons need it.

use xact::generated::{Query, Row, Runner};
use xact::types::OffsetDateTime;
use xact::{BorrowedRows, CopyRows, Error, Execute, Many, One, Scope};

pub(crate) struct Orm<'a>(pub(crate) Runner<'a>);

/// A role of its own and two settings.
pub(crate) struct Customer {
    pub(crate) user_id: String,
    pub(crate) organization_id: String,
}

impl Scope for Customer {
    const NAME: &'static str = "customer";
    const ROLE: Option<&'static str> = Some("xact_bench_customer");
    type Orm<'a> = Orm<'a>;

    fn settings(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("app.user_id", &self.user_id),
            ("app.organization_id", &self.organization_id),
        ]
    }

    fn orm(run: Runner<'_>) -> Orm<'_> {
        Orm(run)
    }
}

pub(crate) fn make_customer() -> Customer {
    Customer {
        user_id: "usr_019438d6e1f07c5cb9a7d1c3b2a4f5e6".to_owned(),
        organization_id: "org_019438d6e1f07c5cb9a7d1c3b2a4f5e7".to_owned(),
    }
}

/// A row of four columns.
#[derive(Debug)]
pub(crate) struct Note {
    pub(crate) id: i64,
    pub(crate) created_at: OffsetDateTime,
    pub(crate) title: String,
    pub(crate) body: Option<String>,
}

/// The same row, which borrows.
pub(crate) struct BorrowedNote<'a> {
    pub(crate) id: i64,
    pub(crate) created_at: OffsetDateTime,
    pub(crate) title: &'a str,
    pub(crate) body: Option<&'a str>,
}

xact::generated::borrowed_row!(BorrowedNote {
    id,
    created_at,
    title,
    body
});

pub(crate) const NOTE: &str = "SELECT id, created_at, title, body FROM notes WHERE id = $1";
pub(crate) const NOTE_INSERT: &str =
    "INSERT INTO notes (id, created_at, title, body) VALUES ($1, $2, $3, $4)";
pub(crate) const NOTES: &str = "SELECT id, created_at, title, body FROM notes";

static NOTES_GET: Query = Query {
    name: "notes_get",
    file: "queries/notes.sql",
    sql: NOTE,
    parameters: &[20],
    columns: &[20, 1184, 25, 25],
    names: "",
};
static NOTES_LIST: Query = Query {
    name: "notes_list",
    file: "queries/notes.sql",
    sql: NOTES,
    parameters: &[],
    columns: &[20, 1184, 25, 25],
    names: "",
};

static NOTES_INSERT: Query = Query {
    name: "notes_insert",
    file: "queries/notes.sql",
    sql: NOTE_INSERT,
    parameters: &[20, 1184, 25, 25],
    columns: &[],
    names: "",
};
static NOTES_BATCH: Query = Query {
    name: "notes_batch",
    file: "queries/notes.sql",
    sql: "INSERT INTO notes (id, created_at, title, body) SELECT a, b, c, d FROM (SELECT unnest($1::bigint[]) AS a, \
        unnest($2::timestamptz[]) AS b, unnest($3::text[]) AS c, unnest($4::text[]) AS d) AS s",
    parameters: &[1016, 1185, 1009, 1009],
    columns: &[],
    names: "",
};
static NOTES_COPY: Query = Query {
    name: "notes_copy",
    file: "queries/notes.sql",
    sql: "COPY notes (id, created_at, title, body) FROM STDIN (FORMAT binary)",
    parameters: &[20, 1184, 25, 25],
    columns: &[],
    names: "",
};

impl Note {
    fn read(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: row.get(0)?,
            created_at: row.get(1)?,
            title: row.get(2)?,
            body: row.get(3)?,
        })
    }
}

impl Orm<'_> {
    pub(crate) fn notes_get(&mut self, id: i64) -> One<'_, Note> {
        self.0.one(NOTES_GET.arguments().push(id), Note::read)
    }

    pub(crate) fn notes_list(&mut self) -> Many<'_, Note> {
        self.0.many(NOTES_LIST.arguments(), Note::read)
    }

    pub(crate) fn notes_borrowed(&mut self) -> BorrowedRows<'_, BorrowedNote<'static>> {
        self.0.stream_borrowed(NOTES_LIST.arguments())
    }

    pub(crate) fn notes_insert(&mut self, note: &Note) -> Execute<'_> {
        let arguments = NOTES_INSERT
            .arguments()
            .push(note.id)
            .push(note.created_at)
            .push(&note.title)
            .push(&note.body);
        self.0.execute(arguments)
    }

    pub(crate) fn notes_batch(&mut self, notes: &[Note]) -> Execute<'_> {
        let arguments = NOTES_BATCH
            .arguments()
            .push_each(20, notes, |note| note.id)
            .push_each(1184, notes, |note| note.created_at)
            .push_each(25, notes, |note| &note.title)
            .push_each(25, notes, |note| &note.body);
        self.0.execute(arguments)
    }

    pub(crate) fn notes_copy(&mut self, notes: &[Note]) -> CopyRows<'_> {
        let lines = NOTES_COPY.copy(notes, |note, line| {
            let line = line.push(note.id).push(note.created_at);
            line.push(&note.title).push(&note.body)
        });
        self.0.copy(lines)
    }
}
