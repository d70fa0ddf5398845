//! How long an open project takes after an edit: 1,000 queries over 100 tables in 100 files, on a server that is up.
//!
//! `cargo bench --package xact-codegen --bench incremental` prints medians; those of a single run have no start of a process. `XACT_BENCH_TABLES=500` makes 5,000 queries of 500
//! tables. The queries are those of the bench `analysis`.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;
use xact_codegen::config::OUTPUT;
use xact_codegen::workspace::{OpenedBy, RunRequests, Workspace, generate_joined};
use xact_codegen::{Generated, output};
use xact_server::Server;

const TABLES: usize = 100;
const RUNS: usize = 15;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    // `cargo test --benches` asks only whether it runs.
    let measures = std::env::args().any(|argument| argument == "--bench");
    let tables = std::env::var("XACT_BENCH_TABLES").ok();
    let tables = match tables.and_then(|tables| tables.parse().ok()) {
        Some(tables) => tables,
        None if measures => TABLES,
        None => 4,
    };
    let runs = if measures { RUNS } else { 2 };
    let server = Server::start(None).await?;
    let options = server.options();
    let socket = options.get_socket().ok_or("the server has a socket")?;
    let url = format!(
        "postgres://postgres@localhost/postgres?host={}",
        socket.display()
    );
    let project = tempfile::tempdir()?;
    write_project(project.path(), tables)?;
    let mut bench = Bench {
        root: project.path(),
        workspace: Workspace::open(project.path(), Some(&url)),
        tables,
        edit: 0,
    };
    println!(
        "{} queries over {tables} tables, median of {runs} runs",
        tables * 10
    );
    let start = Instant::now();
    let queries = bench.generate().await?;
    assert_eq!(queries, tables * 10);
    println!("first run             {:>8.1?}", start.elapsed());
    bench
        .report("nothing changed, check", runs, Edit::Nothing, Run::Check)
        .await?;
    bench
        .report("one query, check", runs, Edit::Query, Run::Check)
        .await?;
    bench
        .report("one wrong query, check", runs, Edit::WrongQuery, Run::Check)
        .await?;
    bench
        .report("one query, written", runs, Edit::Query, Run::Write)
        .await?;
    bench
        .report("one query, single run", runs, Edit::Query, Run::Single)
        .await?;
    bench
        .report(
            "one migration, written",
            runs.min(5),
            Edit::Migration,
            Run::Write,
        )
        .await?;
    bench.workspace.stop().await?;
    server.stop().await?;
    Ok(())
}

struct Bench<'p> {
    root: &'p Path,
    workspace: Workspace,
    tables: usize,
    /// The number of the last edit: no two edits give the same text.
    edit: usize,
}

#[derive(Clone, Copy)]
enum Edit {
    Nothing,
    Query,
    WrongQuery,
    Migration,
}

#[derive(Clone, Copy)]
enum Run {
    Check,
    Write,
    /// As `xact codegen` does while this process has the project open.
    Single,
}

impl Bench<'_> {
    async fn report(&mut self, name: &str, runs: usize, edit: Edit, run: Run) -> Outcome<()> {
        let mut times = Vec::new();
        for _ in 0..runs {
            self.edit += 1;
            self.make(edit)?;
            let start = Instant::now();
            match run {
                Run::Check => drop(
                    self.workspace
                        .check()
                        .await
                        .map_err(|stop| format!("{stop:?}"))?,
                ),
                Run::Write => drop(self.generate().await?),
                Run::Single => self.run_once().await?,
            }
            times.push(start.elapsed());
        }
        times.sort_unstable();
        let (median, worst) = (times[runs / 2], times[runs - 1]);
        println!("{name:<22}{median:>8.1?}  (worst {worst:.1?})");
        Ok(())
    }

    async fn generate(&mut self) -> Outcome<usize> {
        let generated = self.workspace.generate().await;
        let Generated { files, queries, .. } = generated.map_err(|stop| format!("{stop:?}"))?;
        output::write(self.root, OUTPUT, &files)?;
        Ok(queries)
    }

    async fn run_once(&mut self) -> Outcome<()> {
        // Without an answer the run fails: this is no server.
        let server = Some("postgres://localhost:1/nowhere");
        let mut requests =
            RunRequests::listen(self.root, server, OpenedBy::Watch).ok_or("there is a cache")?;
        let answer = async {
            requests.next().await.answer(&mut self.workspace).await;
            std::future::pending::<Generated>().await
        };
        let generated = tokio::select! {
            generated = generate_joined(self.root, server) => generated.map_err(|stop| format!("{stop:?}"))?,
            never = answer => never,
        };
        output::write(self.root, OUTPUT, &generated.files)?;
        Ok(())
    }

    /// Edits the second query of a file in the middle, so that those below it move.
    fn make(&mut self, edit: Edit) -> Outcome<()> {
        let (table, number) = (self.tables / 2, self.edit);
        let path = self.root.join(format!("queries/t{table}.sql"));
        let text = queries_of(table);
        let condition = match edit {
            Edit::Nothing => return Ok(()),
            Edit::Query => format!("WHERE t.active AND t.id <> {number}"),
            Edit::WrongQuery => format!("WHERE t.actve AND t.id <> {number}"),
            Edit::Migration => {
                let sql = format!("ALTER TABLE t{table} ADD COLUMN added_{number} int;");
                let name = format!("migrations/{}_added.up.sql", number + 1);
                std::fs::write(self.root.join(name), sql)?;
                return Ok(());
            }
        };
        std::fs::write(path, text.replace("WHERE t.active", &condition))?;
        Ok(())
    }
}

fn write_project(root: &Path, tables: usize) -> std::io::Result<()> {
    std::fs::create_dir_all(root.join("migrations"))?;
    std::fs::create_dir_all(root.join("queries"))?;
    let mut sql = String::new();
    for table in 0..tables {
        let parent = table.saturating_sub(1);
        let _infallible = writeln!(
            sql,
            "CREATE TABLE t{table} (id bigint PRIMARY KEY, name text NOT NULL, note text, created_at timestamptz NOT NULL
             DEFAULT now(), amount numeric, active boolean NOT NULL, parent_id bigint REFERENCES t{parent} (id));"
        );
        std::fs::write(
            root.join(format!("queries/t{table}.sql")),
            queries_of(table),
        )?;
    }
    std::fs::write(root.join("migrations/1_tables.up.sql"), sql)
}

fn queries_of(table: usize) -> String {
    let parent = table.saturating_sub(1);
    include_str!("analysis.sql")
        .replace("{table}", &format!("t{table}"))
        .replace("{parent}", &format!("t{parent}"))
}
