//! The judgement of one attack, from the rows that were there and the result.

use super::attacks::{AttackStage, CREATABLE};
use super::probe::{Outcome, Probe};
use super::rows::{StoredRow, World, read_own_roots};
use super::words::split_words;
use std::collections::BTreeSet;

/// The result of one attack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    Leak(String),
    Oracle(String),
    /// A privilege or a policy refused it.
    Refused,
    /// It failed for another reason.
    Failed(String),
    /// It ran; whether it had rows.
    Ran(bool),
}

/// The SQLSTATEs of a statement that no role may run on such an object, such as an INSERT into a view of several tables.
const CANNOT: &[&str] = &["55000", "0A000", "42809"];

/// No query of the scope creates a large object, so no row is shown yet.
const SHARED_OBJECTS: &str = "would show those of every tenant: they belong to the role, and Postgres has no policies for them; \
     REVOKE EXECUTE ON FUNCTION pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid), \
     pg_catalog.lo_from_bytea(oid, bytea) FROM PUBLIC";

/// Judges an attack by its result alone.
pub(super) fn judge_outcome(
    stage: &AttackStage<'_>,
    probe: &Probe,
    outcome: &Outcome,
) -> Judgement {
    if let Some(reason) = find_shown(stage, probe, outcome).or_else(|| find_changed(stage, outcome))
    {
        return if probe.operation == CREATABLE {
            Judgement::Oracle(SHARED_OBJECTS.to_owned())
        } else {
            Judgement::Leak(reason)
        };
    }
    // A sequence has no rows of tenants: whoever may use it shares it with all of them.
    if probe.object.starts_with("sequence ") && outcome.state == "00000" {
        return judge_sequence(probe.operation);
    }
    if outcome.is_refused() || CANNOT.contains(&outcome.state.as_str()) {
        return Judgement::Refused;
    }
    match outcome.state.as_str() {
        "00000" => Judgement::Ran(outcome.affected > 0),
        _ => Judgement::Failed(outcome.error.lines().next().unwrap_or_default().to_owned()),
    }
}

fn judge_sequence(operation: &str) -> Judgement {
    if operation == "setval" {
        let reason = "sets the sequence from which other tenants get their values";
        return Judgement::Leak(reason.to_owned());
    }
    Judgement::Oracle("tells how many values all tenants took".to_owned())
}

/// Words of foreign rows that came back and were not given.
fn find_shown(stage: &AttackStage<'_>, probe: &Probe, outcome: &Outcome) -> Option<String> {
    let identity = stage.identity;
    let parts = [
        ("an error shows", &outcome.error),
        ("shows", &outcome.answer),
        ("a condition sees", &outcome.peeked),
    ];
    for (verb, text) in parts {
        let words = split_words(text);
        let mut foreign = words
            .iter()
            .filter(|word| identity.foreign_words.contains(*word));
        // Whoever writes a value into a statement or a setting knows it already.
        let given = || {
            let statements = identity.prologue.iter().chain([&probe.statement]);
            statements
                .flat_map(|statement| split_words(statement))
                .collect::<BTreeSet<_>>()
        };
        if let Some(first) = foreign.next() {
            let given = given();
            let shown = std::iter::once(first)
                .chain(foreign)
                .find(|word| !given.contains(*word));
            if let Some(word) = shown {
                return Some(format!("{verb} {}", describe_word(stage, word)));
            }
        }
    }
    None
}

/// `a row of the other tenant: notes.title`
fn describe_word(stage: &AttackStage<'_>, word: &str) -> String {
    let tenants = stage.tenants;
    let foreign = stage
        .rows
        .iter()
        .filter(|row| stage.identity.is_foreign(tenants, row));
    for row in foreign {
        let table = &tenants.tables[row.table];
        let columns = table.table.columns.iter().zip(&row.cells);
        for (column, cell) in columns {
            if cell
                .as_ref()
                .is_some_and(|cell| split_words(cell).iter().any(|own| own == word))
            {
                return format!(
                    "`{}.{}` of {}",
                    table.sql(),
                    column.sql,
                    describe_owner(row)
                );
            }
        }
    }
    format!("`{word}`, which is the other tenant's")
}

fn describe_owner(row: &StoredRow) -> &'static str {
    match row.world {
        World::A => "a row that this user should not see",
        World::B => "a row of tenant b",
        World::Both | World::Outside | World::Shared => "a row outside of the tenant",
    }
}

/// Foreign rows that were changed or deleted, and new ones that are theirs or refer to them.
fn find_changed(stage: &AttackStage<'_>, outcome: &Outcome) -> Option<String> {
    let tenants = stage.tenants;
    for text in &outcome.lost {
        let Some(row) = stage.rows.iter().find(|row| row.text == *text) else {
            continue;
        };
        let table = &tenants.tables[row.table];
        if stage.identity.is_foreign(tenants, row) {
            return Some(format!(
                "changes or deletes {} in `{}`",
                describe_owner(row),
                table.sql()
            ));
        }
        if tenants.is_reference(row.table) && !table.shared {
            return Some(format!(
                "changes a row of `{}`, which every tenant reads",
                table.sql()
            ));
        }
    }
    outcome
        .added
        .iter()
        .find_map(|(table, cells)| judge_added(stage, *table, cells))
}

