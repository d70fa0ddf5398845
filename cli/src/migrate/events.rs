//! Progress of migrations, on standard error, line by line.

use crate::report::say;
use std::time::Duration;
use xact_codegen::migrate::apply::{Direction, Event, Migration, Slow};

/// Prints one event.
pub(crate) fn tell(event: &Event<'_>) {
    match event {
        Event::Waiting(Some(holder)) => {
            say!("waiting: the database is being migrated by {holder}");
        }
        Event::Waiting(None) => {
            say!("waiting: the database is being migrated by another session");
        }
        Event::Continued(migration, direction, done) => continued(migration, *direction, *done),
        Event::Outside(_, span) => {
            let line = span.position().line;
            say!(
                "note: {}:{line}: Postgres takes this statement in no transaction, so the migration runs outside of one",
                span.file.path
            );
            say!("help: make `-- no-transaction` the first line of the file, for stock sqlx too");
        }
        Event::Slow(slow) => self::slow(slow),
        Event::Applied(migration, elapsed) => {
            say!("applied: {}{}", migration.up.path, took(*elapsed));
        }
        Event::Reverted(migration, elapsed) => {
            let file = migration.down.as_ref().unwrap_or(&migration.up);
            say!("reverted: {}{}", file.path, took(*elapsed));
        }
    }
}

fn continued(migration: &Migration, direction: Direction, done: usize) {
    let verb = direction.verb();
    let name = migration.name();
    say!("continuing: {name} was interrupted while it was being {verb}, after {done} steps");
}

fn slow(slow: &Slow) {
    let Slow {
        span,
        elapsed,
        state,
    } = slow;
    let line = span.position().line;
    let first = span.text().lines().next().unwrap_or_default();
    let state = state
        .as_ref()
        .map(|state| format!("; {state}"))
        .unwrap_or_default();
    say!(
        "running: {}:{line}: {first} (for {} s{state})",
        span.file.path,
        elapsed.as_secs()
    );
}

/// Times that nobody would notice are not worth a number.
fn took(elapsed: Duration) -> String {
    match elapsed.as_secs_f64() {
        seconds if seconds < 1.0 => String::new(),
        seconds => format!(" ({seconds:.1} s)"),
    }
}
