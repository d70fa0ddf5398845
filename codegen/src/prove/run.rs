//! The attacks of all identities of a scope, first with the rows of both tenants, then without those of the other one.

use super::attacks::{AttackStage, Focus, Targets, list_probes, run_copies};
use super::identities::{Reach, ScopeIdentity, list_identities};
use super::judge::{Judgement, compare_outcomes, is_steady, judge_outcome};
use super::probe::{Outcome, Probe, run_probes};
use super::rows::{Filled, StoredRow};
use super::tally::Tally;
use super::tenants::{ProvedScope, Tenants};
use crate::report::Failure;
use sqlx::PgConnection;

/// A scope with its identities, and the results to be compared.
#[derive(Debug)]
pub(super) struct Campaign<'s> {
    pub(super) scope: &'s ProvedScope,
    pub(super) targets: Targets<'s>,
    identities: Vec<(ScopeIdentity, Reach)>,
    pub(super) tally: Tally,
    /// The probes of the member of tenant a, with their results.
    compared: Vec<(Probe, Outcome)>,
}

impl<'s> Campaign<'s> {
    pub(super) fn new(
        tenants: &Tenants<'_>,
        scope: &'s ProvedScope,
        targets: Targets<'s>,
        (filled, rows): (&Filled, &[StoredRow]),
        extra_words: &[String],
    ) -> Self {
        let mut identities = list_identities(tenants, scope, filled);
        for (identity, _) in &mut identities {
            identity.learn_words(tenants, rows);
            identity.foreign_words.extend(extra_words.iter().cloned());
        }
        Self {
            scope,
            targets,
            identities,
            tally: Tally::default(),
            compared: Vec::new(),
        }
    }

    /// A member of tenant b, whose transaction was before on the same connection.
    fn find_other(&self, tenants: &Tenants<'_>, filled: &Filled) -> Option<ScopeIdentity> {
        let (mut other, _) = self
            .identities
            .iter()
            .find(|(_, reach)| *reach == Reach::Everything)?
            .clone();
        let prologues = super::identities::build_member_of_b(tenants, self.scope, filled)?;
        other.prologue = prologues;
        Some(other)
    }

    /// Attacks with the rows of both tenants.
    pub(super) async fn attack(
        &mut self,
        connection: &mut PgConnection,
        (tenants, filled, rows): (&Tenants<'_>, &Filled, &[StoredRow]),
        focus: &Focus,
    ) -> Result<(), Failure> {
        let other = self.find_other(tenants, filled);
        let read_tables = self.targets.read_tables();
        for (identity, reach) in &self.identities {
            let stage = AttackStage {
                tenants,
                rows,
                filled,
                identity,
                other: other.as_ref(),
                read_tables: &read_tables,
            };
            let probes = list_probes(&stage, &self.targets, *reach, focus);
            let outcomes = run_probes(connection, identity, &probes).await?;
            let mut ran: Vec<(Probe, Outcome)> = probes.into_iter().zip(outcomes).collect();
            if *reach == Reach::Everything {
                ran.extend(run_copies(connection, &stage, &self.targets, focus).await?);
            }
            for (probe, outcome) in &ran {
                self.tally
                    .add(&stage, probe, judge_outcome(&stage, probe, outcome));
            }
            if focus.first_leak && self.tally.has_leak() {
                // The proof ends here, so nothing is left to compare.
                self.compared.clear();
                return Ok(());
            }
            if *reach == Reach::Everything {
                self.compared = ran
                    .into_iter()
                    .filter(|(probe, _)| !probe.is_vague)
                    .collect();
            }
        }
        Ok(())
    }

    /// Runs the attacks of the member of tenant a again, where the rows of tenant b are missing.
    pub(super) async fn compare(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<Vec<(Probe, Outcome, Outcome)>, Failure> {
        let Some((identity, _)) = self
            .identities
            .iter()
            .find(|(_, reach)| *reach == Reach::Everything)
        else {
            return Ok(Vec::new());
        };
        let probes: Vec<Probe> = self
            .compared
            .iter()
            .map(|(probe, _)| probe.clone())
            .collect();
        let again = run_probes(connection, identity, &probes).await?;
        let mut differing = Vec::new();
        for ((probe, with), without) in self.compared.drain(..).zip(again) {
            if !is_same(&with, &without) {
                differing.push((probe, with, without));
            }
        }
        // A result that differs from run to run, as one with a new id does, says nothing about rows.
        let probes: Vec<Probe> = differing.iter().map(|(probe, ..)| probe.clone()).collect();
        let third = run_probes(connection, identity, &probes).await?;
        let mut kept = Vec::new();
        for ((probe, mut with, mut without), third) in differing.into_iter().zip(third) {
            if !is_steady(&without, &third) {
                with.answer.clear();
                without.answer.clear();
            }
            kept.push((probe, with, without));
        }
        Ok(kept)
    }

    /// Judges the differences.
    pub(super) fn judge_differences(
        &mut self,
        (tenants, filled, rows): (&Tenants<'_>, &Filled, &[StoredRow]),
        differing: &[(Probe, Outcome, Outcome)],
    ) {
        let read_tables = self.targets.read_tables();
        let found = self
            .identities
            .iter()
            .find(|(_, reach)| *reach == Reach::Everything);
        let Some((identity, _)) = found else {
            return;
        };
        let stage = AttackStage {
            tenants,
            rows,
            filled,
            identity,
            other: None,
            read_tables: &read_tables,
        };
        for (probe, with, without) in differing {
            // A leak that showed itself by its words is in the tally already.
            let known = matches!(judge_outcome(&stage, probe, with), Judgement::Leak(_));
            if let Some(judgement) =
                compare_outcomes(&stage, probe, with, without).filter(|_| !known)
            {
                self.tally.add(&stage, probe, judgement);
            }
        }
    }
}

fn is_same(with: &Outcome, without: &Outcome) -> bool {
    (&with.state, &with.answer, with.affected)
        == (&without.state, &without.answer, without.affected)
}
