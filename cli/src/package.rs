//! `landfall package`: puts a configuration into functions' packages that were built elsewhere.
//!
//! A package comes out the same wherever and whenever it is made: its files keep their bytes, as they were compressed,
//! their order and their mode bits, the configuration comes last and uncompressed, and every time in it is that at which
//! the time of ZIP files begins.
//!
//! Lambda starts a function on the processor that the template names, whatever its program was built for: packages for
//! several don't belong to one stack.

use std::{
    fs::{self, File},
    io::{Read as _, Seek, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use catalogue::check;
use landfall_aws::config::{NAME, digest};
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use serde_json::json;
use zip::{
    CompressionMethod, DateTime, ZipArchive, ZipWriter, result::ZipResult, write::SimpleFileOptions,
};

use crate::{args::GivenPackage, configuration::Configuration, failure::Failure, print};

/// What Lambda starts.
const PROGRAM: &str = "bootstrap";

/// How much of a program says for which processor it is, and of which part of a package that can be made out.
const HEADER_BYTES: usize = 20;
const RAW_BYTES: u64 = 4096;

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
        .map(|file| opened(file).map(|(archive, built)| (file, archive, built)))
        .collect::<Result<Vec<_>, _>>()?;
    let mut built = packages.iter().filter_map(|(_, _, built)| *built);
    let first = built.next();
    if built.any(|other| Some(other) != first) {
        let files = packages.iter().map(|(file, _, built)| {
            format!(
                "{} for {}",
                file.display(),
                built.unwrap_or("nobody knows which")
            )
        });
        let files: Vec<_> = files.collect();
        return Err(Failure::usage(format!(
            "they are built for several processors: {}",
            files.join(", ")
        )));
    }
    let digest = digest(text.as_bytes());
    for (file, archive, built) in packages {
        replace(file, archive, &text)
            .map_err(|error| Failure::trouble(format!("{}: {error}", file.display())))?;
        if as_json {
            print::json(&json!({
                "package": file.display().to_string(),
                "config": called,
                "digest": digest,
                "architecture": built,
            }));
        } else {
            let built = built.map_or(String::new(), |built| format!(", for Architecture={built}"));
            print::line(&format!(
                "{} has {called} ({digest}){built}",
                file.display()
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A package, and the template's `Architecture` that its program is built for, as far as its header says it.
fn opened(file: &Path) -> Result<(ZipArchive<File>, Option<&'static str>), Failure> {
    let unreadable = |error| Failure::usage(format!("{} can't be read: {error}", file.display()));
    let archive = File::open(file).map_err(zip::result::ZipError::from);
    let mut archive = archive.and_then(ZipArchive::new).map_err(unreadable)?;
    let Some(program) = archive.index_for_name(PROGRAM) else {
        return Err(Failure::usage(format!(
            "{} is no package of a function: there is no `{PROGRAM}` in it",
            file.display()
        )));
    };
    let header = beginning(&mut archive, program).map_err(unreadable)?;
    Ok((archive, architecture(&header)))
}

/// The beginning of a file in the package: as it is, or deflated, as packages mostly are.
fn beginning(archive: &mut ZipArchive<File>, index: usize) -> ZipResult<Vec<u8>> {
    let entry = archive.by_index_raw(index)?;
    let method = entry.compression();
    let mut raw = Vec::new();
    entry.take(RAW_BYTES).read_to_end(&mut raw)?;
    Ok(match method {
        CompressionMethod::Stored => raw,
        // It is only begun, so that what there is comes with an error.
        CompressionMethod::DEFLATE => {
            decompress_to_vec_with_limit(&raw, HEADER_BYTES).unwrap_or_else(|error| error.output)
        }
        _ => Vec::new(),
    })
}

/// What an ELF header says of the processor, in its field `e_machine`.
fn architecture(header: &[u8]) -> Option<&'static str> {
    match header {
        [0x7f, b'E', b'L', b'F', ..] => match header.get(18..HEADER_BYTES) {
            Some([0x3e, 0]) => Some("x86_64"),
            Some([0xb7, 0]) => Some("arm64"),
            _ => None,
        },
        _ => None,
    }
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
