//! Lays out generated Rust, with an empty line between items.
//!
//! Calls of the runtime's macros stay as the templates wrote them, because a formatter of Rust does not know their syntax.

use super::compact::{Edit, compact_methods, find_line, list_impls};
use crate::report::Failure;
use std::fmt::Write as _;
use syn::spanned::Spanned as _;

/// Formats the text of a file. Comments other than doc comments are lost.
pub(super) fn format_file(path: &str, text: &str) -> Result<String, Failure> {
    let parse = |text: &str| {
        syn::parse_file(text).map_err(|error| {
            Failure::Internal(format!("generated `{path}` is not Rust: {error}\n{text}"))
        })
    };
    let laid_out = lay_out(parse(text)?, text);
    let parsed = parse(&laid_out)?;
    let mut edits = compact_methods(&parsed, &laid_out);
    edits.extend(space_members(&parsed, &laid_out));
    let spaced = apply_edits(edits, &laid_out);
    // Each parsed text is kept for its spans until now, which would add up while `--watch` runs.
    proc_macro2::extra::invalidate_current_thread_spans();
    Ok(spaced)
}

/// The items of a file, of which `text` is the source.
fn lay_out(file: syn::File, text: &str) -> String {
    let mut blocks = vec![print_items(file.attrs, Vec::new())];
    let mut run: Vec<syn::Item> = Vec::new();
    // Calls of one line are a list without empty lines.
    let mut list = String::new();
    for item in file.items {
        if let syn::Item::Macro(call) = &item {
            blocks.push(print_items(Vec::new(), std::mem::take(&mut run)));
            let call = &text[call.span().byte_range()];
            if call.contains('\n') {
                blocks.push(std::mem::take(&mut list));
                blocks.push(format!("{call}\n"));
            } else {
                let _ = writeln!(list, "{call}");
            }
            continue;
        }
        blocks.push(std::mem::take(&mut list));
        if run.last().is_some_and(|last| !are_both_uses(last, &item)) {
            blocks.push(print_items(Vec::new(), std::mem::take(&mut run)));
        }
        run.push(item);
    }
    blocks.push(print_items(Vec::new(), run));
    blocks.push(list);
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n")
}

fn print_items(attrs: Vec<syn::Attribute>, items: Vec<syn::Item>) -> String {
    prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs,
        items,
    })
}

/// Module declarations and re-exports are lists without empty lines.
fn are_both_uses(a: &syn::Item, b: &syn::Item) -> bool {
    let declares = |item: &syn::Item| matches!(item, syn::Item::Mod(_) | syn::Item::Use(_));
    declares(a) && declares(b)
}

/// An empty line before each method but the first. The places are those of the parsed file: a line of SQL may look like one.
fn space_members(file: &syn::File, text: &str) -> Vec<Edit> {
    let members = list_impls(file).flat_map(|members| members.iter().skip(1));
    let lines = members.map(|member| {
        let line = find_line(text, member.span().byte_range().start);
        (line..line, "\n".to_owned())
    });
    lines.collect()
}

/// The text with these edits, which do not overlap.
fn apply_edits(mut edits: Vec<Edit>, text: &str) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let mut edited = String::with_capacity(text.len());
    let mut done = 0;
    for (range, replacement) in edits {
        edited.push_str(&text[done..range.start]);
        edited.push_str(&replacement);
        done = range.end;
    }
    edited.push_str(&text[done..]);
    edited
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::format_file;

    #[test]
    fn calls_of_macros_stay_as_they_are_written() {
        let text = "use a::b;\nx::one!(A { b, c });\nx::one!(d);\nx::many! {\n    pub enum A(None) {\n        B = \"b\",\n    }\n}\n\
            struct  C ;";
        let expected = "use a::b;\n\nx::one!(A { b, c });\nx::one!(d);\n\n\
            x::many! {\n    pub enum A(None) {\n        B = \"b\",\n    }\n}\n\nstruct C;\n";
        assert_eq!(format_file("a.rs", text).unwrap(), expected);
    }

    #[test]
    fn a_line_of_sql_that_looks_like_a_method_stays_where_it_is() {
        let sql = "DO $$\n    }\n    fn x\n$$";
        let text = format!("impl A {{ fn a() {{ b(\"{sql}\") }} /// Says c.\n fn c() {{ d() }} }}");
        let formatted = format_file("a.rs", &text).unwrap();
        assert!(formatted.contains(sql), "{formatted}");
        assert!(
            formatted.contains("    }\n\n    /// Says c.\n"),
            "{formatted}"
        );
    }
}
