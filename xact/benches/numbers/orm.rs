//! What a generated module looks like, as small as the comparisons need it.

use xact::types::OffsetDateTime;
use xact::{Error, Many, One, Query, Row, Runner, Scope};

pub(crate) struct Orm<'a>(Runner<'a>);

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

pub(crate) fn customer() -> Customer {
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

pub(crate) const NOTE: &str = "SELECT id, created_at, title, body FROM notes WHERE id = $1";
pub(crate) const NOTES: &str = "SELECT id, created_at, title, body FROM notes";

static NOTES_GET: Query = Query {
    name: "notes_get",
    file: "queries/notes.sql",
    sql: NOTE,
    parameters: &[20],
    columns: &[20, 1184, 25, 25],
};
static NOTES_LIST: Query = Query {
    name: "notes_list",
    file: "queries/notes.sql",
    sql: NOTES,
    parameters: &[],
    columns: &[20, 1184, 25, 25],
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
}
