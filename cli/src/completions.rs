//! `landfall completions` and `landfall man`: what shells and `man` want to know of this command.

use std::{fs, io, path::Path, process::ExitCode};

use clap::{Command, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::{args::Cli, failure::Failure, print};

pub(crate) fn completions(shell: Shell) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "landfall", &mut script);
    print::bytes(&script);
    ExitCode::SUCCESS
}

pub(crate) fn man(into: Option<&Path>) -> Result<ExitCode, Failure> {
    let Some(folder) = into else {
        let page = page(Cli::command()).map_err(|error| unwritable(Path::new("-"), &error))?;
        print::bytes(&page);
        return Ok(ExitCode::SUCCESS);
    };
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    let written = clap_mangen::generate_to(Cli::command(), folder);
    written.map_err(|error| unwritable(folder, &error))?;
    print::line(&format!("the pages are in {}", folder.display()));
    Ok(ExitCode::SUCCESS)
}

fn page(command: Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    Ok(page)
}

fn unwritable(file: &Path, error: &io::Error) -> Failure {
    Failure::trouble(format!("{} can't be written: {error}", file.display()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page() {
        let folder = std::env::temp_dir().join(format!("landfall-man-{}", std::process::id()));
        man(Some(&folder)).unwrap();
        let page = fs::read_to_string(folder.join("landfall-events-list.1")).unwrap();
        assert!(page.contains("landfall") && page.contains("\\-\\-since"));
        assert!(folder.join("landfall.1").is_file());
        fs::remove_dir_all(&folder).unwrap();
    }
}
