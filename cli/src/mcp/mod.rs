//! `landfall mcp`: a server of the Model Context Protocol over standard input and output.
//!
//! A tool is a command of this program, run as somebody would run it at a terminal and read as a script would read it. So there is
//! one place for what each does, and what it prints doesn't mix with the protocol. The protocol is small as far as a server with
//! tools alone needs it (<https://modelcontextprotocol.io/specification>), and its official crate brings a runtime for much more.

mod answer;
mod command;
mod rpc;
mod tools;

use std::{
    io::{self, BufRead, Read as _},
    process::ExitCode,
};

use self::{command::Program, rpc::Server};
use crate::{
    args::{GivenMcp, GivenStack},
    failure::Failure,
    print,
};

/// The longest message that is read, in bytes.
const LONGEST: usize = 1_048_576;

pub(crate) fn run(given: &GivenMcp, stack: &GivenStack) -> Result<ExitCode, Failure> {
    let server = Server {
        may: tools::May {
            show_bodies: given.bodies,
            write: given.allow_write,
        },
        program: Program::this(stack)?,
    };
    let mut input = io::stdin().lock();
    loop {
        let said = match message(&mut input) {
            Ok(Message::Text(line)) if line.trim_ascii().is_empty() => None,
            Ok(Message::Text(line)) => server.answer(&line),
            Ok(Message::TooLong) => Some(rpc::unreadable(&format!(
                "a message has {LONGEST} bytes at most"
            ))),
            Ok(Message::End) => return Ok(ExitCode::SUCCESS),
            Err(error) => {
                return Err(Failure::trouble(format!(
                    "standard input can't be read: {error}"
                )));
            }
        };
        if let Some(said) = said {
            print::json(&said);
        }
    }
}

/// What came in.
#[derive(Debug, PartialEq, Eq)]
enum Message {
    Text(Vec<u8>),
    TooLong,
    End,
}

/// The next line.
fn message(input: &mut impl BufRead) -> io::Result<Message> {
    let mut line = Vec::new();
    let longest = u64::try_from(LONGEST).unwrap_or(u64::MAX);
    input
        .by_ref()
        .take(longest + 1)
        .read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(Message::End);
    }
    if line.len() > LONGEST && !line.ends_with(b"\n") {
        skip_line(input)?;
        return Ok(Message::TooLong);
    }
    Ok(Message::Text(line))
}

/// Reads on to the line's end, and keeps nothing of it.
fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let read = input.fill_buf()?;
        let end = read.iter().position(|byte| *byte == b'\n');
        let (used, is_over) = match end {
            Some(end) => (end + 1, true),
            None => (read.len(), read.is_empty()),
        };
        input.consume(used);
        if is_over {
            return Ok(());
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_a_line_and_one_that_is_too_long_takes_no_other_with_it() {
        let long = "x".repeat(LONGEST + 1);
        let text = format!("{{}}\n{long}\n{long}{long}\nlast");
        let mut input = text.as_bytes();
        let mut next = || message(&mut input).unwrap();
        assert_eq!(next(), Message::Text(b"{}\n".to_vec()));
        assert_eq!(next(), Message::TooLong);
        assert_eq!(next(), Message::TooLong);
        assert_eq!(next(), Message::Text(b"last".to_vec()));
        assert_eq!(next(), Message::End);
    }
}
