//! `landfall package`: puts a configuration into functions' packages that were built elsewhere.
//!
//! A package comes out the same wherever and whenever it is made: its files keep their bytes, as they were compressed,
//! their order and their mode bits, the configuration comes last and uncompressed, and every time in it is that at which
//! the time of ZIP files begins.

use std::{
    fs::{self, File},
    io::{Seek, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use catalogue::check;
use landfall_aws::config::{NAME, digest};
use serde_json::json;
use zip::{
    CompressionMethod, DateTime, ZipArchive, ZipWriter, result::ZipResult, write::SimpleFileOptions,
};

use crate::{args::GivenPackage, configuration::Configuration, failure::Failure, print};

/// What Lambda starts.
const PROGRAM: &str = "bootstrap";

pub(crate) fn run(
    given: &GivenPackage,
    config: Option<&Path>,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let Configuration { called, text } = Configuration::find(config)?;
    if let Err(faults) = check::count(&text) {
        print::faults(&check::listed(&called, &faults));
        return Ok(ExitCode::FAILURE);
    }
    // Nothing is written before all of them are known to be functions' packages.
    let packages = (given.into.iter())
        .map(|file| opened(file).map(|archive| (file, archive)))
        .collect::<Result<Vec<_>, _>>()?;
    let digest = digest(text.as_bytes());
    for (file, archive) in packages {
        replace(file, archive, &text)
            .map_err(|error| Failure::trouble(format!("{}: {error}", file.display())))?;
        if as_json {
            print::json(
                &json!({"package": file.display().to_string(), "config": called, "digest": digest}),
            );
        } else {
            print::line(&format!("{} has {called} ({digest})", file.display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn opened(file: &Path) -> Result<ZipArchive<File>, Failure> {
    let archive = File::open(file).map_err(zip::result::ZipError::from);
    let archive = archive
        .and_then(ZipArchive::new)
        .map_err(|error| Failure::usage(format!("{} can't be read: {error}", file.display())))?;
    if archive.index_for_name(PROGRAM).is_none() {
        return Err(Failure::usage(format!(
            "{} is no package of a function: there is no `{PROGRAM}` in it",
            file.display()
        )));
    }
    Ok(archive)
}

/// Writes the package anew beside itself, and then puts it in its place.
fn replace(file: &Path, mut archive: ZipArchive<File>, text: &str) -> ZipResult<()> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let written = File::create(&beside)
        .map_err(Into::into)
        .and_then(|new| write(&mut archive, new, text))
        .and_then(|()| {
            Ok(fs::set_permissions(
                &beside,
                fs::metadata(file)?.permissions(),
            )?)
        })
        .and_then(|()| Ok(fs::rename(&beside, file)?));
    if written.is_err() {
        // What is left of it is of no use; the package is as it was.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write(archive: &mut ZipArchive<File>, new: impl Write + Seek, text: &str) -> ZipResult<()> {
    let time = DateTime::default();
    let mut writer = ZipWriter::new(new);
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index)?;
        if entry.name_raw() == NAME.as_bytes() {
            continue;
        }
        let mode = entry.unix_mode();
        writer.raw_copy_file_touch(entry, time, mode)?;
    }
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(time)
        .unix_permissions(0o644);
    writer.start_file(NAME, options)?;
    writer.write_all(text.as_bytes())?;
    writer.finish()?;
    Ok(())
}
