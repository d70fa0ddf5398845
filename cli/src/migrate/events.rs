//! Events while migrations run, on standard error, line by line.

use crate::report::say;
use std::time::Duration;
use xact_codegen::migrate::apply::{Blocked, Direction, Event, Migration, Newer, Slow};
use xact_codegen::report::source::Span;

/// Prints one event.
pub(crate) fn print_event(event: &Event<'_>) {
    match event {
        Event::Waiting(Some(holder)) => {
            say!("waiting: the database is being migrated by {holder}");
        }
        Event::Waiting(None) => {
            say!("waiting: the database is being migrated by another session");
        }
        Event::Continued(migration, direction, done) => {
            print_continued(migration, *direction, *done);
        }
        Event::Outside(_, span) => {
            let line = span.position().line;
            say!(
                "note: {}:{line}: Postgres takes this statement in no transaction, so the migration runs outside of one",
                span.file.path
            );
            say!("help: make `-- no-transaction` the first line of the file, for stock sqlx too");
        }
        Event::LeftOut(span) => say!(
            "note: {}:{}: `{}` is left out: a migration is one transaction already",
            span.file.path,
            span.position().line,
            first_line(span)
        ),
        Event::Slow(slow) => print_slow(slow),
        Event::Blocked(blocked) => print_blocked(blocked),
        Event::Ahead(newer) => print_ahead(newer),
        Event::Squashed(migration, count) => say!(
            "recorded: {}, in place of {count} migrations that it replaces",
            migration.up.path
        ),
        Event::Applied(migration, elapsed) => {
            say!(
                "applied: {}{}",
                migration.up.path,
                describe_duration(*elapsed)
            );
        }
        Event::Reverted(migration, elapsed) => {
            let file = migration.down.as_ref().unwrap_or(&migration.up);
            say!("reverted: {}{}", file.path, describe_duration(*elapsed));
        }
    }
}

fn print_continued(migration: &Migration, direction: Direction, done: usize) {
    let verb = direction.verb();
    let name = migration.name();
    let steps = if done == 1 { "step" } else { "steps" };
    say!("continuing: {name} was interrupted while it was being {verb}, after {done} {steps}");
}

/// A newer release migrated the database, or files were deleted.
fn print_ahead(newer: &[Newer]) {
    let newer: Vec<String> = newer.iter().map(ToString::to_string).collect();
    say!(
        "note: the database is ahead of the files: it also has {}",
        newer.join(", ")
    );
}

fn print_blocked(blocked: &Blocked) {
    let Blocked {
        span,
        attempt,
        attempts,
        pause,
    } = blocked;
    say!(
        "blocked: {}:{}: {} did not get its lock in time (attempt {attempt} of {attempts}); \
         the migration is rolled back, so that other queries go on, and tried again in {} s",
        span.file.path,
        span.position().line,
        first_line(span),
        pause.as_secs_f64()
    );
}

fn first_line(span: &Span) -> &str {
    span.text().lines().next().unwrap_or_default()
}

fn print_slow(slow: &Slow) {
    let Slow {
        span,
        elapsed,
        state,
    } = slow;
    let line = span.position().line;
    let first = first_line(span);
    let state = state
        .as_ref()
        .map(|state| format!("; {state}"))
        .unwrap_or_default();
    // The first report comes earlier where the lock timeout is short.
    let seconds = match elapsed.as_secs() {
        0 => format!("{:.1}", elapsed.as_secs_f64()),
        seconds => seconds.to_string(),
    };
    say!(
        "running: {}:{line}: {first} (for {seconds} s{state})",
        span.file.path
    );
}

/// Times below a second are not worth a number.
fn describe_duration(elapsed: Duration) -> String {
    match elapsed.as_secs_f64() {
        seconds if seconds < 1.0 => String::new(),
        seconds => format!(" ({seconds:.1} s)"),
    }
}
