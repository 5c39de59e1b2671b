//! A plain HTTP load on loopback over keep-alive connections, and the weight of a page with its files.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt},
    task::JoinSet,
};

/// Whether something answers 200 there.
pub fn answers(address: &str, path: &str) -> bool {
    let Ok(mut connection) = Connection::open(address) else { return false };
    connection.get(path, "identity").is_ok_and(|(status, _)| status == 200)
}

/// The text of a page.
pub fn body(address: &str, path: &str) -> String {
    let (status, bytes) = Connection::open(address).unwrap().get(path, "identity").unwrap();
    assert_eq!(status, 200, "{path}");
    String::from_utf8(bytes).unwrap()
}

/// Requests answered with 200 per second. One thread serves all connections: a thread each would take the processor
/// from what is measured.
pub fn requests_per_second(address: &str, path: &str, connections: usize, seconds: u64) -> f64 {
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\naccept-encoding: identity\r\n\r\n");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let started = Instant::now();
        let until = started + Duration::from_secs(seconds);
        let mut asking = JoinSet::new();
        for _ in 0..connections {
            asking.spawn(ask_until(until, address.to_owned(), request.clone()));
        }
        let answered: u64 = asking.join_all().await.into_iter().sum();
        answered as f64 / started.elapsed().as_secs_f64()
    })
}

/// How often one connection was answered.
async fn ask_until(until: Instant, address: String, request: String) -> u64 {
    let connection = tokio::net::TcpStream::connect(&address).await.unwrap();
    connection.set_nodelay(true).unwrap();
    let mut connection = tokio::io::BufReader::new(connection);
    let (mut line, mut body, mut answered) = (String::new(), Vec::new(), 0);
    while Instant::now() < until {
        connection.write_all(request.as_bytes()).await.unwrap();
        line.clear();
        connection.read_line(&mut line).await.unwrap();
        assert!(line.starts_with("HTTP/1.1 200"), "{line}");
        let mut length = 0;
        while line != "\r\n" {
            line.clear();
            connection.read_line(&mut line).await.unwrap();
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap();
            }
        }
        body.resize(length, 0);
        connection.read_exact(&mut body).await.unwrap();
        answered += 1;
    }
    answered
}

/// What a first visit to a page transfers, compressed, in bytes.
pub struct Weight {
    /// The page itself.
    pub html: usize,
    /// Its styles.
    pub styles: usize,
    /// Its scripts and WebAssembly.
    pub scripts: usize,
}

/// Weighs a page and the files that it names.
pub fn weigh(address: &str, path: &str) -> Weight {
    let mut connection = Connection::open(address).unwrap();
    let html = connection.get(path, "br").unwrap().1.len();
    let text = body(address, path);
    let mut weight = Weight { html, styles: 0, scripts: 0 };
    let files: BTreeSet<&str> = text.split('"').filter(|part| part.starts_with("/assets/")).collect();
    for file in files {
        let size = connection.get(file, "br").unwrap().1.len();
        if file.ends_with(".css") {
            weight.styles += size;
        } else if file.ends_with(".js") || file.ends_with(".wasm") {
            weight.scripts += size;
        }
    }
    weight
}

/// What the service answered.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Where it leads on to.
    pub location: String,
    /// The page.
    pub body: Vec<u8>,
}

/// A keep-alive connection.
pub struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
}

impl Connection {
    /// Connects.
    pub fn open(address: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), host: address.to_owned() })
    }

    fn get(&mut self, path: &str, encoding: &str) -> std::io::Result<(u16, Vec<u8>)> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\naccept-encoding: {encoding}\r\n\r\n", self.host);
        let answer = self.exchange(&request)?;
        Ok((answer.status, answer.body))
    }

    /// Opens a page as somebody who is signed in.
    pub fn open_page(&mut self, path: &str, login: &str) -> std::io::Result<Answer> {
        self.exchange(&format!("GET {path} HTTP/1.1\r\nhost: {}\r\ncookie: login={login}\r\n\r\n", self.host))
    }

    /// Sends a form as somebody who is signed in.
    pub fn send_form(&mut self, path: &str, login: &str, form: &str) -> std::io::Result<Answer> {
        let (host, length) = (&self.host, form.len());
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\ncookie: login={login}\r\nsec-fetch-site: same-origin\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{form}"
        );
        self.exchange(&request)
    }

    fn exchange(&mut self, request: &str) -> std::io::Result<Answer> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
        let (mut length, mut is_chunked, mut location) = (0, false, String::new());
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let header = line.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length: ") {
                length = value.parse().unwrap_or(0);
            }
            is_chunked |= header == "transfer-encoding: chunked";
            if header.starts_with("location: ") {
                location = line.trim_end()["location: ".len()..].to_owned();
            }
        }
        let body = if is_chunked { self.chunks()? } else { self.exactly(length)? };
        Ok(Answer { status, location, body })
    }

    fn exactly(&mut self, length: usize) -> std::io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn chunks(&mut self) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let length = usize::from_str_radix(line.trim(), 16).unwrap_or(0);
            bytes.extend(self.exactly(length)?);
            self.exactly(2)?;
            if length == 0 {
                return Ok(bytes);
            }
        }
    }
}
