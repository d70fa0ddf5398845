//! A server that answers from memory, on the thread of its client: the same bytes in the same order each time, so that the number of
//! instructions of a loop does not depend on a machine, a disk or another process.

use std::collections::HashMap;
use std::path::Path;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};

/// The answer to statements that contain a text.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) contains: &'static str,
    /// The OIDs of the parameters.
    pub(crate) parameters: &'static [u32],
    /// The columns, by name and OID.
    pub(crate) columns: &'static [(&'static str, u32)],
    /// The rows, encoded as `DataRow` messages, and their number.
    pub(crate) rows: Vec<u8>,
    pub(crate) count: usize,
}

/// Listens on the socket that a client of this folder connects to, until the runtime ends.
pub(crate) fn start_server(folder: &Path, answers: Vec<Answer>) {
    let listener = UnixListener::bind(folder.join(".s.PGSQL.5432")).unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(Session::new(client, answers.clone()).serve());
        }
    });
}

/// A row as a `DataRow` message, of values in binary format.
pub(crate) fn write_row(rows: &mut Vec<u8>, values: &[Option<Vec<u8>>]) {
    let mut body = u16::try_from(values.len()).unwrap().to_be_bytes().to_vec();
    for value in values {
        write_value(&mut body, value.as_deref());
    }
    write_message(rows, b'D', &body);
}

/// A value with its length in front.
pub(crate) fn write_value(bytes: &mut Vec<u8>, value: Option<&[u8]>) {
    let length = value.map_or(-1, |value| i32::try_from(value.len()).unwrap());
    bytes.extend(length.to_be_bytes());
    bytes.extend(value.unwrap_or_default());
}

fn write_message(out: &mut Vec<u8>, kind: u8, body: &[u8]) {
    out.push(kind);
    out.extend(u32::try_from(body.len() + 4).unwrap().to_be_bytes());
    out.extend(body);
}

/// One connection.
struct Session {
    client: UnixStream,
    answers: Vec<Answer>,
    /// The token of the pool, by which it recognises a session of its own.
    token: String,
    /// The answers to simple messages that came before, and the state behind each: writing them again would be a third of the count.
    simple: HashMap<Vec<u8>, (Vec<u8>, u8)>,
    /// The answers of prepared statements, by name.
    prepared: HashMap<String, Answer>,
    bound: String,
    state: u8,
    out: Vec<u8>,
}

impl Session {
    fn new(client: UnixStream, answers: Vec<Answer>) -> Self {
        Self {
            client,
            answers,
            token: String::new(),
            simple: HashMap::new(),
            prepared: HashMap::new(),
            bound: String::new(),
            state: b'I',
            out: Vec::new(),
        }
    }

    async fn serve(mut self) {
        let length = self.client.read_u32().await.unwrap();
        let startup = self.read_body(length).await;
        let startup = String::from_utf8_lossy(&startup).into_owned();
        let token = startup.split("xact.pool=").nth(1).unwrap_or_default();
        self.token = token.chars().take_while(char::is_ascii_hexdigit).collect();
        write_message(&mut self.out, b'R', &0_u32.to_be_bytes());
        write_message(&mut self.out, b'S', b"server_version\x0016.0\0");
        write_message(&mut self.out, b'K', &[0; 8]);
        self.finish().await;
        while let Ok(kind) = self.client.read_u8().await {
            let length = self.client.read_u32().await.unwrap();
            let body = self.read_body(length).await;
            if kind == b'X' {
                return;
            }
            self.answer(kind, &body);
            if matches!(kind, b'Q' | b'S') {
                self.finish().await;
            }
        }
    }

    async fn read_body(&mut self, length: u32) -> Vec<u8> {
        let mut body = vec![0; usize::try_from(length).unwrap() - 4];
        self.client.read_exact(&mut body).await.unwrap();
        body
    }

    async fn finish(&mut self) {
        write_message(&mut self.out, b'Z', &[self.state]);
        self.client.write_all(&self.out).await.unwrap();
        self.out.clear();
    }

    fn answer(&mut self, kind: u8, body: &[u8]) {
        if kind == b'Q' {
            return self.answer_simple(body);
        }
        let mut words = body.split(|byte| *byte == 0);
        let mut word = || String::from_utf8_lossy(words.next().unwrap_or_default()).into_owned();
        match kind {
            b'P' => {
                let (name, sql) = (word(), word());
                let found = self
                    .answers
                    .iter()
                    .find(|answer| sql.contains(answer.contains));
                let found = found
                    .unwrap_or_else(|| panic!("no answer to {sql}"))
                    .clone();
                self.prepared.insert(name, found);
                write_message(&mut self.out, b'1', &[]);
            }
            b'D' => self.describe(&word()[1..]),
            b'B' => {
                let _portal = word();
                self.bound = word();
                write_message(&mut self.out, b'2', &[]);
            }
            b'E' => {
                let answer = &self.prepared[&self.bound];
                self.out.extend(&answer.rows);
                let tag = format!("SELECT {}\0", answer.count);
                write_message(&mut self.out, b'C', tag.as_bytes());
            }
            b'C' => write_message(&mut self.out, b'3', &[]),
            _ => {}
        }
    }

    fn answer_simple(&mut self, body: &[u8]) {
        if let Some((out, state)) = self.simple.get(body) {
            self.out.extend(out);
            self.state = *state;
            return;
        }
        self.answer_statements(&String::from_utf8_lossy(body));
        self.simple
            .insert(body.to_vec(), (self.out.clone(), self.state));
    }

    /// One answer for each statement, as the server gives them.
    fn answer_statements(&mut self, sql: &str) {
        if sql.contains("backend_start") {
            return self.answer_session();
        }
        for statement in sql.split("; ") {
            let word = statement.split([' ', '\0']).next().unwrap_or_default();
            match word {
                "BEGIN" => self.state = b'T',
                "COMMIT" | "ROLLBACK" => self.state = b'I',
                _ => {}
            }
            write_message(&mut self.out, b'C', format!("{word}\0").as_bytes());
        }
    }

    /// The row of `session.sql`, as text.
    fn answer_session(&mut self) {
        let columns = [
            ("pid", 23),
            ("started", 20),
            ("token", 25),
            ("in_recovery", 16),
            ("read_only", 16),
        ];
        self.describe_row(&columns);
        let token = self.token.clone();
        let values = ["1", "1", token.as_str(), "f", "f"];
        let values = values.map(|value| Some(value.as_bytes().to_vec()));
        write_row(&mut self.out, &values);
        write_message(&mut self.out, b'C', b"SELECT 1\0");
    }

    fn describe(&mut self, name: &str) {
        let Answer {
            parameters,
            columns,
            ..
        } = self.prepared[name];
        let mut body = u16::try_from(parameters.len())
            .unwrap()
            .to_be_bytes()
            .to_vec();
        body.extend(parameters.iter().flat_map(|oid| oid.to_be_bytes()));
        write_message(&mut self.out, b't', &body);
        match columns {
            [] => write_message(&mut self.out, b'n', &[]),
            columns => self.describe_row(columns),
        }
    }

    fn describe_row(&mut self, columns: &[(&str, u32)]) {
        let mut body = u16::try_from(columns.len()).unwrap().to_be_bytes().to_vec();
        for (name, oid) in columns {
            body.extend(name.as_bytes());
            // No table; then the type, its length, its modifier, and the format.
            body.extend([0; 7]);
            body.extend(oid.to_be_bytes());
            body.extend([0; 8]);
        }
        write_message(&mut self.out, b'T', &body);
    }
}