fn judge_added(stage: &AttackStage<'_>, table: usize, cells: &[Option<String>]) -> Option<String> {
    let tenants = stage.tenants;
    let found = tenants.tables.get(table)?;
    let added = StoredRow {
        table,
        text: String::new(),
        cells: cells.to_vec(),
        world: World::A,
        roots: std::collections::BTreeMap::new(),
    };
    if tenants.is_reference(table) {
        let is_read = stage.read_tables.contains(&table);
        return (is_read && !found.shared)
            .then(|| format!("adds a row to `{}`, which every tenant reads", found.sql()));
    }
    for link in &found.links {
        let mut targets = stage
            .rows
            .iter()
            .filter(|row| row.is_target(tenants, link, &added));
        if let Some(target) = targets.find(|row| stage.identity.is_foreign(tenants, row)) {
            let target = &tenants.tables[target.table];
            return Some(format!(
                "writes a row of `{}` that refers to a row of the other tenant in `{}`",
                found.sql(),
                target.sql()
            ));
        }
    }
    let roots = find_roots(stage, &added);
    // Only keys of known tenants count: a tenant that the statement itself creates belongs to whoever does.
    let known = |value: &String| {
        let rows = stage.rows.iter();
        rows.filter_map(|row| row.roots.get(&tenants.tenant))
            .any(|values| values.contains(value))
    };
    let claimed = stage.identity.claim.values[tenants.tenant].as_ref();
    let foreign = roots
        .iter()
        .any(|value| known(value) && (Some(value) != claimed || !stage.identity.claim.valid));
    if foreign {
        return Some(format!(
            "writes a row of `{}` into a tenant that is not the caller's",
            found.sql()
        ));
    }
    let private = found
        .private
        .as_ref()
        .and_then(|column| added.cell(tenants, column))?;
    let user = tenants
        .user
        .and_then(|user| stage.identity.claim.values[user].as_deref());
    (Some(private) != user).then(|| format!("writes a row of `{}` for another user", found.sql()))
}

/// The tenants that a new row leads to: by its own columns, and by the rows that it refers to.
fn find_roots(stage: &AttackStage<'_>, added: &StoredRow) -> BTreeSet<String> {
    let tenants = stage.tenants;
    let own = read_own_roots(tenants, added).remove(&tenants.tenant);
    let links = &tenants.tables[added.table].links;
    let targets = stage.rows.iter().filter(|row| {
        let mut links = links.iter();
        links.any(|link| row.is_target(tenants, link, added))
    });
    let led = targets
        .filter_map(|row| row.roots.get(&tenants.tenant))
        .flatten();
    own.unwrap_or_default()
        .into_iter()
        .chain(led.cloned())
        .collect()
}

/// Compares the results with and without the other tenant's rows.
pub(super) fn compare_outcomes(
    stage: &AttackStage<'_>,
    probe: &Probe,
    with: &Outcome,
    without: &Outcome,
) -> Option<Judgement> {
    let lines = |outcome: &Outcome| {
        let mut lines: Vec<String> = outcome.answer.lines().map(str::to_owned).collect();
        // Without ORDER BY, the order of the rows says nothing.
        lines.sort();
        lines
    };
    let same = with.state == without.state
        && with.affected == without.affected
        && lines(with) == lines(without);
    if same {
        return None;
    }
    let describe = |outcome: &Outcome| match outcome.state.as_str() {
        "00000" => format!("{} rows", outcome.affected),
        _ => format!("`{}`", outcome.error.lines().next().unwrap_or_default()),
    };
    let difference = if describe(with) == describe(without) {
        "other values".to_owned()
    } else {
        format!("{} with it, {} without", describe(with), describe(without))
    };
    let given = split_words(&probe.statement);
    let names_foreign = given
        .iter()
        .any(|word| stage.identity.foreign_words.contains(word));
    // Whoever names a value of the other tenant has it already, and learns only whether it is
    // there.
    Some(if names_foreign {
        Judgement::Oracle(format!(
            "tells whether a value of the other tenant exists: {difference}"
        ))
    } else {
        Judgement::Leak(format!(
            "its result depends on rows of the other tenant: {difference}"
        ))
    })
}

/// Whether two runs of one statement differ although nothing changed between them.
pub(super) fn is_steady(first: &Outcome, second: &Outcome) -> bool {
    (&first.state, &first.answer, first.affected)
        == (&second.state, &second.answer, second.affected)
}
