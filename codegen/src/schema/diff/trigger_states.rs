//! Triggers of a partitioned table that fire otherwise in one partition: `ALTER TABLE ONLY … DISABLE TRIGGER`.

use super::comparison::{Comparison, find_table};
use super::ids::{table_id, trigger_id};
use super::operation::Rank;
use super::plan::Plan;
use crate::schema::dump::tables::trigger_state;
use crate::schema::model::{Table, Trigger, TriggerState};

/// Sets the states of kept partitions, once their triggers are there.
pub(super) fn alter_trigger_states(plan: &mut Plan, comparison: &Comparison<'_>) {
    let pairs = comparison.tables.iter().copied();
    for (before, after) in pairs.filter(|(before, _)| !comparison.fates.is_gone(&table_id(before)))
    {
        // A partition that is attached gets its triggers from its table.
        let is_attached = before.partition != after.partition;
        for state in &after.trigger_states {
            let comes =
                find_inherited(comparison, after, &state.sql).is_none_or(|(table, trigger)| {
                    comparison.comes(&trigger_id(&table.name.sql, trigger))
                });
            if is_attached || comes || !before.trigger_states.contains(state) {
                plan.run(Rank::Attachment, trigger_state(after, state));
            }
        }
        let is_reset = |former: &&TriggerState| {
            let mut states = after.trigger_states.iter();
            !states.any(|state| state.sql == former.sql)
        };
        for former in before.trigger_states.iter().filter(is_reset) {
            reset_state(plan, comparison, (after, is_attached), former);
        }
    }
}

/// Lets a trigger fire as that of the partitioned table, unless it was created with that state.
fn reset_state(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    (table, is_attached): (&Table, bool),
    former: &TriggerState,
) {
    let Some((parent, trigger)) = find_inherited(comparison, table, &former.sql) else {
        return;
    };
    if !is_attached && !comparison.comes(&trigger_id(&parent.name.sql, trigger)) {
        let state = trigger.state.clone().unwrap_or_else(|| "ENABLE".to_owned());
        let sql = former.sql.clone();
        plan.run(
            Rank::Attachment,
            trigger_state(table, &TriggerState { sql, state }),
        );
    }
}

/// The trigger of this name of the nearest table that the partition is below.
fn find_inherited<'a>(
    comparison: &Comparison<'a>,
    table: &Table,
    name: &str,
) -> Option<(&'a Table, &'a Trigger)> {
    table.parent_names().find_map(|parent| {
        let parent = find_table(&comparison.after, parent)?;
        let mut triggers = parent.triggers.iter();
        match triggers.find(|trigger| trigger.sql == name) {
            Some(trigger) => Some((parent, trigger)),
            None => find_inherited(comparison, parent, name),
        }
    })
}
