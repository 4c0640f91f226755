//! Writes the seeds of `fuzz/corpus` anew, from the vectors, the keys and the sample events.

use std::{fs, io, path::Path};

use landfall_tests::fuzz::seeds::{corpus, seeds};

fn main() -> io::Result<()> {
    for target in fs::read_dir(corpus())? {
        for file in fs::read_dir(target?.path())? {
            let file = file?;
            if file.file_name().to_string_lossy().starts_with("seed-") {
                fs::remove_file(file.path())?;
            }
        }
    }
    for (path, bytes) in seeds() {
        let path = corpus().join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        fs::write(path, bytes)?;
    }
    Ok(())
}
