//! A pool behind a pooler that shares sessions works, and cancels nothing there: the session of a moment ago is another
//! client's now.

use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::time::timeout;
use xact::generated::Query;
use xact::sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use xact::sqlx::{AssertSqlSafe, ConnectOptions as _, Executor as _, query_scalar};

use crate::orm::{Admin, customer};
use crate::server::url;

/// The ways in which a pooler treats `options` of a startup message.
#[derive(Clone, Copy, Debug)]
enum Pooler {
    /// As pgbouncer does.
    Refuses,
    /// As pgbouncer does with `ignore_startup_parameters = options`.
    Ignores,
}

async fn start(socket: PathBuf, pooler: Pooler) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(serve(client, socket.clone(), pooler));
        }
    });
    port
}

async fn serve(mut client: TcpStream, socket: PathBuf, pooler: Pooler) {
    let length = client.read_u32().await.unwrap() as usize;
    let mut startup = vec![0; length - 4];
    client.read_exact(&mut startup).await.unwrap();
    let words: Vec<&[u8]> = startup[4..].split(|byte| *byte == 0).collect();
    let pairs: Vec<&[&[u8]]> = words.chunks_exact(2).collect();
    let without: Vec<_> = pairs.iter().filter(|pair| pair[0] != b"options").collect();
    if matches!(pooler, Pooler::Refuses) && without.len() < pairs.len() {
        let message = b"SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: options\0\0";
        client.write_u8(b'E').await.unwrap();
        let length = u32::try_from(message.len() + 4).unwrap();
        client.write_u32(length).await.unwrap();
        client.write_all(message).await.unwrap();
        return;
    }
    let mut rewritten = startup[..4].to_vec();
    for pair in without.iter().filter(|pair| !pair[0].is_empty()) {
        for word in pair.iter() {
            rewritten.extend(*word);
            rewritten.push(0);
        }
    }
    rewritten.push(0);
    let mut server = UnixStream::connect(socket).await.unwrap();
    let length = u32::try_from(rewritten.len() + 4).unwrap();
    server.write_u32(length).await.unwrap();
    server.write_all(&rewritten).await.unwrap();
    let _closed = copy_bidirectional(&mut client, &mut server).await;
}

static SLEEP: Query = Query {
    name: "sleep",
    file: "queries/slow.sql",
    sql: "SELECT pg_sleep(1)",
    parameters: &[],
    columns: &[],
    names: "",
};

#[tokio::test]
async fn a_pooler_that_takes_no_options_is_no_hindrance_and_its_sessions_are_not_cancelled() {
    let options: PgConnectOptions = url().await.parse().unwrap();
    for pooler in [Pooler::Refuses, Pooler::Ignores] {
        let socket = options.get_socket().unwrap().join(".s.PGSQL.5432");
        let connection = PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(start(socket, pooler).await)
            .username(options.get_username())
            .database(options.get_database().unwrap())
            .ssl_mode(PgSslMode::Disable);
        let pool = xact::Pool::from_options(PgPoolOptions::new().max_connections(1), connection);
        pool.wait_until_ready(Duration::from_mins(1)).await.unwrap();
        pool.check().await.unwrap();
        let pool = pool.prepare_up_to(50);
        let lock = pool.lock("pooled").await.unwrap();
        lock.release().await.unwrap();
        let dropped = pool.xact(customer("ada"), async |q| {
            q.orm().run.execute(SLEEP.arguments()).await
        });
        assert!(timeout(Duration::from_millis(200), dropped).await.is_err());
        assert_eq!(pool.status().closing, 0, "{pooler:?}");
        pool.xact(Admin, async |q| q.orm().users_list(0).await)
            .await
            .unwrap();
    }
}

/// The advice of the guide.
#[tokio::test]
async fn a_server_that_checks_its_clients_ends_their_queries_behind_a_pooler() {
    static FOR_EVER: Query = Query {
        name: "for_ever",
        file: "queries/slow.sql",
        sql: "SELECT pg_sleep(600)",
        parameters: &[],
        columns: &[],
        names: "",
    };
    let options: PgConnectOptions = url().await.parse().unwrap();
    let database = options.get_database().unwrap();
    let mut observer = options.connect().await.unwrap();
    let check = format!("ALTER DATABASE {database} SET client_connection_check_interval = '1s'");
    observer.execute(AssertSqlSafe(check)).await.unwrap();
    let socket = options.get_socket().unwrap().join(".s.PGSQL.5432");
    let connection = PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(start(socket, Pooler::Refuses).await)
        .username(options.get_username())
        .database(database)
        .ssl_mode(PgSslMode::Disable);
    let pool = xact::Pool::from_options(PgPoolOptions::new().max_connections(1), connection);
    let dropped = pool.xact(Admin, async |q| {
        q.orm().run.execute(FOR_EVER.arguments()).await
    });
    assert!(timeout(Duration::from_millis(500), dropped).await.is_err());
    let running = "SELECT count(*) FROM pg_stat_activity \
        WHERE datname = current_database() AND query = 'SELECT pg_sleep(600)'";
    let begun = std::time::Instant::now();
    loop {
        let running: i64 = query_scalar(running)
            .fetch_one(&mut observer)
            .await
            .unwrap();
        if running == 0 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "it goes on");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
