//! `landfall events export`: all events that are meant, whole, a line each.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};

use serde_json::Value;

use super::{
    look::{Look, unreadable},
    show,
};
use crate::{escape, failure::Failure, print, stack::Stack};

pub(super) async fn run(
    stack: &Stack,
    mut look: Look<'_>,
    into: Option<&Path>,
    with_body: bool,
) -> Result<ExitCode, Failure> {
    let unwritable = |error: io::Error| {
        let place = into.map_or_else(|| "-".to_owned(), |file| file.display().to_string());
        Failure::trouble(format!("{place} can't be written: {error}"))
    };
    let mut to: Box<dyn io::Write> = match into {
        Some(file) => Box::new(io::BufWriter::new(
            fs::File::create(file).map_err(unwritable)?,
        )),
        None => Box::new(io::stdout().lock()),
    };
    let mut count = 0_u64;
    while let Some(seen) = look.next().await? {
        let mut told = show::event_json(&seen.event, seen.work.as_ref());
        if with_body {
            let body = match seen.body {
                Some(body) => Ok(body),
                None => stack.body(&seen.event).await,
            };
            match body {
                Ok(body) => show::add_body(&mut told, body),
                Err(why) => unreadable(&seen.event, &why),
            }
        }
        let text = escape::json(&Value::to_string(&told));
        match writeln!(to, "{text}") {
            Ok(()) => count += 1,
            // Whoever read it has gone away.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => break,
            Err(error) => return Err(unwritable(error)),
        }
    }
    let flushed = to.flush();
    if let Err(error) = flushed
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        return Err(unwritable(error));
    }
    match look.cursor(None) {
        None => print::note(&format!(
            "{count} events, which are all ({})",
            look.in_words()
        )),
        Some(cursor) => print::note(&format!(
            "{count} events, and there are more ({}): --cursor {cursor}",
            look.in_words()
        )),
    }
    Ok(ExitCode::SUCCESS)
}
