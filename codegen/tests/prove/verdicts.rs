//! Schemas without a leak: everything is proved, and nothing is reported by mistake.

use super::{leaks, open, prove};
use xact_codegen::prove::report::write_text;

/// The schema, the scope, its tables and views, and at least so many queries.
const SCHEMAS: &[(&str, &str, [usize; 3])] = &[
    ("reference", "customer", [9, 0, 50]),
    ("tenant_column", "tenant", [3, 1, 6]),
    ("path_of_joins", "member", [4, 0, 6]),
    ("membership", "app", [6, 0, 5]),
    ("jwt", "web", [6, 0, 5]),
];

#[tokio::test]
async fn schemas_without_a_leak_are_proved_whole() {
    for (name, scope, counts) in SCHEMAS {
        let mut prover = open(name).await;
        let proof = prove(&mut prover, None, &[]).await;
        prover.close().await.unwrap();
        assert_eq!(leaks(&proof), [""; 0], "{name}");
        assert!(proof.unfilled.is_empty(), "{name}: {:?}", proof.unfilled);
        let text = write_text(&proof);
        assert_eq!(proof.not_covered().count(), 0, "{name}: {text}");
        for (kind, count) in ["table ", "view "].iter().zip(counts) {
            let expected = (*count, *count);
            assert_eq!(proof.count(scope, kind), expected, "{name}, {kind}: {text}");
        }
        let (isolated, all) = proof.count(scope, "query ");
        assert!(isolated == all && all >= counts[2], "{name}: {text}");
    }
}

#[tokio::test]
async fn an_oracle_tells_a_fact_and_is_no_leak() {
    let mut prover = open("reference").await;
    let proof = prove(&mut prover, None, &["table users"]).await;
    let oracles: Vec<_> = proof.oracles().collect();
    let [(verdict, attack)] = oracles.as_slice() else {
        panic!("{oracles:?}");
    };
    assert_eq!(
        (verdict.object.as_str(), verdict.operation.as_str()),
        ("table users", "UPDATE")
    );
    assert!(
        attack.reason.contains("users_username_key"),
        "{}",
        attack.reason
    );
    assert!(attack.script.contains("SET username"), "{}", attack.script);
    prover.close().await.unwrap();
}
