//! Writes what fuzzing begins with into the folder that is named: a file for each input, in a folder for each target.

use std::{env, fs, io, path::PathBuf};

use landfall_tests::fuzz::seeds::inputs;

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::args().nth(1).ok_or(io::ErrorKind::InvalidInput)?);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    for (name, bytes) in inputs() {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&folder))?;
        fs::write(path, bytes)?;
    }
    Ok(())
}
