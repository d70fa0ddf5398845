//! The templates, and the frame that every generated file has.
//!
//! Rendering and laying out a file take longer than everything else about it, so each file is kept with its view: from one run to
//! the next most views are the same. A check only renders.

use super::format;
use super::kept_texts::{KeptText, KeptTexts};
use crate::output::{MARKER, OutputFile};
use crate::report::Failure;
use serde::Serialize;
use std::any::Any;
use std::collections::{HashMap, HashSet};
use std::num::NonZero;

const TEMPLATES: &[(&str, &str)] = &[
    (
        "constraints.rs.tera",
        include_str!("templates/constraints.rs.tera"),
    ),
    ("mod.rs.tera", include_str!("templates/mod.rs.tera")),
    ("names.rs.tera", include_str!("templates/names.rs.tera")),
    ("scopes.rs.tera", include_str!("templates/scopes.rs.tera")),
    ("types.rs.tera", include_str!("templates/types.rs.tera")),
    ("shaped.rs.tera", include_str!("templates/shaped.rs.tera")),
    ("queries.rs.tera", include_str!("templates/queries.rs.tera")),
];

/// The templates, and the files that were last rendered with them.
#[derive(Debug)]
pub(crate) struct Templates {
    tera: tera::Tera,
    /// By path. Files of an earlier run that the last one did not render are forgotten when it is laid out.
    files: HashMap<String, RenderedFile>,
    kept: KeptTexts,
}

/// A file and all that it was made of.
#[derive(Debug)]
struct RenderedFile {
    /// The view: an equal one gives the same text.
    view: Box<dyn Any + Send + Sync>,
    /// The hash of template and view, if texts are kept.
    hash: Option<u64>,
    rendered: String,
    /// The text as it is written, once it was wanted.
    laid_out: Option<String>,
}

impl Templates {
    /// Reads the templates, of which nothing is rendered yet.
    ///
    /// # Errors
    /// If one is broken, which is a bug of the tool.
    pub(crate) fn load(kept: KeptTexts) -> Result<Self, Failure> {
        let mut tera = tera::Tera::default();
        tera.add_raw_templates(TEMPLATES.to_vec())
            .map_err(|error| broken_template(&error))?;
        Ok(Self {
            tera,
            files: HashMap::new(),
            kept,
        })
    }

    /// Renders one file of the generated folder, and gives its path.
    pub(super) fn render_file<V>(
        &mut self,
        path: String,
        template: &str,
        view: V,
    ) -> Result<String, Failure>
    where
        V: Serialize + PartialEq + Send + Sync + 'static,
    {
        let known = self.files.get(&path);
        let known = known.and_then(|known| known.view.downcast_ref::<V>());
        if known == Some(&view) {
            return Ok(path);
        }
        let hash = self.kept.hash_view(template, &view);
        if let Some(text) = hash.and_then(|hash| self.kept.find(hash)) {
            let KeptText { rendered, laid_out } = text.clone();
            let file = RenderedFile {
                view: Box::new(view),
                hash,
                rendered,
                laid_out: Some(laid_out),
            };
            self.files.insert(path.clone(), file);
            return Ok(path);
        }
        let rendered = self.render_text(template, &view)?;
        let view = Box::new(view);
        match self.files.get_mut(&path) {
            // Another view may have the same text.
            Some(known) if known.rendered == rendered => (known.view, known.hash) = (view, hash),
            _ => {
                let file = RenderedFile {
                    view,
                    hash,
                    rendered,
                    laid_out: None,
                };
                self.files.insert(path.clone(), file);
            }
        }
        Ok(path)
    }

    fn render_text(&self, template: &str, view: &impl Serialize) -> Result<String, Failure> {
        let context =
            tera::Context::from_serialize(view).map_err(|error| broken_template(&error))?;
        let rendered = self.tera.render(template, &context);
        rendered.map_err(|error| broken_template(&error))
    }

    /// Keeps the texts of the files that were laid out last for the next run.
    pub(crate) fn keep_texts(&mut self) {
        let texts = self.files.values().filter_map(|file| {
            let (rendered, laid_out) = (file.rendered.clone(), file.laid_out.clone()?);
            Some((file.hash?, KeptText { rendered, laid_out }))
        });
        let texts = texts.collect();
        self.kept.replace(texts);
    }

    /// The text of a rendered file, before it is laid out.
    pub(super) fn rendered(&self, path: &str) -> &str {
        self.files.get(path).map_or("", |file| &file.rendered)
    }

    /// Lays out the files that were rendered last, at these paths.
    ///
    /// # Errors
    /// If one is not Rust, which is a bug of the tool.
    pub(crate) fn lay_out_files(&mut self, paths: &[String]) -> Result<Vec<OutputFile>, Failure> {
        let wanted: HashSet<&str> = paths.iter().map(String::as_str).collect();
        self.files.retain(|path, _| wanted.contains(path.as_str()));
        let changed = self.files.iter_mut();
        let mut changed: Vec<_> = changed
            .filter(|(_, file)| file.laid_out.is_none())
            .collect();
        lay_out_changed(&mut changed)?;
        let mut files = Vec::with_capacity(paths.len());
        for path in paths {
            let Some(laid_out) = self.files.get(path).and_then(|file| file.laid_out.as_ref())
            else {
                continue;
            };
            files.push(OutputFile {
                text: format!(
                    "// {MARKER}. Do not edit: change the SQL and run `cargo xact codegen`.\n{laid_out}"
                ),
                path: path.clone(),
            });
        }
        Ok(files)
    }
}

/// On all cores, because the first run of a project lays out every file.
fn lay_out_changed(changed: &mut [(&String, &mut RenderedFile)]) -> Result<(), Failure> {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = changed.len().div_ceil(threads).max(1);
    let mut shares = changed.chunks_mut(share);
    let Some(own) = shares.next() else {
        return Ok(());
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = shares
            .map(|share| scope.spawn(move || lay_out_share(share)))
            .collect();
        let mut done = lay_out_share(own);
        for other in others {
            let panicked = |_| Err(Failure::Internal("laying out a file panicked".to_owned()));
            done = done.and(other.join().unwrap_or_else(panicked));
        }
        done
    })
}

fn lay_out_share(share: &mut [(&String, &mut RenderedFile)]) -> Result<(), Failure> {
    for (path, file) in share {
        file.laid_out = Some(format::format_file(path, &file.rendered)?);
    }
    Ok(())
}

fn broken_template(error: &tera::Error) -> Failure {
    let source = std::error::Error::source(error).map(ToString::to_string);
    Failure::Internal(format!(
        "a template is broken: {error}: {}",
        source.unwrap_or_default()
    ))
}
