//! A server of others, on the loopback.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use wijzer::fetch::Link;

/// What the server sends: parts, and a pause before each but the first.
#[derive(Clone)]
pub struct Reply {
    pub parts: Vec<Vec<u8>>,
    pub pause: Duration,
}

/// A server on the loopback that answers as told, and notes what it was asked.
pub struct Server {
    pub address: SocketAddr,
    pub asked: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// `answers`: from the head of a request to a reply.
    pub async fn new(answers: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (noted, answers) = (Arc::clone(&asked), Arc::new(answers));
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (noted, answers) = (Arc::clone(&noted), Arc::clone(&answers));
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    let mut buffer = [0; 1024];
                    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                        match stream.read(&mut buffer).await {
                            Ok(read) if read > 0 => head.extend_from_slice(&buffer[..read]),
                            _ => return,
                        }
                    }
                    let head = String::from_utf8(head).unwrap();
                    noted.lock().unwrap().push(head.clone());
                    let reply = answers(&head);
                    for (number, part) in reply.parts.iter().enumerate() {
                        if number > 0 {
                            tokio::time::sleep(reply.pause).await;
                        }
                        if stream.write_all(part).await.is_err() {
                            return;
                        }
                    }
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self {
            address,
            asked,
            task,
        }
    }

    pub fn link(&self, path: &str) -> Link {
        Link::parse(&format!("http://{}{path}", self.address)).unwrap()
    }

    pub fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

pub fn whole(text: &str) -> Reply {
    Reply {
        parts: vec![text.as_bytes().to_vec()],
        pause: Duration::ZERO,
    }
}

pub fn page(body: &str) -> Reply {
    let length = body.len();
    whole(&format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}"
    ))
}

pub fn redirect(location: &str) -> Reply {
    whole(&format!(
        "HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"
    ))
}
