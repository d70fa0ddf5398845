//! Decides whether generating again would change anything: by the inputs of the last run, and its output.
//!
//! Given: the project as it was read, the Postgres that would be asked, and this program itself. Gives:
//! whether all of them, and every generated file, are as the last run left them. The record is kept
//! outside the project; losing it costs one run. Asks no server, and never writes into the project.

use crate::database::{Choice, hash_tool, kept_files};
use crate::output::{self, OutputFile};
use crate::pipeline::Generated;
use crate::project::Project;
use crate::report::Failure;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use xact::generated::content_hash;
use xact_server::cache_folder;

/// The first line of a record. Another form of it needs another line.
const FORM: &str = "xact codegen 2";

/// How the names of records begin.
const PREFIX: &str = "codegen-";

/// The record file of a project, and the inputs of a run now, besides the project's files.
#[derive(Clone, Debug)]
pub struct RunRecord {
    root: PathBuf,
    path: PathBuf,
    tool: u64,
    server: u64,
}

/// The result of a run that need not be repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// How many queries there are.
    pub queries: usize,
    /// How many warnings were shown.
    pub warnings: usize,
    /// The files, each with the hash of its bytes.
    pub files: Vec<(u64, String)>,
}

impl RunRecord {
    /// The record of the project at `root`; nothing where none can be kept.
    pub fn of(root: &Path, server: &Choice) -> Option<Self> {
        let root = root.canonicalize().ok()?;
        let name = content_hash(root.as_os_str().as_encoded_bytes());
        Some(Self {
            path: cache_folder()?.join(format!("{PREFIX}{name:016x}")),
            tool: hash_tool()?,
            server: server.identity(),
            root,
        })
    }

    /// The result of the last run, if a run now would give the same and the files are unchanged since.
    ///
    /// # Errors
    /// If a file of the project cannot be read.
    pub fn unchanged(&self, project: &Project) -> Result<Option<Remembered>, Failure> {
        let key = self.hash_inputs(project.fingerprint());
        let text = read_record(&self.path).unwrap_or_default();
        let Some(remembered) = parse_record(&text, key) else {
            return Ok(None);
        };
        // The outputs too: an edited or deleted generated file has to be written again although no input changed.
        let untouched = is_untouched(project, &remembered.files)?;
        Ok(untouched.then_some(remembered))
    }

    /// Notes that the files of the project are the generated ones. A record that cannot be kept costs
    /// time, not correctness.
    pub fn keep(&self, generated: &Generated) {
        let _ = self.write_record(&self.render_text(generated));
        sweep_records(&self.path);
    }

    fn hash_inputs(&self, project: u64) -> u64 {
        content_hash(format!("{} {} {project}", self.tool, self.server).as_bytes())
    }

    fn render_text(&self, generated: &Generated) -> String {
        let key = self.hash_inputs(generated.fingerprint);
        let (queries, warnings) = (generated.queries, generated.warnings.len());
        let root = self.root.display();
        let mut text = format!("{FORM}\n{root}\n{key:016x}\n{queries} {warnings}\n");
        for OutputFile { path, text: bytes } in &generated.files {
            let hash = content_hash(bytes.as_bytes());
            // Writing to a `String` cannot fail.
            let _ = writeln!(text, "{hash:016x} {path}");
        }
        text
    }

    fn write_record(&self, text: &str) -> std::io::Result<()> {
        std::fs::create_dir_all(self.path.parent().unwrap_or(&self.path))?;
        kept_files::write_summed(&self.path, text.as_bytes())
    }
}

/// The text of a record, if it is whole. With some of its lines lost it could say that there are fewer files to compare.
fn read_record(path: &Path) -> Option<String> {
    String::from_utf8(kept_files::read_summed(path)?).ok()
}

/// Removes the records of projects that no longer exist, and those that are damaged or of another form.
fn sweep_records(record: &Path) {
    let folder = record.parent().unwrap_or(record);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if !name.to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let text = read_record(&path);
        // The second line of a record is its project's folder.
        let root = text.as_ref().and_then(|text| text.lines().nth(1));
        if root.is_none_or(|root| !Path::new(root).exists()) {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// The record, if it is one and of this key.
fn parse_record(text: &str, key: u64) -> Option<Remembered> {
    let mut lines = text.lines();
    let mut line = || lines.next();
    let known = line()? == FORM && line().is_some() && line()? == format!("{key:016x}");
    let (queries, warnings) = line().filter(|_| known)?.split_once(' ')?;
    let file = |line: &str| {
        let (hash, path) = line.split_once(' ')?;
        Some((u64::from_str_radix(hash, 16).ok()?, path.to_owned()))
    };
    Some(Remembered {
        queries: queries.parse().ok()?,
        warnings: warnings.parse().ok()?,
        files: lines.map(file).collect::<Option<_>>()?,
    })
}

/// Whether the project has exactly these generated files, byte for byte.
fn is_untouched(project: &Project, files: &[(u64, String)]) -> Result<bool, Failure> {
    let same = files.iter().all(|(hash, path)| {
        let bytes = std::fs::read(project.root.join(path));
        bytes.is_ok_and(|bytes| content_hash(&bytes) == *hash)
    });
    let paths: Vec<&str> = files.iter().map(|(_, path)| path.as_str()).collect();
    Ok(same && output::orphaned(&project.root, &project.paths().output, &paths)?.is_empty())
}
