//! Explores every configuration and every mutant and prints the report, a Markdown page, on standard output.
//! An argument `mutants` or `promises` leaves the other half out.

use std::process::ExitCode;

use landfall_model::report;

fn main() -> ExitCode {
    let half = std::env::args().nth(1);
    let mut sound = true;
    if half.as_deref() != Some("mutants") {
        sound &= report::promises(&mut |line| println!("{line}"));
    }
    if half.as_deref() != Some("promises") {
        sound &= report::mutants(&mut |line| println!("{line}"));
    }
    if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
