//! Runs `xact migrate diff` on a pair of schemas, and judges its scripts without its help: by `pg_dump`, and by the rows of
//! the catalog.

use std::path::Path;
use std::sync::Arc;

use similar::udiff::unified_diff;
use sqlx::{Connection as _, PgConnection};
use xact_codegen::Stop;
use xact_codegen::migrate::apply::Folder;
use xact_codegen::migrate::author::{GeneratedMigration, Unproved, generate};
use xact_codegen::report::source::SourceFile;
use xact_codegen::schema;
use xact_codegen::schema::catalog::{CatalogRows, ColumnOrder};

use super::world::run_sql;
use crate::schema::oracle::pg_dump;
use crate::server;

/// What came of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The scripts do as they should.
    Proved,
    /// There is nothing to do, and rightly so.
    Same,
    /// There is no proved script. `group` is the reason without names.
    Refused { group: String, why: String },
    /// A script is called proved, or not needed, and is wrong.
    Wrong { group: String, why: String },
    /// The pair itself is no pair: Postgres refuses one of the schemas.
    Invalid(String),
}

impl Outcome {
    /// Whether a smaller pair has the same fault.
    pub(super) fn is_like(&self, other: &Outcome) -> bool {
        match (self, other) {
            (Self::Refused { group, .. }, Self::Refused { group: same, .. })
            | (Self::Wrong { group, .. }, Self::Wrong { group: same, .. }) => group == same,
            _ => false,
        }
    }
}

/// How the target is stated.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    /// As a person writes it.
    Written,
    /// As schema.sql says it.
    Dumped,
}

/// A database of the judge's own.
struct Scratch {
    name: String,
    connection: PgConnection,
}

impl Scratch {
    async fn create(name: &str, sql: &str) -> Result<Self, String> {
        administer(&format!("DROP DATABASE IF EXISTS {name}")).await;
        administer(&format!("CREATE DATABASE {name} TEMPLATE template0")).await;
        let url = server::url_of(name).await;
        let connection = PgConnection::connect(&url).await.unwrap();
        let mut scratch = Self {
            name: name.to_owned(),
            connection,
        };
        match scratch.run(sql).await {
            Ok(()) => Ok(scratch),
            Err(error) => {
                scratch.remove().await;
                Err(error)
            }
        }
    }

    /// In one transaction, as a migration.
    async fn run(&mut self, sql: &str) -> Result<(), String> {
        run_sql(&mut self.connection, &format!("BEGIN;\n{sql}\n;COMMIT")).await
    }

    /// Everything that the judge knows of the database.
    async fn describe(&mut self) -> Described {
        let dump = pg_dump(&server::url_of(&self.name).await);
        let rows = CatalogRows::read(&mut self.connection, ColumnOrder::Ignored).await;
        Described {
            dump: sort_dump(&dump),
            rows: rows.unwrap(),
        }
    }

    async fn remove(self) {
        self.connection.close().await.unwrap();
        administer(&format!("DROP DATABASE {}", self.name)).await;
    }
}

/// What a database is.
struct Described {
    dump: String,
    rows: CatalogRows,
}

async fn administer(sql: &str) {
    let mut connection = PgConnection::connect(server::url().await).await.unwrap();
    run_sql(&mut connection, sql).await.unwrap();
}

/// What the command says of the pair, and whether that is right.
pub(super) async fn judge(old: &str, new: &str, target: Target) -> Outcome {
    let wanted = Scratch::create("judge_new", new).await;
    let mut wanted = match wanted {
        Ok(wanted) => wanted,
        Err(error) => return Outcome::Invalid(error),
    };
    let outcome = judge_against(&mut wanted, old, new, target).await;
    wanted.remove().await;
    outcome
}

async fn judge_against(wanted: &mut Scratch, old: &str, new: &str, target: Target) -> Outcome {
    let text = match target {
        Target::Written => new.to_owned(),
        Target::Dumped => match schema::read(&mut wanted.connection, &[]).await {
            Ok(read) => schema::dump(&read),
            Err(error) => return refuse(&error.to_string()),
        },
    };
    let generated = match generate_script(old, &text).await {
        Ok(generated) => generated,
        Err(stop) => return refuse(&tell_stop(stop)),
    };
    let scripts = match generated {
        GeneratedMigration::Proved(written) => Some((written.up, written.down)),
        GeneratedMigration::Nothing => None,
        GeneratedMigration::Unproved(unproved) => return refuse(&tell_reason(&unproved)),
    };
    let mut scratch = match Scratch::create("judge_old", old).await {
        Ok(scratch) => scratch,
        Err(error) => return Outcome::Invalid(error),
    };
    let outcome = run_scripts(&mut scratch, wanted, scripts).await;
    scratch.remove().await;
    outcome
}

async fn run_scripts(
    scratch: &mut Scratch,
    wanted: &mut Scratch,
    scripts: Option<(String, String)>,
) -> Outcome {
    let (before, after) = (scratch.describe().await, wanted.describe().await);
    let Some((up, down)) = scripts else {
        return find_wrong("nothing to do", &after, &before, "").unwrap_or(Outcome::Same);
    };
    if let Err(error) = scratch.run(&up).await {
        return tell_wrong("the script is refused", &error, &up);
    }
    if let Some(wrong) = find_wrong("the script", &after, &scratch.describe().await, &up) {
        return wrong;
    }
    if let Err(error) = scratch.run(&down).await {
        return tell_wrong("the way back is refused", &error, &down);
    }
    find_wrong("the way back", &before, &scratch.describe().await, &down).unwrap_or(Outcome::Proved)
}

