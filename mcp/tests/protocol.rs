//! The protocol's own messages: a client that ends, one that speaks badly, and two at once.

use crate::world::{Client, World, ada};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, duplex, split};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use xact_mcp::{McpServer, ServeError};

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"raw","version":"0"}}}"#;
const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;

/// A client that writes lines.
struct RawClient {
    stream: BufReader<DuplexStream>,
    server: JoinHandle<Result<(), ServeError>>,
}

impl RawClient {
    fn connect(server: McpServer) -> Self {
        let (near, far) = duplex(1 << 20);
        let (read, write) = split(far);
        Self {
            stream: BufReader::new(near),
            server: tokio::spawn(server.serve(read, write)),
        }
    }

    async fn write(&mut self, line: &str) {
        let line = format!("{line}\n");
        self.stream
            .get_mut()
            .write_all(line.as_bytes())
            .await
            .unwrap();
    }

    /// The answer with this id.
    async fn read(&mut self, id: u64) -> Value {
        loop {
            let mut line = String::new();
            let read = self.stream.read_line(&mut line);
            let read = timeout(Duration::from_secs(30), read).await;
            assert!(read.expect("an answer").unwrap() > 0, "the server closed");
            let message: Value = serde_json::from_str(&line).unwrap();
            if message["id"] == id {
                return message;
            }
        }
    }

    async fn begin(server: McpServer) -> Self {
        let mut client = Self::connect(server);
        client.write(INITIALIZE).await;
        let answer = client.read(1).await;
        assert_eq!(answer["result"]["serverInfo"]["name"], "xact", "{answer}");
        client.write(INITIALIZED).await;
        client
    }

    /// Closes the stream, and waits for the server.
    async fn end(self) -> Result<(), ServeError> {
        drop(self.stream);
        let ended = timeout(Duration::from_secs(20), self.server).await;
        ended.expect("the server ends with its client").unwrap()
    }
}

fn write_call(id: u64, tool: &str, arguments: &Value) -> String {
    let params = json!({"name": tool, "arguments": arguments});
    json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params}).to_string()
}

#[tokio::test]
async fn everything_ends_when_the_client_closes_its_stream() {
    let world = World::seeded().await;
    let sessions = "SELECT count(*)::text FROM pg_stat_activity \
                    WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let before = world.read_text(sessions).await;
    let mut client = RawClient::begin(world.open(ada()).await).await;
    client
        .write(&write_call(2, "bookmarks_count", &json!({})))
        .await;
    client.read(2).await;
    assert_ne!(world.read_text(sessions).await, before);
    client.end().await.unwrap();
    let mut left = String::new();
    for _ in 0..100 {
        left = world.read_text(sessions).await;
        if left == before {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(left, before, "a connection is left");

    // Also before the handshake, and in the middle of a message.
    RawClient::connect(world.open(ada()).await)
        .end()
        .await
        .unwrap();
    let mut client = RawClient::begin(world.open(ada()).await).await;
    client
        .stream
        .get_mut()
        .write_all(b"{\"jsonrpc\":\"2.0\",\"id\":")
        .await
        .unwrap();
    client.end().await.unwrap();
}

#[tokio::test]
async fn a_client_that_speaks_badly_gets_errors_and_the_next_message_is_answered() {
    let world = World::seeded().await;
    let mut client = RawClient::begin(world.open(ada()).await).await;
    let bad = [
        "no json",
        "[]",
        "{}",
        "{\"jsonrpc\":\"1.0\",\"id\":7}",
        r#"{"jsonrpc":"2.0","id":8,"method":"tools/call"}"#,
        r#"{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":7}}"#,
        r#"{"jsonrpc":"2.0","id":10,"method":"tools/call","params":{"name":"bookmarks_count","arguments":[1]}}"#,
        r#"{"jsonrpc":"2.0","id":11,"method":"no/such/method","params":{}}"#,
        r#"{"jsonrpc":"2.0","id":12,"method":"resources/read","params":{"uri":"file:///etc/passwd"}}"#,
        r#"{"jsonrpc":"2.0","id":{"a":1},"method":"tools/list"}"#,
        "",
        "\u{0}\u{1}",
    ];
    for line in bad {
        client.write(line).await;
    }
    // A message that is longer than any argument is dropped.
    client
        .write(&write_call(
            20,
            "bookmarks_get",
            &json!({"id": "x".repeat(5 << 20)}),
        ))
        .await;
    client
        .write(&write_call(21, "bookmarks_count", &json!({})))
        .await;
    let answer = client.read(21).await;
    let count = &answer["result"]["structuredContent"]["row"]["bookmark_count"];
    assert_eq!(*count, 2, "{answer}");
    client.end().await.unwrap();

    // One that does not begin with the handshake.
    let mut client = RawClient::connect(world.open(ada()).await);
    client
        .write(&write_call(1, "bookmarks_count", &json!({})))
        .await;
    let _refused = client.end().await;
}

#[tokio::test]
async fn two_clients_at_once_see_their_own_tenants() {
    let world = World::seeded().await;
    let grace = xact_mcp::QueryOptions::new("customer")
        .with_setting("user_id", "usr_grace")
        .with_setting("organization_id", "org_globex");
    let (ada, grace) = (world.connect(ada()).await, world.connect(grace).await);
    let calls = (0..40).map(|index| {
        let (client, expected) = if index % 2 == 0 {
            (&ada, "Acme reads")
        } else {
            (&grace, "Globex reads")
        };
        async move {
            let page = Client::call(client, "bookmarks_list", json!({})).await;
            let rows = page["rows"].as_array().unwrap();
            assert_eq!(rows.len(), 2);
            assert!(rows.iter().all(|row| row["title"] == expected), "{page}");
        }
    });
    futures_util::future::join_all(calls).await;
}
