//! An HTTP API on this machine, for handlers that call one.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

/// An API that gives every request the same answer until it is told another, and remembers all of them. It lives as long
/// as the tests.
pub struct Api {
    url: String,
    memory: Arc<Mutex<Memory>>,
}

struct Memory {
    status: u16,
    body: String,
    asked: Vec<Asked>,
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Method and path.
    pub what: String,
    /// By name in lower case.
    pub headers: BTreeMap<String, String>,
    /// As it came.
    pub body: String,
}

impl Api {
    /// An API whose answers have this status and no body.
    #[must_use]
    pub fn answering(status: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let memory = Arc::new(Mutex::new(Memory {
            status,
            body: String::new(),
            asked: Vec::new(),
        }));
        let shared = Arc::clone(&memory);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let request = read(&stream);
                let mut memory = shared.lock().unwrap();
                memory.asked.push(request);
                let Memory { status, body, .. } = &*memory;
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 {status} -\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
                );
                drop(memory);
                // Whoever asked may have given up.
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Self { url, memory }
    }

    /// What it answers from now on.
    pub fn answer(&self, status: u16, body: &(impl ToString + ?Sized)) {
        let mut memory = self.memory.lock().unwrap();
        memory.status = status;
        memory.body = body.to_string();
    }

    /// Where it is, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The requests so far.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.memory.lock().unwrap().asked.clone()
    }
}

fn read(stream: &TcpStream) -> Asked {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end() {
            "" => break,
            line => head.push(line.to_owned()),
        }
    }
    let headers: BTreeMap<String, String> = (head[1..].iter())
        .map(|line| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_lowercase(), value.trim().to_owned())
        })
        .collect();
    let length = headers.get("content-length");
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    Asked {
        what: head[0].trim_end_matches(" HTTP/1.1").to_owned(),
        headers,
        body: String::from_utf8(body).unwrap(),
    }
}
