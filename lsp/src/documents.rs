//! The files as the client has them, which count in place of those on disk.

use crate::lines::{Encoding, Lines};
use gen_lsp_types::{TextDocumentContentChangeEvent, Uri};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A file that is open in the editor.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) uri: Uri,
    pub(crate) version: i32,
    pub(crate) text: Arc<str>,
}

/// The open files of the project, by path.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    open: BTreeMap<String, Document>,
}

impl Documents {
    pub(crate) fn get(&self, path: &str) -> Option<&Document> {
        self.open.get(path)
    }

    pub(crate) fn insert(&mut self, path: String, document: Document) {
        self.open.insert(path, document);
    }

    pub(crate) fn remove(&mut self, path: &str) -> Option<Document> {
        self.open.remove(path)
    }

    /// Applies changes in their order. Nothing happens to a file that is not open.
    pub(crate) fn change(
        &mut self,
        path: &str,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) -> Option<&Document> {
        let document = self.open.get_mut(path)?;
        for change in changes {
            document.text = apply_change(&document.text, change, encoding);
        }
        document.version = version;
        Some(document)
    }
}

fn apply_change(
    text: &str,
    change: TextDocumentContentChangeEvent,
    encoding: Encoding,
) -> Arc<str> {
    match change {
        TextDocumentContentChangeEvent::TextDocumentContentChangePartial(change) => {
            let range = Lines::new(text, encoding).offsets(change.range);
            let (before, after) = (&text[..range.start], &text[range.end..]);
            [before, &change.text, after].concat().into()
        }
        TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(change) => {
            change.text.into()
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::{Document, Documents};
    use crate::lines::Encoding;
    use serde_json::json;

    #[test]
    fn changes_are_applied_in_their_order_and_in_the_units_of_the_client() {
        let mut documents = Documents::default();
        let uri = "file:///a.sql".parse().unwrap();
        let text = "SELECT '\u{1f600}', b\nFROM t".into();
        documents.insert(
            "a.sql".to_owned(),
            Document {
                uri,
                version: 1,
                text,
            },
        );
        let edits = json!([
            { "range": { "start": { "line": 0, "character": 13 }, "end": { "line": 0, "character": 14 } }, "text": "title" },
            { "range": { "start": { "line": 1, "character": 5 }, "end": { "line": 9, "character": 0 } }, "text": "notes" },
        ]);
        let edits = serde_json::from_value(edits).unwrap();
        let changed = documents
            .change("a.sql", 2, edits, Encoding::Utf16)
            .unwrap();
        assert_eq!(&*changed.text, "SELECT '\u{1f600}', title\nFROM notes");
        let whole = serde_json::from_value(json!([{ "text": "" }])).unwrap();
        assert_eq!(
            &*documents
                .change("a.sql", 3, whole, Encoding::Utf16)
                .unwrap()
                .text,
            ""
        );
        assert!(
            documents
                .change("b.sql", 1, Vec::new(), Encoding::Utf16)
                .is_none()
        );
    }
}
