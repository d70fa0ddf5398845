//! The plan: files to write, files that get lines, and files that stay. Decides everything, writes nothing.

use super::Lines;
use super::inspect::{Found, read_file, stop_with};
use super::manifest::Manifest;
use super::runtime::Runtime;
use super::scaffold::{FIRST_MIGRATION, Scaffold, package_name};
use super::{import, library};
use crate::config::Paths;
use crate::report::Stop;
use crate::report::source::SourceFile;
use crate::{config, output};
use std::sync::Arc;

/// One change of the project.
pub(super) enum PlanStep {
    /// A file that is not there yet.
    Create { path: String, text: String },
    /// A file with more lines than before.
    Add { text: String, lines: Lines },
}

/// All changes, and the files that stay.
#[derive(Default)]
pub(super) struct InitPlan {
    pub(super) steps: Vec<PlanStep>,
    pub(super) left: Vec<Lines>,
}

impl InitPlan {
    /// The steps that turn the folder into a project.
    pub(super) fn of(found: &Found, runtime: &Runtime) -> Result<Self, Stop> {
        let mut plan = Self::default();
        plan.plan_manifest(found, runtime)?;
        plan.plan_library(found);
        plan.plan_file(found, config::FILE, &write_configuration(&found.paths))?;
        plan.plan_file(found, "justfile", include_str!("files/justfile"))?;
        plan.plan_ignored(found);
        plan.plan_workflow(found, runtime)?;
        plan.plan_import(found)?;
        plan.both_ways(found)?;
        if found.queries.is_empty() && !plan.creates_in(&found.paths.queries) {
            let migrated = !found.migrations.is_empty() || plan.creates_in(&found.paths.migrations);
            // An earlier run may have ended before its last file.
            let start = if migrated && !has_first_migration(found)? {
                Scaffold::OnMigrations
            } else {
                Scaffold::FromNothing
            };
            plan.steps.extend(start.list_steps(found));
        }
        Ok(plan)
    }

    fn plan_manifest(&mut self, found: &Found, runtime: &Runtime) -> Result<(), Stop> {
        let Some(manifest) = &found.manifest else {
            let text = include_str!("files/manifest.toml");
            let text = text.replace("PACKAGE", &package_name(found).name);
            let path = "Cargo.toml".to_owned();
            let source = Arc::new(SourceFile::new(path, text));
            let manifest = Manifest::parse(&source).map_err(stop_with)?;
            let text = manifest
                .complete_dependencies(runtime)
                .map(|(text, _)| text);
            let text = text.unwrap_or_else(|| source.text.clone());
            let path = source.path.clone();
            self.steps.push(PlanStep::Create { path, text });
            return Ok(());
        };
        self.push_addition(manifest.complete_dependencies(runtime));
        Ok(())
    }

    /// The files that are in no repository: builds, and the URL of a database with its password.
    fn plan_ignored(&mut self, found: &Found) {
        let path = ".gitignore".to_owned();
        if !found.has(&path) {
            let text = include_str!("files/gitignore").to_owned();
            self.steps.push(PlanStep::Create { path, text });
        }
    }

    /// The checks of each push, if the project is on GitHub.
    fn plan_workflow(&mut self, found: &Found, runtime: &Runtime) -> Result<(), Stop> {
        if !found.is_on_github()? {
            return Ok(());
        }
        let text = include_str!("files/workflow.yml").replace("TOOL", &runtime.tool());
        self.plan_file(found, ".github/workflows/xact.yml", &text)
    }

    fn plan_library(&mut self, found: &Found) {
        match &found.library {
            None => self.steps.push(PlanStep::Create {
                path: found.library_path().to_owned(),
                text: format!(
                    "{}\n{}\n",
                    include_str!("files/lib.rs"),
                    library::mount_line(found.library_path(), &found.paths.output)
                ),
            }),
            Some(file) => {
                self.push_addition(library::mount_module(file, &found.paths.output));
                self.left
                    .extend(library::report_unreadable(file, &found.paths.output));
            }
        }
    }

    fn push_addition(&mut self, added: Option<(String, Lines)>) {
        self.steps
            .extend(added.map(|(text, lines)| PlanStep::Add { text, lines }));
    }

    /// Creates a file; if there is one that does not mention this tool, suggests its lines.
    fn plan_file(&mut self, found: &Found, path: &str, text: &str) -> Result<(), Stop> {
        let (path, text) = (path.to_owned(), text.to_owned());
        match read_file(&found.root, &path)? {
            None => self.steps.push(PlanStep::Create { path, text }),
            Some(file) if !file.text.contains("xact") => self.left.push(Lines {
                path,
                note: "it could have".to_owned(),
                lines: recipe_body(&text).lines().map(str::to_owned).collect(),
            }),
            Some(_) => {}
        }
        Ok(())
    }

