//! Whatever things are called in a project, the module that is generated for it compiles without a warning.
//!
//! One project holds some hundred names in every place that a name can have, so one run of the compiler is enough. The names that
//! are made at random are the same ones each time; `XACT_NAMES_ROUNDS` asks for more rounds, each with others.

mod compile;
mod hostile;
mod project;

use crate::server;
use xact_codegen::Stop;
use xact_codegen::report::diagnostic::{Style, render};

#[tokio::test(flavor = "multi_thread")]
async fn whatever_things_are_called_the_module_compiles() {
    let rounds = std::env::var("XACT_NAMES_ROUNDS");
    let rounds: u64 = rounds.map_or(1, |rounds| rounds.parse().unwrap());
    for seed in 0..rounds {
        let names = hostile::names(seed);
        let folder = tempfile::tempdir().unwrap();
        project::write(folder.path(), &names);
        let generated = match server::generate(folder.path()).await {
            Ok(generated) => generated,
            Err(Stop::Diagnostics(found)) => panic!("{}", render(&found, Style::Plain)),
            Err(Stop::Failure(failure)) => panic!("{failure}"),
        };
        for file in &generated.files {
            project::write_file(folder.path(), &file.path, &file.text);
        }
        let said = compile::check(folder.path());
        assert!(said.is_empty(), "seed {seed}:\n{said}");
    }
}
