//! `landfall-check FILE`: what the build asks of a configuration before it goes into a package. It is
//! `landfall check` without the command line's dependencies, so that a function's build needn't wait for them.
//! `landfall-check --schema` prints the file's JSON Schema.

use std::{fs, process::ExitCode};

use catalogue::{check, reader};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), None) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: landfall-check FILE|--schema");
        return ExitCode::from(2);
    };
    if file == "--schema" {
        print!("{}", reader::schema());
        return ExitCode::SUCCESS;
    }
    let counts = fs::read_to_string(&file)
        .map_err(|error| check::unreadable(&file, &error))
        .and_then(|text| check::count(&text).map_err(|faults| check::listed(&file, &faults)));
    match counts {
        Ok(counts) => {
            println!("{}", check::sound(&file, &counts));
            for line in check::needed(&counts) {
                println!("{line}");
            }
            ExitCode::SUCCESS
        }
        Err(faults) => {
            eprintln!("{faults}");
            ExitCode::FAILURE
        }
    }
}
