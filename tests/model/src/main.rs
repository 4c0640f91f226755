//! Explores every configuration and every mutant and prints the report, a Markdown page, on standard output.
//! An argument `promises`, `bundles` or `mutants` leaves the other parts out.

use std::process::ExitCode;

use landfall_model::report;

fn main() -> ExitCode {
    let only = std::env::args().nth(1);
    let asked = |part| only.as_deref().is_none_or(|only| only == part);
    let print = &mut |line| println!("{line}");
    let mut sound = true;
    if asked("promises") {
        sound &= report::promises(print);
        println!();
    }
    if asked("bundles") {
        sound &= report::bundles(print);
    }
    if asked("mutants") {
        sound &= report::mutants(print);
    }
    if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
