//! Go to definition: from a name to where it is created, in either direction between SQL and Rust.

use super::context::{Context, FileKind, Target};
use super::hover::find_annotated;
use super::resolve::{Meaning, resolve};
use crate::syntax::{
    NamePath, Place, Section, find_function, find_in_schema, find_key, find_method_at,
};
use crate::syntax::{find_place, read_sections, section_at};
use std::ops::Range;
use xact_codegen::schema::model::Name;

/// The definitions of the name at an offset of a file.
pub(crate) fn find_definitions(context: &Context<'_>, path: &str, offset: usize) -> Vec<Target> {
    let Some(text) = context.text(path) else {
        return Vec::new();
    };
    let found = match context.kind(path) {
        FileKind::Queries => return define_in_queries(context, path, &text, offset),
        FileKind::Annotations => define_annotation(context, &text, offset),
        FileKind::Rust => define_in_rust(context, &text, offset),
        FileKind::Schema | FileKind::Other => None,
    };
    found.into_iter().collect()
}

fn define_in_queries(context: &Context<'_>, path: &str, text: &str, offset: usize) -> Vec<Target> {
    let sections = read_sections(text);
    let section = section_at(&sections, offset);
    let found = match find_place(text, &sections, offset) {
        Place::QueryName(range) => find_generated(context, path, &text[range]),
        Place::Parameter(name, _) => section.and_then(|section| {
            let first = find_parameter(text, section, &name)?;
            Some(Target {
                path: path.to_owned(),
                range: first,
            })
        }),
        Place::Name(name) => {
            let Some(section) = section else {
                return Vec::new();
            };
            return define_name(context, path, text, section, &name);
        }
        Place::Command(_) | Place::Comment(_) | Place::Other => None,
    };
    found.into_iter().collect()
}

fn define_name(
    context: &Context<'_>,
    path: &str,
    text: &str,
    section: &Section,
    name: &NamePath,
) -> Vec<Target> {
    let Some(knowledge) = context.knowledge else {
        return Vec::new();
    };
    let meanings = resolve(knowledge, text, section, name);
    let targets = meanings.into_iter().filter_map(|meaning| match meaning {
        Meaning::Relation(relation) => find_created(context, relation.name, None),
        Meaning::Column(relation, column) => {
            find_created(context, relation.name, Some(&column.name))
        }
        Meaning::Function(function) => find_created(context, &function.name, None),
        Meaning::Alias(range) => Some(Target {
            path: path.to_owned(),
            range,
        }),
    });
    targets.collect()
}

/// The first use of a parameter, which gives it its type.
fn find_parameter(text: &str, section: &Section, name: &str) -> Option<Range<usize>> {
    let words = crate::syntax::read_words(text, section);
    let mut words = words.words.iter();
    let bare = |word: &str| {
        word.trim_start_matches([':', '@'])
            .trim_end_matches(['?', '[', ']'])
            .to_owned()
    };
    let is_it = |text: &str| text.starts_with([':', '@']) && bare(text) == name;
    words
        .find(|word| is_it(word.text))
        .map(|word| word.range.clone())
}

/// Where an object is created: in `schema.sql`, or in the last migration that does if that file is not written yet.
fn find_created(context: &Context<'_>, name: &Name, column: Option<&str>) -> Option<Target> {
    let migrations = context
        .knowledge
        .iter()
        .flat_map(|knowledge| knowledge.checked.project.up_migrations());
    let migrations: Vec<&str> = migrations.map(|file| file.path.as_str()).collect();
    let files = std::iter::once(context.paths.schema.as_str()).chain(migrations.into_iter().rev());
    let mut places = files.filter_map(|path| {
        let text = context.text(path)?;
        let place = find_in_schema(&text, &name.schema, &name.name, column)?;
        Some(Target {
            path: path.to_owned(),
            range: place.column.unwrap_or(place.name),
        })
    });
    places.next()
}

/// The generated method of a query: that of the file's module first.
fn find_generated(context: &Context<'_>, path: &str, name: &str) -> Option<Target> {
    let below = path
        .strip_prefix(&context.paths.queries)?
        .strip_prefix('/')?;
    let stem = below.strip_suffix(".sql")?;
    let likely = format!("{}/{}.rs", context.paths.output, stem.replace('/', "_"));
    let found = find_function_in(context, &likely, name);
    found.or_else(|| {
        let files = list_rust_files(context, &context.paths.output);
        files
            .iter()
            .find_map(|path| find_function_in(context, path, name))
    })
}

fn find_function_in(context: &Context<'_>, path: &str, name: &str) -> Option<Target> {
    let text = context.text(path)?;
    let range = find_function(&text, name)?;
    let path = path.to_owned();
    Some(Target { path, range })
}

/// The files with Rust below a folder, as paths of the project; none of a folder for build results.
pub(super) fn list_rust_files(context: &Context<'_>, folder: &str) -> Vec<String> {
    let is_source = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().as_encoded_bytes();
        entry.depth() == 0
            || !(name.starts_with(b".") || name == b"target" || name == b"node_modules")
    };
    let walk = walkdir::WalkDir::new(context.root.join(folder)).sort_by_file_name();
    let entries = walk.into_iter().filter_entry(is_source).flatten();
    let paths = entries.filter_map(|entry| {
        let is_rust = entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "rs");
        let path = entry
            .path()
            .strip_prefix(context.root)
            .ok()
            .filter(|_| is_rust)?;
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        Some(parts.join("/"))
    });
    paths.collect()
}

/// From a call of a generated method, or from the method itself, to its SQL.
fn define_in_rust(context: &Context<'_>, text: &str, offset: usize) -> Option<Target> {
    let (method, _) = find_method_at(text, offset)?;
    find_query(context, &method)
}

/// The name of a query in its file.
pub(super) fn find_query(context: &Context<'_>, name: &str) -> Option<Target> {
    let files = context.query_files();
    files.into_iter().find_map(|(path, text)| {
        text.contains(name).then_some(())?;
        let sections = read_sections(&text);
        let section = sections
            .iter()
            .find(|section| section.name_text(&text) == Some(name))?;
        let range = section.name.clone()?;
        Some(Target { path, range })
    })
}

fn define_annotation(context: &Context<'_>, text: &str, offset: usize) -> Option<Target> {
    let key = find_key(text, offset);
    let keys: Vec<&str> = key.keys.iter().map(String::as_str).collect();
    match keys.as_slice() {
        ["tables", table, "columns", column, ..] => {
            find_created(context, find_annotated(context, table)?.name, Some(column))
        }
        ["tables", table, ..] => find_created(context, find_annotated(context, table)?.name, None),
        _ => None,
    }
}

/// The entry of a table in the annotations.
pub(super) fn find_annotation(context: &Context<'_>, table: &str) -> Option<Target> {
    let text = context.text(&context.paths.annotations)?;
    let keys = crate::syntax::list_keys(&text, &["tables"]);
    let (_, range) = keys.into_iter().find(|(key, _)| key == table)?;
    let path = context.paths.annotations.clone();
    Some(Target { path, range })
}
