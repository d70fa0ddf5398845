//! The operations of a script before they have an order, and that order.

use super::change::Script;
use super::comparison::Comparison;
use super::operation::{DatabaseFact, Operation, Rank};
use crate::schema::model::ObjectId;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};

/// Operations in the order in which they were planned, and differences that none of them expresses.
#[derive(Debug, Default)]
pub(super) struct Plan {
    operations: Vec<Operation>,
    left: Vec<String>,
}

impl Plan {
    /// Adds an operation, unless it does nothing.
    pub(super) fn add(&mut self, operation: Operation) {
        // Nothing has to wait for what needs no statement.
        if !operation.change.sql.is_empty() {
            self.operations.push(operation);
        }
    }

    /// Adds a statement that neither depends on others nor is depended on.
    pub(super) fn run(&mut self, rank: Rank, sql: impl Into<String>) {
        self.add(Operation::new(rank, sql));
    }

    /// Names a difference that a person has to write.
    pub(super) fn leave_to_person(&mut self, difference: impl Into<String>) {
        self.left.push(difference.into());
    }

    /// The script: a topological sort over the facts, with the ranks among the operations that may come next.
    pub(super) fn into_script(self, comparison: &Comparison<'_>) -> Script {
        let order = sort_operations(&self.operations, comparison);
        let mut operations: Vec<Option<Operation>> =
            self.operations.into_iter().map(Some).collect();
        let changes = order
            .into_iter()
            .filter_map(|place| operations[place].take());
        Script {
            changes: changes.map(|operation| operation.change).collect(),
            left: self.left,
        }
    }
}

/// Kahn's algorithm over the places of the operations.
fn sort_operations(operations: &[Operation], comparison: &Comparison<'_>) -> Vec<usize> {
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); operations.len()];
    let mut open: Vec<usize> = vec![0; operations.len()];
    for (place, before) in find_predecessors(operations, comparison)
        .into_iter()
        .enumerate()
    {
        open[place] = before.len();
        for other in before {
            followers[other].push(place);
        }
    }
    let ranked = |place: usize| Reverse((operations[place].rank, place));
    let ready = (0..operations.len()).filter(|place| open[*place] == 0);
    let mut ready: BinaryHeap<_> = ready.map(ranked).collect();
    let mut waiting: BTreeSet<(Rank, usize)> = (0..operations.len())
        .filter(|place| open[*place] > 0)
        .map(|place| (operations[place].rank, place))
        .collect();
    let mut order = Vec::with_capacity(operations.len());
    // Catalog dependencies have no circle, but those of an old and a new schema together can have one. The ranks order a
    // circle: the proof on a server shows whether that works.
    while let Some(place) =
        next_of_heap(&mut ready).or_else(|| waiting.first().map(|first| first.1))
    {
        waiting.remove(&(operations[place].rank, place));
        order.push(place);
        open[place] = 0;
        for follower in &followers[place] {
            if waiting.contains(&(operations[*follower].rank, *follower)) {
                open[*follower] -= 1;
                if open[*follower] == 0 {
                    waiting.remove(&(operations[*follower].rank, *follower));
                    ready.push(ranked(*follower));
                }
            }
        }
    }
    order
}

fn next_of_heap(ready: &mut BinaryHeap<Reverse<(Rank, usize)>>) -> Option<usize> {
    ready.pop().map(|Reverse((_, place))| place)
}

/// The operations that have to come before each one.
fn find_predecessors(operations: &[Operation], comparison: &Comparison<'_>) -> Vec<HashSet<usize>> {
    let mut providers: HashMap<&DatabaseFact, Vec<usize>> = HashMap::new();
    for (place, operation) in operations.iter().enumerate() {
        for fact in &operation.provides {
            providers.entry(fact).or_default().push(place);
        }
    }
    let mut last_on: HashMap<&ObjectId, usize> = HashMap::new();
    let mut all = Vec::with_capacity(operations.len());
    for (place, operation) in operations.iter().enumerate() {
        let mut before = HashSet::new();
        for need in &operation.needs {
            add_providers(need, &providers, comparison, &mut before);
        }
        if let Some(subject) = &operation.subject {
            // What changes one object stays in the order in which it was planned.
            before.extend(last_on.insert(subject, place));
        }
        // An operation may provide a fact that it needs itself.
        before.remove(&place);
        all.push(before);
    }
    all
}

