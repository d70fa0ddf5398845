//! What is written, what gets lines, and what stays as it is. Decides everything, writes nothing.

use super::Lines;
use super::found::{Found, file, wrong};
use super::manifest::Manifest;
use super::start::{Start, package_name};
use super::{import, library};
use crate::project::{MIGRATIONS, QUERIES};
use crate::report::Stop;
use crate::report::source::SourceFile;
use crate::{config, output, schema};
use std::sync::Arc;
use toml_edit::Value;

/// One change of the project.
pub(super) enum Step {
    /// A file that is not there yet.
    Create { path: String, text: String },
    /// A file with more lines than before.
    Add { text: String, lines: Lines },
}

/// All changes, and the files that stay.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    pub(super) left: Vec<Lines>,
}

impl Plan {
    /// What makes a project of the folder.
    pub(super) fn of(found: &Found, runtime: &Value) -> Result<Self, Stop> {
        let mut plan = Self::default();
        plan.manifest(found, runtime)?;
        plan.library(found);
        plan.file(found, config::FILE, include_str!("files/xact.toml"))?;
        plan.file(found, "justfile", include_str!("files/justfile"))?;
        plan.import(found)?;
        plan.both_ways(found)?;
        if found.queries.is_empty() && !plan.creates_in(QUERIES) {
            let migrated = !found.migrations.is_empty() || plan.creates_in(MIGRATIONS);
            let start = if migrated {
                Start::OnMigrations
            } else {
                Start::FromNothing
            };
            plan.steps.extend(start.steps(found));
        }
        Ok(plan)
    }

    fn manifest(&mut self, found: &Found, runtime: &Value) -> Result<(), Stop> {
        let Some(manifest) = &found.manifest else {
            let text = include_str!("files/manifest.toml");
            let text = text.replace("PACKAGE", &package_name(found));
            let path = "Cargo.toml".to_owned();
            let source = Arc::new(SourceFile { path, text });
            let manifest = Manifest::parse(&source).map_err(wrong)?;
            let text = manifest.completed(runtime).map(|(text, _)| text);
            let text = text.unwrap_or_else(|| source.text.clone());
            let path = source.path.clone();
            self.steps.push(Step::Create { path, text });
            return Ok(());
        };
        self.add(manifest.completed(runtime));
        Ok(())
    }

    fn library(&mut self, found: &Found) {
        match &found.library {
            None => self.steps.push(Step::Create {
                path: found.library_path().to_owned(),
                text: include_str!("files/lib.rs").to_owned(),
            }),
            Some(file) => {
                self.add(library::mounted(file));
                self.left.extend(library::unread(file));
            }
        }
    }

    fn add(&mut self, added: Option<(String, Lines)>) {
        self.steps
            .extend(added.map(|(text, lines)| Step::Add { text, lines }));
    }

    /// A file, or where there is one that does not speak of this tool, what it could have.
    fn file(&mut self, found: &Found, path: &str, text: &str) -> Result<(), Stop> {
        let (path, text) = (path.to_owned(), text.to_owned());
        match file(&found.root, &path)? {
            None => self.steps.push(Step::Create { path, text }),
            Some(file) if !file.text.contains("xact") => self.left.push(Lines {
                path,
                note: "it could have".to_owned(),
                lines: body(&text).lines().map(str::to_owned).collect(),
            }),
            Some(_) => {}
        }
        Ok(())
    }

    /// The files of a sqlc project that are not where this tool looks for them.
    fn import(&mut self, found: &Found) -> Result<(), Stop> {
        let Some(sqlc) = &found.sqlc else {
            return Ok(());
        };
        for path in &sqlc.queries {
            let text = text(found, path)?;
            let to = import::query_path(path);
            self.import_one(found, path, Step::Create { path: to, text })?;
        }
        // A schema that was taken once is not taken again under other versions.
        let schema = sqlc.schema.iter().enumerate();
        for (index, path) in schema.filter(|_| found.migrations.is_empty()) {
            for step in import::migration(path, &text(found, path)?, index) {
                self.import_one(found, path, step)?;
            }
        }
        let schema = file(&found.root, schema::FILE)?;
        let own = schema.is_some_and(|file| !file.text.contains(output::MARKER));
        if own && sqlc.schema.iter().any(|path| path == schema::FILE) {
            let note = "it is a migration now: remove it, for `xact codegen` writes its own";
            self.leave(schema::FILE, note);
        }
        Ok(())
    }

    /// Migrations of other tools that would be applied and reverted at once.
    fn both_ways(&mut self, found: &Found) -> Result<(), Stop> {
        for path in &found.migrations {
            if import::has_both_ways(&text(found, path)?) {
                let note = "the way back is in it too: cut it into a `.up.sql` and a `.down.sql`";
                self.leave(path, note);
            }
        }
        Ok(())
    }

    fn leave(&mut self, path: &str, note: &str) {
        let (path, note) = (path.to_owned(), note.to_owned());
        let lines = Vec::new();
        self.left.push(Lines { path, note, lines });
    }

    /// A file of another place, unless there is one of its name that says something else.
    fn import_one(&mut self, found: &Found, from: &str, step: Step) -> Result<(), Stop> {
        let Step::Create { path, text } = &step else {
            return Ok(());
        };
        let there = file(&found.root, path)?.map(|file| file.text.clone());
        match there.as_ref().or(self.created(path)) {
            None => self.steps.push(step),
            Some(there) if there == text => {}
            Some(_) => self.leave(
                from,
                &format!("there is another `{path}`: rename one of them"),
            ),
        }
        Ok(())
    }

    /// The text of a file that is going to be written.
    fn created(&self, wanted: &str) -> Option<&String> {
        self.steps.iter().find_map(|step| match step {
            Step::Create { path, text } if path == wanted => Some(text),
            _ => None,
        })
    }

    fn creates_in(&self, folder: &str) -> bool {
        let inside = |path: &str| {
            path.strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        let mut steps = self.steps.iter();
        steps.any(|step| matches!(step, Step::Create { path, .. } if inside(path)))
    }
}

/// The text of a file that a configuration names.
fn text(found: &Found, path: &str) -> Result<String, Stop> {
    let file = file(&found.root, path)?;
    Ok(file.map_or_else(String::new, |file| file.text.clone()))
}

/// What follows the recipe that lists the others, which a justfile has anyway.
fn body(text: &str) -> &str {
    text.split_once("--unsorted\n\n")
        .map_or(text, |(_, body)| body)
}
