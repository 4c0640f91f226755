//! Asks the person at the terminal before something is done that can't be undone.

use crate::{failure::Failure, print};

/// Whether this is to be done. `asked` says what, as in "this would …" and "… ?"; with `yes` nobody is asked, and where
/// nobody can be, it isn't.
pub(crate) fn given(asked: &str, yes: bool) -> Result<bool, Failure> {
    if yes {
        return Ok(true);
    }
    if !print::can_ask() {
        return Err(Failure::usage(format!(
            "this would {asked}: give --yes where nobody can be asked"
        )));
    }
    print::ask(&format!("{asked}? [y/N] "));
    let mut answer = String::new();
    std::io::stdin()
        .read_line(&mut answer)
        .map_err(|error| Failure::trouble(format!("the answer can't be read: {error}")))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
