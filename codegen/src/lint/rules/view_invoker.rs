//! Views through which a customer reads with the rights of another role.

use crate::lint::access::Customer;
use crate::lint::context::Context;
use crate::lint::place::LinePrefixes;
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::{View, ViewKind};

pub(super) const RULE: Rule = Rule {
    id: "view-invoker",
    set: Set::General,
    promise: "a view that a customer can read is WITH (security_invoker)",
    why: "A view otherwise reads with the rights of its owner, past every policy for the customer. \
          A materialized view always holds the rows that its owner may read.",
    bad: "
CREATE TABLE notes (id bigint);
CREATE VIEW recent_notes AS SELECT id FROM notes;
GRANT SELECT ON recent_notes TO customer;
CREATE MATERIALIZED VIEW note_counts AS SELECT count(*) FROM notes;
GRANT SELECT ON note_counts TO customer;",
    good: "
CREATE TABLE notes (id bigint);
CREATE VIEW recent_notes WITH (security_invoker = true) AS SELECT id FROM notes;
GRANT SELECT ON recent_notes TO customer;
CREATE MATERIALIZED VIEW note_counts AS SELECT count(*) FROM notes;",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let views = context.schema.views.iter().filter(|view| !is_invoker(view));
    let read = views.flat_map(|view| {
        let customers = context.customers.iter();
        let readers = customers.filter(|customer| customer.reads(&view.attached, &view.columns));
        readers.map(move |customer| describe_violation(view, customer))
    });
    read.collect()
}

fn is_invoker(view: &View) -> bool {
    let set = [
        "security_invoker = true",
        "security_invoker = on",
        "security_invoker = '1'",
    ];
    view.options
        .iter()
        .any(|option| set.contains(&option.as_str()))
}

fn describe_violation(view: &View, customer: &Customer) -> Finding {
    let (name, role) = (&view.name.sql, &customer.role);
    let (message, fix) = if view.kind == ViewKind::View {
        (
            format!("`{role}` reads `{name}` with the rights of its owner"),
            format!("ALTER VIEW {name} SET (security_invoker = true);"),
        )
    } else {
        let grantees = customer.grantees(&view.attached, &view.columns);
        let grantees: Vec<&str> = grantees.into_iter().collect();
        (
            format!("`{role}` reads `{name}`, which holds the rows that its owner may read"),
            format!("REVOKE ALL ON {name} FROM {};", grantees.join(", ")),
        )
    };
    Finding {
        object: view.name.annotation_key(),
        message,
        place: LinePrefixes::view(view),
        fix: FindingFix::Sql(fix),
    }
}
