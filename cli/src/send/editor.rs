//! Has a person change a body in their editor.

use std::{fs, path::Path, process::Command};

use landfall_aws::clock::SystemClock;
use protocol::ports::Clock as _;

use crate::{failure::Failure, indent::indented, secrets::kept};

#[cfg(unix)]
const USUAL: &str = "vi";
#[cfg(not(unix))]
const USUAL: &str = "notepad";

/// The body as it is once the editor has ended: byte for byte as it was where nothing was changed. JSON has a line for each
/// value there.
pub(super) fn edited(body: &[u8], editor: Option<&str>) -> Result<Vec<u8>, Failure> {
    let text = std::str::from_utf8(body)
        .map_err(|_| Failure::usage("the body is no text: give another with --body-file"))?;
    let json = indented(text);
    let ending = if json.is_some() { "json" } else { "txt" };
    let shown = json.as_deref().unwrap_or(text);
    let name = format!("landfall-{:016x}.{ending}", SystemClock.random());
    let file = std::env::temp_dir().join(name);
    kept::write(&file, shown)?;
    let written = open(&file, editor.unwrap_or(USUAL)).and_then(|()| {
        fs::read_to_string(&file)
            .map_err(|error| Failure::trouble(format!("{} can't be read: {error}", file.display())))
    })?;
    if json.is_some() && indented(&written).is_none() {
        return Err(Failure::usage(format!(
            "what you have written is no JSON; it is in {0}: mend it and send it with --body-file {0}",
            file.display()
        )));
    }
    // A body may be somebody's; it isn't left behind.
    fs::remove_file(&file).map_err(|error| {
        Failure::trouble(format!("{} can't be taken away: {error}", file.display()))
    })?;
    // Editors end a text with a line end.
    let written = match written.strip_suffix('\n') {
        Some(rest) if !shown.ends_with('\n') => rest,
        _ => written.as_str(),
    };
    Ok(if written == shown {
        body
    } else {
        written.as_bytes()
    }
    .to_vec())
}

/// Opens a file in an editor, which may have arguments, and waits until it has ended.
fn open(file: &Path, editor: &str) -> Result<(), Failure> {
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or(USUAL);
    let ended = Command::new(program).args(words).arg(file).status();
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::trouble(format!(
            "the editor `{editor}` ended with {status}: nothing was sent, and the body is in {}",
            file.display()
        ))),
        Err(error) => Err(Failure::usage(format!(
            "the editor `{editor}` can't be started ({error}): set the variable EDITOR"
        ))),
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"{\"b\":1.10,  \"a\":12345678901234567890}";

    #[test]
    fn what_was_not_changed_stays_byte_for_byte() {
        assert_eq!(edited(BODY, Some("true")).unwrap(), BODY);
        assert_eq!(edited(b"a=1&b=2", Some("true")).unwrap(), b"a=1&b=2");
    }

    #[test]
    fn what_was_changed_is_sent_and_numbers_stay_as_they_are() {
        let changed = edited(BODY, Some("sed -i s/1.10/2.20/")).unwrap();
        let text = String::from_utf8(changed).unwrap();
        assert_eq!(text, "{\n  \"b\": 2.20,\n  \"a\": 12345678901234567890\n}");
    }

    #[test]
    fn an_editor_that_fails_or_leaves_no_json_behind_sends_nothing() {
        for editor in ["false", "no-such-editor-at-all", "sed -i s/}//"] {
            assert!(edited(BODY, Some(editor)).is_err(), "{editor}");
        }
        assert!(edited(b"\xff", Some("true")).is_err());
    }
}
