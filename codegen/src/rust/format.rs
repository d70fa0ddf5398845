//! Lays out generated Rust, with an empty line between items.

use crate::report::Failure;

/// Formats the text of a file. Comments other than doc comments are lost.
pub(super) fn format(path: &str, text: &str) -> Result<String, Failure> {
    let file = syn::parse_file(text).map_err(|error| {
        Failure::Internal(format!("generated `{path}` is not Rust: {error}\n{text}"))
    })?;
    let mut blocks = vec![alone(file.attrs, Vec::new())];
    let mut run: Vec<syn::Item> = Vec::new();
    for item in file.items {
        if run.last().is_some_and(|last| !both_modules(last, &item)) {
            blocks.push(alone(Vec::new(), std::mem::take(&mut run)));
        }
        run.push(item);
    }
    blocks.push(alone(Vec::new(), run));
    blocks.retain(|block| !block.is_empty());
    Ok(space_methods(&blocks.join("\n")))
}

fn alone(attrs: Vec<syn::Attribute>, items: Vec<syn::Item>) -> String {
    prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs,
        items,
    })
}

/// Module declarations and re-exports stand together.
fn both_modules(a: &syn::Item, b: &syn::Item) -> bool {
    let declares = |item: &syn::Item| matches!(item, syn::Item::Mod(_) | syn::Item::Use(_));
    declares(a) && declares(b)
}

/// An empty line after each method or list that another follows.
fn space_methods(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    let mut after_method = false;
    for line in text.lines() {
        let begins = ["    ///", "    pub", "    fn", "    async", "    #["];
        if after_method && begins.iter().any(|start| line.starts_with(start)) {
            spaced.push('\n');
        }
        after_method = matches!(line, "    }" | "    ];");
        spaced.push_str(line);
        spaced.push('\n');
    }
    spaced
}
