//! The result: a verdict for each object, operation and scope.

use crate::report::source::Span;

/// Everything that the attacks showed.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// The folder of the migrations, where a diagnostic is shown that has no better place.
    pub migrations: String,
    /// By scope, object and operation.
    pub verdicts: Vec<Verdict>,
    /// The restricted scopes.
    pub scopes: Vec<String>,
    /// How many statements were tried.
    pub attacks: usize,
    /// Tables without rows: their name, the reason, and the INSERT that was refused.
    pub unfilled: Vec<(String, String, String)>,
    /// The SQL that makes the rows, so that a leak can be repeated.
    pub rows: Vec<String>,
}

/// The verdict on an operation on an object, in one scope.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The scope.
    pub scope: String,
    /// `table notes`, `query notes_get`, `function publish(text)`.
    pub object: String,
    /// `SELECT`, `INSERT`, `run` …
    pub operation: String,
    /// The result of the attacks.
    pub finding: AttackResult,
    /// How many statements it is based on.
    pub attacks: usize,
    /// The name of the query in its file, if it is one.
    pub location: Option<Span>,
}

/// The result of the attacks on one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttackResult {
    /// No row of the other tenant was shown or changed.
    Proved(ProofEvidence),
    /// A row of the other tenant was shown or changed.
    Leak(Attack),
    /// A fact about rows of the other tenant can be learned, and no row of it.
    Oracle(Attack),
    /// Nothing is known, for this reason.
    NotCovered(String),
    /// A leak that `xact.toml` allows, for this reason.
    Excepted(String),
}

/// Why there is no leak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofEvidence {
    /// The role lacks the privilege, or a policy refused each attempt.
    Refused,
    /// It ran, on rows of the tenant alone.
    Isolated,
    /// The rows are those of all tenants.
    Shared,
}

/// A statement that shows a leak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attack {
    /// The fact that it shows, in words.
    pub reason: String,
    /// As whom: `a member of tenant a`.
    pub identity: String,
    /// The transaction, to be run by `psql`.
    pub script: String,
}

impl AttackResult {
    /// The word in reports.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Proved(ProofEvidence::Refused) => "refused",
            Self::Proved(ProofEvidence::Isolated) => "proved",
            Self::Proved(ProofEvidence::Shared) => "shared",
            Self::Leak(_) => "LEAK",
            Self::Oracle(_) => "oracle",
            Self::NotCovered(_) => "not covered",
            Self::Excepted(_) => "excepted",
        }
    }

    /// Whether rows are isolated: an oracle tells facts, and no rows.
    pub fn is_isolated(&self) -> bool {
        matches!(self, Self::Proved(_) | Self::Oracle(_) | Self::Excepted(_))
    }
}

impl Proof {
    /// The leaks.
    pub fn leaks(&self) -> impl Iterator<Item = (&Verdict, &Attack)> {
        self.verdicts
            .iter()
            .filter_map(|verdict| match &verdict.finding {
                AttackResult::Leak(attack) => Some((verdict, attack)),
                _ => None,
            })
    }

    /// The facts that can be learned.
    pub fn oracles(&self) -> impl Iterator<Item = (&Verdict, &Attack)> {
        self.verdicts
            .iter()
            .filter_map(|verdict| match &verdict.finding {
                AttackResult::Oracle(attack) => Some((verdict, attack)),
                _ => None,
            })
    }

    /// The operations of which nothing is known.
    pub fn not_covered(&self) -> impl Iterator<Item = (&Verdict, &str)> {
        self.verdicts
            .iter()
            .filter_map(|verdict| match &verdict.finding {
                AttackResult::NotCovered(reason) => Some((verdict, reason.as_str())),
                _ => None,
            })
    }

    /// Of the objects of this kind in a scope: how many are isolated in every operation, and how many there are.
    pub fn count(&self, scope: &str, kind: &str) -> (usize, usize) {
        let mut objects = std::collections::BTreeMap::new();
        let own = self
            .verdicts
            .iter()
            .filter(|verdict| verdict.scope == scope);
        for verdict in own.filter(|verdict| verdict.object.starts_with(kind)) {
            let shared = verdict.finding == AttackResult::Proved(ProofEvidence::Shared);
            let entry = objects.entry(&verdict.object).or_insert((true, false));
            *entry = (entry.0 && verdict.finding.is_isolated(), entry.1 || shared);
        }
        // Tables that all tenants share are none to isolate.
        objects.retain(|_, (_, shared)| !*shared);
        let isolated = objects.values().filter(|(isolated, _)| *isolated).count();
        (isolated, objects.len())
    }
}