    /// The files of a sqlc project that are not where this tool looks for them.
    fn plan_import(&mut self, found: &Found) -> Result<(), Stop> {
        let Some(sqlc) = &found.sqlc else {
            return Ok(());
        };
        for path in &sqlc.queries {
            let text = read_text(found, path)?;
            let to = import::query_path(&found.paths.queries, path);
            self.import_one(found, path, PlanStep::Create { path: to, text })?;
        }
        // A schema that was taken once is not taken again under other versions.
        let schema = sqlc.schema.iter().enumerate();
        for (index, path) in schema.filter(|_| found.migrations.is_empty()) {
            for step in import::import_migration(
                &found.paths.migrations,
                path,
                &read_text(found, path)?,
                index,
            ) {
                self.import_one(found, path, step)?;
            }
        }
        let target = found.paths.schema.as_str();
        let schema = read_file(&found.root, target)?;
        let own = schema.is_some_and(|file| !file.text.contains(output::MARKER));
        if own && sqlc.schema.iter().any(|path| path == target) {
            let note = "it is a migration now: remove it, for `xact codegen` writes its own";
            self.push_left(target, note);
        }
        Ok(())
    }

    /// Migrations of other tools that would be applied and reverted at once.
    fn both_ways(&mut self, found: &Found) -> Result<(), Stop> {
        for path in &found.migrations {
            if import::has_both_ways(&read_text(found, path)?) {
                let note = "the way back is in it too: cut it into a `.up.sql` and a `.down.sql`";
                self.push_left(path, note);
            }
        }
        Ok(())
    }

    fn push_left(&mut self, path: &str, note: &str) {
        let (path, note) = (path.to_owned(), note.to_owned());
        let lines = Vec::new();
        self.left.push(Lines { path, note, lines });
    }

    /// A file of another folder, unless there is one of its name with another content.
    fn import_one(&mut self, found: &Found, from: &str, step: PlanStep) -> Result<(), Stop> {
        let PlanStep::Create { path, text } = &step else {
            return Ok(());
        };
        let there = read_file(&found.root, path)?.map(|file| file.text.clone());
        match there.as_ref().or(self.created_text(path)) {
            None => self.steps.push(step),
            Some(there) if there == text => {}
            Some(_) => self.push_left(
                from,
                &format!("there is another `{path}`: rename one of them"),
            ),
        }
        Ok(())
    }

    /// The text of a file that is going to be written.
    fn created_text(&self, wanted: &str) -> Option<&String> {
        self.steps.iter().find_map(|step| match step {
            PlanStep::Create { path, text } if path == wanted => Some(text),
            _ => None,
        })
    }

    fn creates_in(&self, folder: &str) -> bool {
        let inside = |path: &str| {
            path.strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        let mut steps = self.steps.iter();
        steps.any(|step| matches!(step, PlanStep::Create { path, .. } if inside(path)))
    }
}

/// `xact.toml`, with the paths of the project if they are not the usual ones.
fn write_configuration(paths: &Paths) -> String {
    let text = include_str!("files/xact.toml").to_owned();
    let usual = Paths::default();
    let written = [
        ("migrations", &paths.migrations, &usual.migrations),
        ("queries", &paths.queries, &usual.queries),
        ("schema", &paths.schema, &usual.schema),
        ("annotations", &paths.annotations, &usual.annotations),
        ("output", &paths.output, &usual.output),
    ];
    let lines = written.iter().filter(|(_, path, usual)| path != usual);
    let lines: Vec<String> = lines
        .map(|(name, path, _)| format!("{name} = \"{path}\"\n"))
        .collect();
    if lines.is_empty() {
        return text;
    }
    let lines = lines.concat();
    format!("{text}\n# Where the files of this project are.\n[paths]\n{lines}")
}

/// Whether the only migration is that of an earlier run.
fn has_first_migration(found: &Found) -> Result<bool, Stop> {
    for path in &found.migrations {
        let text = read_text(found, path)?;
        if !FIRST_MIGRATION.contains(&text.as_str()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The text of a file that a configuration names.
fn read_text(found: &Found, path: &str) -> Result<String, Stop> {
    let file = read_file(&found.root, path)?;
    Ok(file.map_or_else(String::new, |file| file.text.clone()))
}

/// The recipes behind the one that lists the others, which every justfile has.
fn recipe_body(text: &str) -> &str {
    text.split_once("--unsorted\n\n")
        .map_or(text, |(_, body)| body)
}
