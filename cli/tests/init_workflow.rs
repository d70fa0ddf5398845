//! The workflow for continuous integration that `xact init` writes.

use crate::init::{folder, ok, read};

#[tokio::test]
async fn a_project_on_github_gets_a_workflow_that_keeps_an_existing_one() {
    let remote = "[remote \"origin\"]\n\turl = git@github.com:shop/shop.git\n";
    let shop = folder(&[(".git/config", remote)]);
    let said = ok(&shop, &["init"]).await;
    assert!(said.contains("wrote: .github/workflows/xact.yml"), "{said}");
    let workflow = read(&shop, ".github/workflows/xact.yml");
    for command in [
        "xact codegen --check",
        "xact lint",
        "xact prove",
        "cargo test",
    ] {
        assert!(workflow.contains(command), "{workflow}");
    }
    assert!(!workflow.contains("TOOL"), "{workflow}");
    // Every command of the tool in it is one that the tool has.
    for line in workflow
        .lines()
        .filter_map(|line| line.split_once("run: xact "))
    {
        let arguments: Vec<&str> = line.1.split(' ').chain(["--help"]).collect();
        ok(&shop, &arguments).await;
    }
    let elsewhere = folder(&[(".git/config", "[core]\n")]);
    ok(&elsewhere, &["init"]).await;
    assert!(!elsewhere.path().join(".github").exists());

    let own = folder(&[(".github/workflows/xact.yml", "on: [push]\n")]);
    let said = ok(&own, &["init"]).await;
    assert!(
        said.contains("left: .github/workflows/xact.yml: it could have"),
        "{said}"
    );
    assert_eq!(read(&own, ".github/workflows/xact.yml"), "on: [push]\n");
}
