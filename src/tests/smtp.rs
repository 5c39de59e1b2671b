//! A small mail server with moods: it refuses some mails, and hangs up on others, before or after it has taken them.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, BufWriter},
    net::{TcpListener, TcpStream},
};

/// A mail that the server has taken, whether or not it said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub message_id: String,
    pub to: String,
    /// Everything in it, as it came.
    pub text: String,
}

/// How often of a hundred the server does what nobody hopes for.
#[derive(Clone, Copy, Default)]
pub struct Moods {
    /// Says no for now.
    pub refuses: u64,
    /// Hangs up before it has taken the mail.
    pub hangs_up: u64,
    /// Takes the mail and hangs up without saying so.
    pub takes_silently: u64,
}

/// A running server.
#[derive(Clone)]
pub struct MailServer {
    pub url: String,
    received: Arc<Mutex<Vec<Received>>>,
    dice: Arc<AtomicU64>,
    moods: Moods,
}

impl MailServer {
    pub async fn start(moods: Moods) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let server = Self { url, received: Arc::default(), dice: Arc::new(AtomicU64::new(7)), moods };
        let answering = server.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let server = answering.clone();
                // A client that goes away in the middle is one of the things that happen.
                tokio::spawn(async move { server.talk(connection).await.unwrap_or_default() });
            }
        });
        server
    }

    /// Everything taken so far.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// A number below a hundred, the same row of numbers in every run.
    fn dice(&self) -> u64 {
        let next =
            |seed: u64| Some(seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
        (self.dice.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next).unwrap() >> 33) % 100
    }

    async fn talk(&self, mut connection: TcpStream) -> std::io::Result<()> {
        let (reading, writing) = connection.split();
        let (mut lines, mut answers) = (BufReader::new(reading).lines(), BufWriter::new(writing));
        let mut to = String::new();
        answers.write_all(b"220 a mail server with moods\r\n").await?;
        answers.flush().await?;
        while let Some(line) = lines.next_line().await? {
            let answer = match line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str() {
                "EHLO" => "250-here\r\n250 8BITMIME\r\n",
                "RCPT" => {
                    to = line.trim_start_matches(|letter| letter != '<').trim_matches(['<', '>']).to_owned();
                    match self.dice() {
                        dice if dice < self.moods.refuses => "451 not now\r\n",
                        dice if dice < self.moods.refuses + self.moods.hangs_up => return Ok(()),
                        _ => "250 yes\r\n",
                    }
                }
                "DATA" => {
                    answers.write_all(b"354 go on\r\n").await?;
                    answers.flush().await?;
                    let (mut message_id, mut text) = (String::new(), String::new());
                    loop {
                        let Some(line) = lines.next_line().await? else { return Ok(()) };
                        if line == "." {
                            break;
                        }
                        if let Some(id) = line.strip_prefix("Message-ID: ") {
                            message_id = id.to_owned();
                        }
                        text.push_str(&line);
                        text.push('\n');
                    }
                    self.received.lock().unwrap().push(Received { message_id, to: to.clone(), text });
                    if self.dice() < self.moods.takes_silently {
                        return Ok(());
                    }
                    "250 taken\r\n"
                }
                "QUIT" => {
                    answers.write_all(b"221 bye\r\n").await?;
                    return answers.flush().await;
                }
                _ => "250 yes\r\n",
            };
            answers.write_all(answer.as_bytes()).await?;
            answers.flush().await?;
        }
        Ok(())
    }
}
