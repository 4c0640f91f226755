//! What a command prints and reads, kept in memory: the console runs commands, each on a thread, and shows what they said.

use std::{
    cell::RefCell,
    io::{IsTerminal as _, Write as _},
    sync::{Arc, Mutex, PoisonError},
};

thread_local! {
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

struct Kept {
    input: Vec<u8>,
    printed: Vec<u8>,
    notes: Notes,
}

/// What a command has noted so far. Another thread may look while it runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    /// All of them, the oldest first.
    pub(crate) fn all(&self) -> Vec<String> {
        let notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        notes.clone()
    }

    fn add(&self, note: &str) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        notes.push(note.to_owned());
    }
}

/// Does this work with this text as its standard input, and gives back what it printed. What it notes is added to `notes`.
pub(crate) fn captured<T>(input: Vec<u8>, notes: &Notes, work: impl FnOnce() -> T) -> (T, Vec<u8>) {
    let kept = Kept {
        input,
        printed: Vec::new(),
        notes: notes.clone(),
    };
    KEPT.replace(Some(kept));
    let done = work();
    let printed = KEPT.take().map(|kept| kept.printed).unwrap_or_default();
    (done, printed)
}

/// The text that stands for standard input on this thread, if one does.
pub(crate) fn input() -> Option<Vec<u8>> {
    KEPT.with_borrow(|kept| kept.as_ref().map(|kept| kept.input.clone()))
}

/// Whether somebody at a terminal can be asked.
pub(crate) fn can_ask() -> bool {
    input().is_none() && std::io::stdin().is_terminal()
}

/// Writes to standard output.
pub(super) fn out(bytes: &[u8]) {
    let is_kept = KEPT.with_borrow_mut(|kept| {
        kept.as_mut()
            .map(|kept| kept.printed.extend_from_slice(bytes))
    });
    if is_kept.is_none() {
        let _ = std::io::stdout().lock().write_all(bytes);
    }
}

/// Writes a note to standard error, behind the command's name.
pub(super) fn note(text: &str) {
    let is_kept = KEPT.with_borrow(|kept| kept.as_ref().map(|kept| kept.notes.add(text)));
    if is_kept.is_none() {
        eprintln!("landfall: {text}");
    }
}

/// Writes what is wrong with a file to standard error.
pub(super) fn faults(text: &str) {
    let is_kept = KEPT.with_borrow(|kept| kept.as_ref().map(|kept| kept.notes.add(text)));
    if is_kept.is_none() {
        eprintln!("{text}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print;

    #[test]
    fn what_is_printed_and_noted_on_a_thread_is_kept_and_nobody_is_asked() {
        let notes = Notes::default();
        let (asked, printed) = captured(b"text".to_vec(), &notes, || {
            print::line("one");
            print::note("two\u{202e}");
            print::bytes(b"\0");
            (can_ask(), input())
        });
        assert_eq!(asked, (false, Some(b"text".to_vec())));
        assert_eq!(printed, b"one\n\0");
        assert_eq!(notes.all(), ["two\\u{202e}"]);
        assert_eq!(input(), None);
    }
}
