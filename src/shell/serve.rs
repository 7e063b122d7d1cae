//! A server for the built site: pages are rendered when they are asked for, from memory.
//!
//! Loopback only unless told; answers `GET` and `HEAD` for addresses of the output and nothing else.

use super::Error;
use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// What an address answers: its content and media type.
pub type Answer = Option<(Cow<'static, [u8]>, &'static str)>;

/// Requests longer than this are refused.
const LONGEST: u64 = 16 << 10;

/// The media type of an address, by its extension.
pub fn media_type(address: &str) -> &'static str {
    match address.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Binds a port; 0 takes any.
///
/// # Errors
/// When the address is taken or not this machine's.
pub fn bind(host: &str, port: u16) -> Result<TcpListener, Error> {
    TcpListener::bind((host, port)).map_err(|cause| Error::new("listen on", format!("{host}:{port}"), cause))
}

/// Answers until the process ends.
pub fn run(listener: &TcpListener, answer: Arc<dyn Fn(&str) -> Answer + Send + Sync>) {
    for stream in listener.incoming().flatten() {
        let answer = Arc::clone(&answer);
        std::thread::spawn(move || {
            // A reader that goes away is no error of ours.
            let _ = one(stream, &*answer);
        });
    }
}

fn one(mut stream: TcpStream, answer: &(dyn Fn(&str) -> Answer + Send + Sync)) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.set_write_timeout(Some(Duration::from_secs(30)))?;
    let mut reader = BufReader::new(stream.try_clone()?.take(LONGEST));
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or("").to_owned());
    let head = method == "HEAD";
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    if method != "GET" && !head {
        return stream.write_all(b"HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, HEAD\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }
    let path = target.split(['?', '#']).next().unwrap_or("").trim_start_matches('/').to_owned();
    let path = crate::base::percent_decode(&path).into_owned();
    let found = find(&path, answer);
    let (status, body, kind) = match found {
        Some((body, kind)) => ("200 OK", body, kind),
        None => {
            let missing = answer("404.html").unwrap_or((Cow::Borrowed(b"not found"), "text/plain"));
            ("404 Not Found", missing.0, missing.1)
        }
    };
    let lines = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(lines.as_bytes())?;
    if !head {
        stream.write_all(&body)?;
    }
    stream.flush()
}

/// An address, or the front page of the folder it names.
fn find(path: &str, answer: &(dyn Fn(&str) -> Answer + Send + Sync)) -> Answer {
    if path.is_empty() || path.ends_with('/') {
        return answer(&format!("{path}index.html"));
    }
    answer(path).or_else(|| answer(&format!("{path}/index.html"))).or_else(|| answer(&format!("{path}.html")))
}
