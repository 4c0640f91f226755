//! How far a listener came, kept in a file of this machine: for each stack and each set of sources one.

use std::{
    collections::BTreeMap,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use landfall_aws::config::{digest, environment};
use protocol::time::{Millis, UnixMillis};
use serde::{Deserialize, Serialize};

use crate::{failure::Failure, secrets::kept, stack::Stack};

/// How far a listener came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// When it last looked.
    pub(super) looked_at: UnixMillis,
    /// Among the events that were received.
    pub(super) events: Passed<LATE_EVENT>,
    /// Among the replays that were run.
    pub(super) replays: Passed<LATE_LINE>,
}

/// What was passed of a row of things, which may come so many milliseconds late: those of the last moments are known by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Passed<const LATE: i64> {
    /// Nothing before this is meant.
    from: UnixMillis,
    /// The time of the youngest that was passed.
    to: UnixMillis,
    /// Those that were passed and are younger than that.
    known: BTreeMap<String, UnixMillis>,
}

/// How late the index may have an event, and ingest's clock be.
const LATE_EVENT: i64 = 10_000;

/// How late CloudWatch Logs may bring a line.
const LATE_LINE: i64 = 60_000;

impl Cursor {
    /// One that has passed nothing of what comes from then on.
    pub(super) fn starting(from: UnixMillis, now: UnixMillis) -> Self {
        Self {
            looked_at: now,
            events: Passed::starting(from),
            replays: Passed::starting(from),
        }
    }

    /// What was kept; `None`: nobody has listened yet.
    pub(super) fn read(file: &Path) -> Result<Option<Self>, Failure> {
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                let file = file.display();
                return Err(Failure::trouble(format!("{file} can't be read: {error}")));
            }
        };
        serde_json::from_str(&text).map(Some).map_err(|error| {
            Failure::trouble(format!(
                "{} doesn't say how far a listener came ({error}): take it away, and say where to begin with --since",
                file.display()
            ))
        })
    }

    /// Keeps it.
    pub(super) fn write(&self, file: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string(self)
            .map_err(|error| Failure::trouble(format!("the cursor can't be written: {error}")))?;
        kept::write(file, &text)
    }
}

impl<const LATE: i64> Passed<LATE> {
    fn starting(from: UnixMillis) -> Self {
        Self {
            from,
            to: from,
            known: BTreeMap::new(),
        }
    }

    /// From when on something may be that wasn't passed.
    pub(super) fn since(&self) -> UnixMillis {
        self.to.plus(Millis(-LATE)).max(self.from)
    }

    /// Whether it was passed.
    pub(super) fn has(&self, name: &str, at: UnixMillis) -> bool {
        at < self.since() || self.known.get(name) == Some(&at)
    }

    /// Whether one of this name was passed lately, whenever that was.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.known.contains_key(name)
    }

    /// Passes one.
    pub(super) fn pass(&mut self, name: String, at: UnixMillis) {
        self.known.insert(name, at);
        self.pass_all(at);
    }

    /// Passes all that may have come by then.
    pub(super) fn pass_all(&mut self, at: UnixMillis) {
        self.to = self.to.max(at);
        let since = self.since();
        self.known.retain(|_, at| *at >= since);
    }
}

/// Where the cursor of a stack and of these sources is kept.
pub(super) fn file(stack: &Stack, sources: &[&str]) -> Result<PathBuf, Failure> {
    let mut sources = sources.to_vec();
    sources.sort_unstable();
    sources.dedup();
    // The queue's address has region and account.
    let of = format!("{} {}", stack.deployed.queue_url()?, sources.join(" "));
    let mut name = digest(of.as_bytes());
    name.truncate(16);
    let folder = match stack.folder() {
        Some(folder) => folder.to_owned(),
        None => state_folder(environment).ok_or_else(|| {
            Failure::trouble("where may state be kept? Neither XDG_STATE_HOME nor HOME is set")
        })?,
    };
    let file = format!("{}-{name}.json", stack.deployed.name());
    Ok(folder.join("listen").join(file))
}

/// Where this user's programs keep their state.
fn state_folder(lookup: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let set = |name: &str| lookup(name).filter(|text| !text.is_empty());
    let state = set("XDG_STATE_HOME").or_else(|| set("LOCALAPPDATA"));
    let state = state.map(PathBuf::from);
    let of_home = || set("HOME").map(|home| PathBuf::from(home).join(".local/state"));
    Some(state.or_else(of_home)?.join("landfall"))
}

/// Keeps others from listening by the same cursor as long as this lives.
pub(super) fn lock(file: &Path) -> Result<File, Failure> {
    let beside = file.with_extension("lock");
    let failed = |error: &io::Error| {
        Failure::trouble(format!("{} can't be written: {error}", beside.display()))
    };
    if let Some(folder) = beside.parent() {
        fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    }
    let lock = File::create(&beside).map_err(|error| failed(&error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(Failure::trouble(
            "somebody on this machine listens to these sources of this stack already: both would take the other's events",
        )),
        Err(TryLockError::Error(error)) => Err(failed(&error)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_came_late_is_not_passed_over_and_nothing_comes_twice() {
        let mut passed = Passed::<10>::starting(UnixMillis(0));
        assert_eq!(passed.since(), UnixMillis(0));
        passed.pass("b".into(), UnixMillis(100));
        assert!(passed.has("b", UnixMillis(100)) && !passed.has("a", UnixMillis(95)));
        passed.pass("a".into(), UnixMillis(95));
        assert_eq!(passed.since(), UnixMillis(90));
        // So old that it was passed long ago.
        assert!(passed.has("c", UnixMillis(89)));
        // The same id, in another life.
        assert!(!passed.has("a", UnixMillis(96)));
        passed.pass("d".into(), UnixMillis(120));
        assert_eq!(passed.known.len(), 1);
        passed.pass_all(UnixMillis(200));
        assert!(passed.known.is_empty() && passed.has("d", UnixMillis(120)));
    }

    #[test]
    fn nothing_is_meant_from_before_the_start() {
        let cursor = Cursor::starting(UnixMillis(1_000_000), UnixMillis(1_000_000));
        assert!(cursor.events.has("a", UnixMillis(999_999)));
        assert!(!cursor.events.has("a", UnixMillis(1_000_000)));
    }

    #[test]
    fn a_cursor_is_kept_as_it_is_and_by_one_listener_at_a_time() {
        let folder = std::env::temp_dir().join(format!("landfall-listen-{}", std::process::id()));
        let file = folder.join("of.json");
        assert_eq!(Cursor::read(&file).unwrap(), None);
        let held = lock(&file).unwrap();
        assert!(lock(&file).is_err());
        drop(held);
        assert!(lock(&file).is_ok());
        let mut cursor = Cursor::starting(UnixMillis(1), UnixMillis(2));
        cursor.events.pass("github#\u{e9}".into(), UnixMillis(3));
        cursor.write(&file).unwrap();
        assert_eq!(Cursor::read(&file).unwrap(), Some(cursor));
        fs::write(&file, "{").unwrap();
        assert!(Cursor::read(&file).is_err());
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn state_is_kept_where_the_user_keeps_it() {
        let folder = |set: &'static [(&str, &str)]| {
            state_folder(|name| {
                let found = set.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(
            folder(&[("HOME", "/h"), ("XDG_STATE_HOME", "/s")]),
            Some("/s/landfall".into())
        );
        assert_eq!(
            folder(&[("HOME", "/h"), ("XDG_STATE_HOME", "")]),
            Some("/h/.local/state/landfall".into())
        );
        assert_eq!(folder(&[]), None);
    }
}
