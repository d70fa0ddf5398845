//! The layers of each crate: a module uses those below it, and no circle of modules is left.
//!
//! An arrow is a path in `use` or in the code, `crate::…` or `super::…`, from the module that has it to the one it names.
//! Names that the crate's root re-exports are followed to their module. Tests inside a file may look anywhere.

use super::repository::{File, sources, text};
use super::rust_text::code;
use std::collections::{BTreeMap, BTreeSet};

/// The layers of the tool, bottom to top. A module that is split has a layer for each part.
const CODEGEN: &[&str] = &[
    "git",
    "singular",
    "sql",
    "catalog_query",
    "report",
    "schema",
    "config",
    "project",
    "migrate::apply",
    "database",
    "query",
    "lint",
    "output",
    "rust",
    "pipeline",
    "migrate::author",
    "workspace",
    "explanation",
    "freshness",
    "init",
    "operations",
    "prove",
    "local",
    "watch",
];

/// The layers of the servers, bottom to top.
const SERVER: &[&str] = &[
    "hash",
    "cache",
    "connect",
    "migrations",
    "server",
    "database",
];

/// The layers of the language server, bottom to top.
const LSP: &[&str] = &[
    "lines",
    "wire",
    "documents",
    "paths",
    "syntax",
    "knowledge",
    "answers",
    "session",
    "checker",
    "service",
];

type Arrows = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

#[test]
fn no_arrow_of_the_tool_runs_up() {
    assert_layers("codegen", CODEGEN);
}

#[test]
fn no_arrow_of_the_servers_runs_up() {
    assert_layers("server", SERVER);
}

#[test]
fn no_arrow_of_the_language_server_runs_up() {
    assert_layers("lsp", LSP);
}

#[test]
fn no_modules_of_the_runtime_are_in_a_circle() {
    let arrows = arrows("xact");
    let circle = find_circle(&arrows);
    assert!(
        circle.is_empty(),
        "modules of `xact` in a circle: {circle:?}"
    );
}

fn find_circle(arrows: &Arrows) -> Vec<&str> {
    let modules = arrows.keys().map(String::as_str);
    modules
        .filter(|module| reaches(arrows, module, module))
        .collect()
}

fn assert_layers(name: &str, layers: &[&str]) {
    let wrong = find_upward(&arrows(name), layers);
    assert!(
        wrong.is_empty(),
        "{name}: move the function or type to its layer: {wrong:#?}"
    );
}

/// The arrows that run up, and the modules without a layer.
fn find_upward(arrows: &Arrows, layers: &[&str]) -> Vec<String> {
    let rank = |module: &str| layers.iter().position(|layer| *layer == module);
    let mut wrong = Vec::new();
    for (from, targets) in arrows {
        let Some(own) = rank(from) else {
            wrong.push(format!("`{from}` has no layer"));
            continue;
        };
        for (to, places) in targets {
            match rank(to) {
                Some(other) if other < own => {}
                Some(_) => wrong.push(format!("`{from}` is below `{to}`, and uses it: {places:?}")),
                None => wrong.push(format!("`{to}` has no layer, and is used: {places:?}")),
            }
        }
    }
    wrong
}

fn reaches(arrows: &Arrows, from: &str, to: &str) -> bool {
    let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(module) = next.pop() {
        for target in arrows.get(module).into_iter().flat_map(BTreeMap::keys) {
            if target == to {
                return true;
            }
            if seen.insert(target) {
                next.push(target);
            }
        }
    }
    false
}

/// From module to module, with the places.
fn arrows(name: &str) -> Arrows {
    let folder = format!("{name}/src/");
    let files: Vec<File> = sources()
        .into_iter()
        .filter(|file| file.path.starts_with(&folder) && !file.path.ends_with("/tests.rs"))
        .collect();
    let modules: BTreeSet<&str> = files
        .iter()
        .map(|file| file.path[folder.len()..].split(['/', '.']).next().unwrap())
        .collect();
    let exported = exports(&text(&format!("{folder}lib.rs")));
    let mut arrows = Arrows::new();
    for file in &files {
        let module = module_of(&file.path[folder.len()..]);
        let Some(from) = layer_of(&module) else {
            continue;
        };
        for path in paths(&code(&file.text)) {
            let target = resolve(&module, &path);
            let Some(first) = target.first() else {
                continue;
            };
            let target = match exported.get(first) {
                Some(home) if !modules.contains(first.as_str()) => vec![home.clone()],
                _ => target,
            };
            let Some(to) = layer_of(&target) else {
                continue;
            };
            if to != from && modules.contains(target[0].as_str()) {
                let place = format!("{}: {path}", file.path);
                arrows
                    .entry(from.clone())
                    .or_default()
                    .entry(to)
                    .or_default()
                    .insert(place);
            }
        }
    }
    arrows
}

/// `rust/types/mod.rs` is the module `rust::types`; the root is empty.
fn module_of(path: &str) -> Vec<String> {
    let path = path.strip_suffix(".rs").unwrap();
    let parts = path
        .split('/')
        .filter(|part| !matches!(*part, "mod" | "lib" | "main"));
    parts.map(str::to_owned).collect()
}

/// The layer that a module belongs to: its first part, or the first two where that is split.
fn layer_of(module: &[String]) -> Option<String> {
    match module {
        [first, second, ..] if first == "migrate" => Some(format!("{first}::{second}")),
        [first, ..] if first == "migrate" => None,
        [first, ..] => Some(first.clone()),
        [] => None,
    }
}

