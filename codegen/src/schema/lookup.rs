//! Finding things in a [`Schema`] by name.

use super::Schema;
use super::model::{Column, ColumnNumber, Constraint, ConstraintKind, Name, Oid, Table};

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

    /// The table with this catalog number.
    pub fn table(&self, oid: Oid) -> Option<&Table> {
        self.tables.iter().find(|table| table.oid.0 == oid.0)
    }

    /// The constraint, by table and name, that this one of a partition or child table is a copy of.
    pub fn find_copied_constraint(&self, (table, name): &(u32, String)) -> Option<&(u32, String)> {
        let mut copies = self.copied_constraints.0.iter();
        let found = copies.find(|copy| copy.relation == *table && copy.name == *name);
        found.map(|copy| &copy.top)
    }
}

impl Table {
    /// Whether it is an enum: a table whose name ends in `_enum`, and whose rows are schema.
    pub fn is_enum(&self) -> bool {
        self.name.name.ends_with("_enum")
    }

    /// The column of this name, unquoted.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The column of this number.
    pub fn column_at(&self, number: i16) -> Option<&Column> {
        let mut columns = self.columns.iter();
        columns.find(|column| column.number.0 == number)
    }

    /// The columns at these numbers, in their order.
    pub fn columns_at(&self, numbers: &[ColumnNumber]) -> Vec<&Column> {
        let columns = numbers.iter();
        columns
            .filter_map(|number| self.column_at(number.0))
            .collect()
    }

    /// The tables, as SQL, whose rows or columns it takes part in: the partitioned one, or those it inherits from.
    pub fn parent_names(&self) -> impl Iterator<Item = &str> {
        let partition = self.partition.iter();
        let partitioned = partition.map(|partition| partition.of.as_str());
        partitioned.chain(self.inherits.iter().map(String::as_str))
    }

    /// The primary key.
    pub fn primary_key(&self) -> Option<&Constraint> {
        super::primary_key(self)
    }

    /// The foreign keys, by name.
    pub fn foreign_keys(&self) -> impl Iterator<Item = &Constraint> {
        let constraints = self.constraints.iter();
        constraints.filter(|constraint| constraint.kind == ConstraintKind::ForeignKey)
    }
}

impl Constraint {
    /// Whether it is a check that the tables below its table have too.
    pub fn is_inherited_check(&self) -> bool {
        // After the condition, `NO INHERIT` and then `NOT VALID` (`pg_get_constraintdef`).
        let after = self.definition.rsplit_once(')');
        let is_own = after.is_some_and(|(_, after)| after.contains(" NO INHERIT"));
        self.kind == ConstraintKind::Check && !is_own
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

#[cfg(test)]
mod tests {
    use super::{Constraint, ConstraintKind};

    #[test]
    fn a_check_is_inherited_unless_no_inherit_follows_its_condition() {
        for (definition, is_inherited) in [
            ("CHECK (a > 0)", true),
            ("CHECK (a > 0) NOT VALID", true),
            ("CHECK (a > 0) NO INHERIT", false),
            ("CHECK (a > 0) NO INHERIT NOT VALID", false),
            ("CHECK (a <> ' NO INHERIT'::text)", true),
        ] {
            let check = Constraint {
                kind: ConstraintKind::Check,
                definition: definition.to_owned(),
                ..Constraint::default()
            };
            assert_eq!(check.is_inherited_check(), is_inherited, "{definition}");
        }
    }
}