/// An object that no operation changes is as the new schema has it once everything that it depends on is.
fn add_providers(
    need: &DatabaseFact,
    providers: &HashMap<&DatabaseFact, Vec<usize>>,
    comparison: &Comparison<'_>,
    found: &mut HashSet<usize>,
) {
    let mut seen: HashSet<ObjectId> = HashSet::new();
    let mut left = vec![need.clone()];
    while let Some(fact) = left.pop() {
        match (providers.get(&fact), &fact) {
            (Some(places), _) => found.extend(places),
            (None, DatabaseFact::Ready(id)) => {
                if seen.insert(id.clone()) {
                    left.extend(
                        comparison
                            .after
                            .needs(id)
                            .iter()
                            .cloned()
                            .map(DatabaseFact::Ready),
                    );
                }
            }
            (None, _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Plan;
    use crate::schema::Schema;
    use crate::schema::diff::comparison::Comparison;
    use crate::schema::diff::operation::{DatabaseFact, Operation, Rank};
    use crate::schema::model::{Attached, Name, ObjectId, View};

    fn gone(name: &str) -> DatabaseFact {
        DatabaseFact::Gone(ObjectId::relation(name))
    }

    fn ready(name: &str) -> DatabaseFact {
        DatabaseFact::Ready(ObjectId::relation(name))
    }

    fn sort(operations: Vec<Operation>, new: &Schema) -> String {
        let mut plan = Plan::default();
        for operation in operations {
            plan.add(operation);
        }
        let old = Schema::default();
        let script = plan.into_script(&Comparison::between(&old, new));
        script
            .changes
            .iter()
            .map(|change| change.sql.as_str())
            .collect()
    }

    #[test]
    fn needs_come_before_ranks() {
        let operations = vec![
            Operation::new(Rank::DropPart, "a").needs([gone("b")]),
            Operation::new(Rank::DropOther, "b").provides([gone("b")]),
            Operation::new(Rank::Detach, "c"),
            Operation::new(Rank::Attachment, "d"),
            // No operation provides it: it is so already.
            Operation::new(Rank::Revoke, "e").needs([gone("nothing")]),
        ];
        assert_eq!(sort(operations, &Schema::default()), "ecbad");
    }

    #[test]
    fn an_object_without_an_operation_is_ready_with_its_dependencies() {
        let view = |sql: &str, need: &str| View {
            name: Name {
                sql: sql.to_owned(),
                ..Name::default()
            },
            attached: Attached {
                needs: vec![ObjectId::relation(need)],
                ..Attached::default()
            },
            ..View::default()
        };
        let new = Schema {
            views: vec![view("outer", "middle"), view("middle", "inner")],
            ..Schema::default()
        };
        let operations = vec![
            Operation::new(Rank::CreateObject, "user ").needs([ready("outer")]),
            Operation::new(Rank::CreateLast, "inner ").provides([ready("inner")]),
        ];
        assert_eq!(sort(operations, &new), "inner user ");
    }

    #[test]
    fn operations_on_one_part_keep_their_order_and_a_circle_has_that_of_the_ranks() {
        let part = ObjectId::relation("part");
        let operations = vec![
            Operation::new(Rank::AlterTable, "a").on(part.clone()),
            Operation::new(Rank::DropPart, "b").on(part),
        ];
        assert_eq!(sort(operations, &Schema::default()), "ab");
        let operations = vec![
            Operation::new(Rank::DropKey, "b")
                .needs([gone("a")])
                .provides([gone("b")]),
            Operation::new(Rank::DropPart, "a")
                .needs([gone("b")])
                .provides([gone("a")]),
        ];
        assert_eq!(sort(operations, &Schema::default()), "ab");
    }
}