fn find_wrong(step: &str, wanted: &Described, found: &Described, script: &str) -> Option<Outcome> {
    if wanted.dump != found.dump {
        let names = Some(("wanted", "found"));
        let diff = unified_diff(
            similar::Algorithm::Myers,
            &wanted.dump,
            &found.dump,
            2,
            names,
        );
        return Some(tell_wrong(step, &diff, script));
    }
    let differences = wanted.rows.differences(&found.rows, "wanted", "found");
    let wrong = || tell_wrong(&format!("{step}, by rows"), &differences.join("\n"), script);
    (!differences.is_empty()).then(wrong)
}

fn tell_wrong(step: &str, why: &str, script: &str) -> Outcome {
    let group = format!("{step}: {}", group_reason(why));
    Outcome::Wrong {
        group,
        why: format!("{step}:\n{why}\n--- script\n{script}"),
    }
}

fn refuse(why: &str) -> Outcome {
    Outcome::Refused {
        group: group_reason(why),
        why: why.to_owned(),
    }
}

async fn generate_script(old: &str, new: &str) -> Result<GeneratedMigration, Stop> {
    let project = tempfile::tempdir().unwrap();
    let migrations = project.path().join("migrations");
    write_migration(&migrations, old);
    let folder = Folder::read(project.path())?;
    let target = SourceFile::new("schema.sql", new);
    let server = server::url().await;
    generate(&folder, &Arc::new(target), &[], Some(server)).await
}

fn write_migration(folder: &Path, old: &str) {
    std::fs::create_dir(folder).unwrap();
    std::fs::write(folder.join("1_old.up.sql"), old).unwrap();
}

fn tell_stop(stop: Stop) -> String {
    match stop {
        Stop::Diagnostics(found) => {
            let messages: Vec<String> = found
                .into_iter()
                .map(|one| format!("{}: {}", one.code, one.message))
                .collect();
            messages.join("\n")
        }
        Stop::Failure(failure) => format!("failure: {failure}"),
    }
}

fn tell_reason(unproved: &Unproved) -> String {
    let refused = unproved
        .refused
        .iter()
        .map(|refused| refused.message.clone());
    let reasons: Vec<String> = unproved.reasons.iter().cloned().chain(refused).collect();
    let down = unproved.down.as_deref().unwrap_or("none yet");
    format!(
        "{}\n--- script\n{}\n--- way back\n{down}",
        reasons.join("\n"),
        unproved.up
    )
}

/// The reason without the names of objects, so that like things count together.
fn group_reason(why: &str) -> String {
    let (why, _) = why.split_once("\n--- script").unwrap_or((why, ""));
    let differs = |line: &&str| {
        line.starts_with(['+', '-'])
            && !line.starts_with("+++")
            && !line.starts_with("---")
            && !line.contains("revision")
    };
    let mut lines: Vec<&str> = why.lines().filter(differs).take(2).collect();
    if lines.is_empty() {
        lines.extend(why.lines().next());
    }
    let words = lines.join(" | ");
    let words = words
        .split([' ', '"', '\'', '(', ')', ','])
        .filter(|word| !word.is_empty());
    let is_name = |word: &str| word.contains(|letter: char| letter.is_ascii_digit());
    let words: Vec<&str> = words
        .map(|word| if is_name(word) { "_" } else { word })
        .collect();
    words.join(" ").chars().take(160).collect()
}

/// The dump without the order of columns and of objects, which nothing depends on.
fn sort_dump(dump: &str) -> String {
    // The last lines are of no object, and would be of whichever came last.
    let end = dump.find("\n--\n-- PostgreSQL database dump complete");
    let dump = &dump[..end.unwrap_or(dump.len())];
    let mut blocks: Vec<String> = dump
        .split("\n--\n-- Name: ")
        .skip(1)
        .map(sort_block)
        .collect();
    blocks.sort();
    blocks.join("\n")
}

fn sort_block(block: &str) -> String {
    let is_setting = |line: &&str| line.starts_with("SET default_");
    let lines: Vec<&str> = block.lines().filter(|line| !is_setting(line)).collect();
    let (head, _) = block.split_once('\n').unwrap_or((block, ""));
    let is_list = ["; Type: ACL", "; Type: DEFAULT ACL", "TABLE; Schema"];
    if head.contains("; Type: STATISTICS") {
        // The columns are listed as the table has them.
        let mut words: Vec<&str> = block.split([' ', ',', ';']).collect();
        words.sort_unstable();
        return words.join(" ");
    }
    if !is_list.iter().any(|kind| head.contains(kind)) {
        return lines.join("\n");
    }
    let mut lines: Vec<&str> = lines
        .iter()
        .map(|line| line.trim_end_matches(','))
        .collect();
    lines.sort_unstable();
    lines.join("\n")
}
