//! `xact prove`: attacks the tenants of the project's schema, and prints the verdicts.

use crate::report::Format;
use crate::report::say;
use crate::{PROJECT, report};
use clap::Args;
use std::path::Path;
use std::process::ExitCode;
use xact_codegen::prove::report::{
    write_json, write_markdown, write_rows, write_summary, write_text,
};
use xact_codegen::prove::{Proof, diagnose, prove};

/// The options of `xact prove`.
#[derive(Debug, Args)]
pub(crate) struct ProveArguments {
    /// Print the report as Markdown, for a pull request.
    #[arg(long)]
    markdown: bool,

    /// Print the SQL that makes the rows of both tenants, so that a leak can be repeated by `psql`.
    #[arg(long, conflicts_with = "markdown")]
    rows: bool,
}

/// Proves the project; a leak is exit code 1.
pub(super) async fn run_prove(
    project: &Path,
    server: Option<&str>,
    arguments: &ProveArguments,
) -> ExitCode {
    let proof = match prove(project, server).await {
        Ok(proof) => proof,
        Err(stop) => return report::print_stop(&stop),
    };
    if proof.scopes.is_empty() {
        say!("no scope has settings, so there are no tenants to keep apart");
        return ExitCode::SUCCESS;
    }
    match print_proof(&proof, arguments) {
        Err(failure) => report::print_failure(&failure),
        // Who asks for the rows gets them, whatever the proof says.
        Ok(()) if arguments.rows || proof.leaks().next().is_none() => ExitCode::SUCCESS,
        Ok(()) => ExitCode::from(PROJECT),
    }
}

fn print_proof(proof: &Proof, arguments: &ProveArguments) -> Result<(), xact_codegen::Failure> {
    if arguments.rows {
        return report::print_result(&write_rows(proof));
    }
    if arguments.markdown {
        return report::print_result(&write_markdown(proof));
    }
    match report::output_format() {
        Format::Human => report::print_result(&write_text(proof))?,
        Format::Json => return report::print_result(&write_json(proof)),
        Format::Github => report::print_diagnostics(&diagnose(proof)),
    }
    say!("{}", write_summary(proof));
    Ok(())
}
