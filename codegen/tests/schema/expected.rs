//! Expected outputs in files beside the tests; `XACT_BLESS=1` writes the output instead.

use std::path::Path;

use similar::udiff::unified_diff;

/// Compares `actual` with the file `name` of this folder.
pub(crate) fn assert_expected(name: &str, actual: &str) {
    assert_expected_in("schema", name, actual);
}

/// Compares `actual` with the file `name` of another folder of tests.
pub(crate) fn assert_expected_in(folder: &str, name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder)
        .join(name);
    if std::env::var_os("XACT_BLESS").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_same(name, &expected, actual);
}

/// Compares two texts and shows the lines that differ.
pub(crate) fn assert_same(what: &str, expected: &str, actual: &str) {
    let names = Some(("expected", "actual"));
    let diff = unified_diff(similar::Algorithm::Myers, expected, actual, 3, names);
    assert!(expected == actual, "{what}:\n{diff}");
}
