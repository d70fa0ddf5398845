//! A migration script: statements, each with its cost.

/// The statements that take one schema to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// In the order in which they run.
    pub changes: Vec<Change>,
    /// Differences that the script does not express, described for a person to write.
    pub left: Vec<String>,
}

/// One statement, or several that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// As SQL, with semicolons.
    pub sql: String,
    /// The rows or values that it loses, described.
    pub loses: Option<String>,
    /// A risk that a person should know before it runs.
    pub note: Option<String>,
}

impl Script {
    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.left.is_empty()
    }

    /// Descriptions of the rows and values that are lost.
    pub fn losses(&self) -> impl Iterator<Item = &str> {
        self.changes
            .iter()
            .filter_map(|change| change.loses.as_deref())
    }

    /// The file, with a remark above each statement that costs something.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for change in &self.changes {
            let remarks = [("data loss", &change.loses), ("note", &change.note)];
            for (word, remark) in remarks {
                if let Some(remark) = remark {
                    text += &["-- ", word, ": ", remark, "\n"].concat();
                }
            }
            text += &change.sql;
        }
        text
    }
}