/// The module that a path names, as seen from another.
fn resolve(module: &[String], path: &str) -> Vec<String> {
    let mut base = module.to_vec();
    let mut parts = path.split("::").peekable();
    if parts.next_if_eq(&"crate").is_some() {
        base.clear();
    }
    while parts.next_if_eq(&"super").is_some() {
        base.pop();
    }
    base.extend(parts.map(str::to_owned));
    base
}

/// All paths that begin with `crate` or `super`; those of `use` trees one by one.
fn paths(code: &str) -> Vec<String> {
    let code = without_tests(code);
    let mut paths = Vec::new();
    for start in ["crate::", "super::"]
        .iter()
        .flat_map(|start| code.match_indices(start))
    {
        let before = code[..start.0].trim_end();
        let visibility = before.ends_with("(in") || before.ends_with("::") || before.ends_with('$');
        if visibility {
            continue;
        }
        let rest = &code[start.0..];
        let end = rest.find(';').unwrap_or(rest.len());
        if before.ends_with("use") {
            expand("", &rest[..end], &mut paths);
        } else {
            let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
            let end = rest.find(|c| !is_path(c)).unwrap_or(rest.len());
            paths.push(rest[..end].trim_end_matches(':').to_owned());
        }
    }
    paths
}

/// `a::{b, c::{d}}` is `a::b` and `a::c::d`.
fn expand(prefix: &str, tree: &str, paths: &mut Vec<String>) {
    let tree = tree.trim();
    let Some((head, rest)) = tree.split_once('{') else {
        let name = tree.split(" as ").next().unwrap_or(tree).trim();
        if !name.is_empty() {
            paths.push(
                format!("{prefix}{name}")
                    .trim_end_matches("::self")
                    .to_owned(),
            );
        }
        return;
    };
    let inner = rest.strip_suffix('}').unwrap_or(rest);
    let (mut depth, mut start) = (0_usize, 0);
    let prefix = format!("{prefix}{head}");
    for (index, character) in inner.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&prefix, &inner[start..index], paths);
                start = index + 1;
            }
            _ => {}
        }
    }
    expand(&prefix, &inner[start..], paths);
}

/// The code without `mod tests { … }`.
fn without_tests(code: &str) -> String {
    let mut left = String::new();
    let mut rest = code;
    while let Some(start) = rest.find("#[cfg(test)]") {
        let after = &rest[start..];
        let ends = after.find("\n}\n").or(after.find("\n}")).map(|end| end + 2);
        let is_block = after.find('{') < after.find(';');
        left += &rest[..start];
        let end = if is_block { ends } else { after.find(';') };
        rest = &after[end.unwrap_or(after.len())..];
    }
    left + rest
}

/// The module of each name that the root re-exports.
fn exports(root: &str) -> BTreeMap<String, String> {
    let code = code(root);
    let mut exports = BTreeMap::new();
    for (start, _) in code.match_indices("use ") {
        let rest = &code[start + 4..];
        let tree = &rest[..rest.find(';').unwrap_or(rest.len())];
        let mut paths = Vec::new();
        expand("", tree, &mut paths);
        for path in paths {
            let mut parts = path
                .split("::")
                .filter(|part| !matches!(*part, "self" | "crate"));
            let (home, name) = (parts.next(), path.rsplit("::").next());
            if let (Some(home), Some(name)) = (home, name) {
                exports.insert(name.to_owned(), home.to_owned());
            }
        }
    }
    exports
}

#[test]
fn arrows_that_run_up_and_circles_are_found() {
    let arrow = |from: &str, to: &str| {
        let places = BTreeSet::from(["a.rs: crate::b".to_owned()]);
        (from.to_owned(), BTreeMap::from([(to.to_owned(), places)]))
    };
    let upward = |arrows: Arrows| find_upward(&arrows, &["sql", "query"]);
    assert!(upward(Arrows::from([arrow("query", "sql")])).is_empty());
    assert_eq!(
        upward(Arrows::from([arrow("sql", "query")])),
        [r#"`sql` is below `query`, and uses it: {"a.rs: crate::b"}"#]
    );
    assert_eq!(
        upward(Arrows::from([arrow("new", "sql")])),
        ["`new` has no layer"]
    );
    assert!(upward(Arrows::from([arrow("sql", "new")]))[0].starts_with("`new` has no layer"));

    let chain = Arrows::from([arrow("a", "b"), arrow("b", "c")]);
    assert!(find_circle(&chain).is_empty());
    let circle = Arrows::from([arrow("a", "b"), arrow("b", "c"), arrow("c", "b")]);
    assert_eq!(find_circle(&circle), ["b", "c"]);
}

#[test]
fn paths_are_found_wherever_they_are() {
    let code = "use crate::{a::{self, B}, c as d};\nuse super::e;\npub(in crate::x) fn f() { crate::g::h(super::i) }\n\
        #[cfg(test)]\nmod tests {\n    use super::z;\n}\n";
    let mut found = paths(code);
    found.sort();
    assert_eq!(
        found,
        [
            "crate::a",
            "crate::a::B",
            "crate::c",
            "crate::g::h",
            "super::e",
            "super::i"
        ]
    );
    let module = ["migrate", "apply", "run"].map(str::to_owned);
    assert_eq!(
        resolve(&module, "super::tree").join("::"),
        "migrate::apply::tree"
    );
    assert_eq!(resolve(&module, "crate::sql").join("::"), "sql");
}
