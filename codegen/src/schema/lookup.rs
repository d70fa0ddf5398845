//! Finding things in a [`Schema`] by name.

use super::Schema;
use super::model::Name;

impl Schema {
    /// The names of tables and views, without their schemas.
    pub fn relation_names(&self) -> impl Iterator<Item = &str> {
        let tables = self.tables.iter().map(|table| table.name.name.as_str());
        let views = self.views.iter().map(|view| view.name.name.as_str());
        tables.chain(views)
    }

    /// The names of all columns of tables.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        let columns = self.tables.iter().flat_map(|table| &table.columns);
        columns.map(|column| column.name.as_str())
    }
}

impl Name {
    /// As the annotations spell it: unquoted, with its schema unless that is `public`.
    pub fn annotation_key(&self) -> String {
        match self.schema.as_str() {
            "public" => self.name.clone(),
            schema => format!("{schema}.{}", self.name),
        }
    }
}
