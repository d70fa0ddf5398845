//! A TCP proxy that delays each direction: `delay HOST:PORT MICROSECONDS` prints the port on which it listens.
//!
//! It has threads in place of tasks because tokio's timer has ticks of a millisecond, and the delays here are shorter.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

/// Bytes and the moment at which they are due.
type Chunk = (Instant, Vec<u8>);

fn main() -> Result<(), harness::Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [target, delay] = arguments.as_slice() else {
        return Err("`HOST:PORT MICROSECONDS` are expected".into());
    };
    let delay = Duration::from_micros(delay.parse()?);
    // Otherwise each sleep is 50 µs longer, proc_pid_timerslack_ns(5); the threads below inherit it.
    std::fs::write("/proc/self/timerslack_ns", "1")?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?.port());
    for client in listener.incoming() {
        let (client, server) = (client?, TcpStream::connect(target)?);
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        forward(client.try_clone()?, server.try_clone()?, delay);
        forward(server, client, delay);
    }
    Ok(())
}

/// Reads on one thread and writes on another, so that chunks which follow each other are delayed together.
fn forward(from: TcpStream, to: TcpStream, delay: Duration) {
    let (sender, receiver) = channel::<Chunk>();
    let mut from = from;
    spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            let chunk = (Instant::now() + delay, buffer[..count].to_vec());
            if sender.send(chunk).is_err() {
                break;
            }
        }
    });
    spawn(move || write_chunks(&receiver, to));
}

fn write_chunks(chunks: &Receiver<Chunk>, to: TcpStream) {
    let mut to = to;
    for (due, bytes) in chunks {
        sleep(due.saturating_duration_since(Instant::now()));
        if to.write_all(&bytes).is_err() {
            break;
        }
    }
    // The other side has closed: this one may be closed already.
    let _ = to.shutdown(Shutdown::Both);
}
