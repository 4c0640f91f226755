//! `landfall package`: a configuration is put into packages that were built elsewhere.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use miniz_oxide::deflate::compress_to_vec;
use zip::{
    CompressionMethod, DateTime, ZipArchive, ZipWriter,
    write::{FileOptions, SimpleFileOptions},
};

use crate::common::{Run, landfall};

mod common;

const SOUND: &str = "[sources.shop]\nprovider = \"stripe\"\n";

/// A folder of this test's own, with a configuration in it.
fn folder(name: &str, content: &str) -> PathBuf {
    let folder =
        std::env::temp_dir().join(format!("landfall-package-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("landfall.toml"), content).unwrap();
    folder
}

/// A package of these files, as somebody made it in this year.
fn package(file: &Path, year: u16, files: &[(&str, u32, &str)]) -> String {
    let mut writer = ZipWriter::new(File::create(file).unwrap());
    for (name, mode, content) in files {
        let options: SimpleFileOptions = FileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(DateTime::from_date_and_time(year, 1, 2, 3, 4, 6).unwrap())
            .unix_permissions(*mode);
        writer.start_file(*name, options).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap();
    file.display().to_string()
}

fn put(folder: &Path, packages: &[&str]) -> Run {
    let config = folder.join("landfall.toml").display().to_string();
    let arguments = [&["package", "--config", &config, "--into"][..], packages].concat();
    landfall(&arguments, b"")
}

/// Name, mode bits and content of each file.
fn content(file: &str) -> Vec<(String, Option<u32>, String)> {
    let mut archive = ZipArchive::new(File::open(file).unwrap()).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index(index).unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            (
                entry.name().unwrap().into_owned(),
                entry.unix_mode().map(|mode| mode & 0o777),
                text,
            )
        })
        .collect()
}

#[test]
fn a_package_gets_the_configuration_and_keeps_all_else() {
    let folder = folder("kept", SOUND);
    let bare = package(
        &folder.join("bare.zip"),
        2024,
        &[
            ("bootstrap", 0o755, "program"),
            ("data/more.txt", 0o600, "x"),
        ],
    );
    let configured = package(
        &folder.join("configured.zip"),
        2024,
        &[
            ("landfall.toml", 0o644, "old"),
            ("bootstrap", 0o555, "program"),
        ],
    );
    let run = put(&folder, &[&bare, &configured]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stdout.lines().count(), 2, "{}", run.stdout);
    let entry = |name: &str, mode, text: &str| (name.to_owned(), Some(mode), text.to_owned());
    assert_eq!(
        content(&bare),
        [
            entry("bootstrap", 0o755, "program"),
            entry("data/more.txt", 0o600, "x"),
            entry("landfall.toml", 0o644, SOUND),
        ]
    );
    assert_eq!(
        content(&configured),
        [
            entry("bootstrap", 0o555, "program"),
            entry("landfall.toml", 0o644, SOUND)
        ]
    );
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_same_comes_out_whenever_it_is_made_and_however_often() {
    let folder = folder("same", SOUND);
    let files = [("bootstrap", 0o755, "program")];
    let older = package(&folder.join("older.zip"), 1999, &files);
    let newer = package(&folder.join("newer.zip"), 2026, &files);
    assert_ne!(fs::read(&older).unwrap(), fs::read(&newer).unwrap());
    assert_eq!(put(&folder, &[&older, &newer]).code, 0);
    let once = fs::read(&older).unwrap();
    assert!(once == fs::read(&newer).unwrap());
    assert_eq!(put(&folder, &[&older]).code, 0);
    assert!(once == fs::read(&older).unwrap());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_is_no_package_is_refused_and_nothing_is_written() {
    let folder = folder("refused", SOUND);
    let sound = package(
        &folder.join("sound.zip"),
        2024,
        &[("bootstrap", 0o755, "program")],
    );
    let layer = package(
        &folder.join("layer.zip"),
        2024,
        &[("bin/bootstrap", 0o755, "program")],
    );
    let text = folder.join("landfall.toml").display().to_string();
    let before = fs::read(&sound).unwrap();
    for (strange, said) in [
        (layer.as_str(), "there is no `bootstrap` in it"),
        (text.as_str(), "can't be read"),
        ("/nowhere.zip", "can't be read"),
    ] {
        let run = put(&folder, &[&sound, strange]);
        assert_eq!(run.code, 2, "{strange}: {}", run.stdout);
        assert!(
            run.stderr.contains(strange) && run.stderr.contains(said),
            "{}",
            run.stderr
        );
        assert!(before == fs::read(&sound).unwrap(), "{strange}");
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_configuration_with_faults_goes_into_no_package() {
    let folder = folder(
        "faults",
        "[sources.shop]\nprovder = \"stripe\"\ntries = 0\n",
    );
    let sound = package(
        &folder.join("sound.zip"),
        2024,
        &[("bootstrap", 0o755, "program")],
    );
    let before = fs::read(&sound).unwrap();
    let run = put(&folder, &[&sound]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    for line in ["landfall.toml:2: ", "landfall.toml:3: "] {
        assert!(run.stderr.contains(line), "{}", run.stderr);
    }
    assert!(before == fs::read(&sound).unwrap());
    fs::remove_dir_all(folder).unwrap();
}

/// The beginning of a program for the processor of this number, by the System V ABI.
fn header(machine: u8) -> Vec<u8> {
    let mut header = vec![0x7f, b'E', b'L', b'F', 2, 1, 1];
    header.resize(16, 0);
    header.extend([3, 0, machine, 0]);
    header.resize(64, 0);
    header
}

/// A package whose program begins so.
fn built_for(file: &Path, machine: u8) -> String {
    let mut writer = ZipWriter::new(File::create(file).unwrap());
    let options = SimpleFileOptions::default();
    writer.start_file("bootstrap", options).unwrap();
    writer.write_all(&header(machine)).unwrap();
    writer.finish().unwrap();
    file.display().to_string()
}

/// The same, deflated, as whoever packs a release does it: what the library of this test doesn't write is put into the two
/// headers that a file has in a ZIP, the method (8) and the length without it.
fn deflated_for(file: &Path, machine: u8) -> String {
    let program = header(machine).repeat(1000);
    let mut writer = ZipWriter::new(File::create(file).unwrap());
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    writer.start_file("bootstrap", options).unwrap();
    writer.write_all(&compress_to_vec(&program, 9)).unwrap();
    writer.finish().unwrap();
    let mut archive = fs::read(file).unwrap();
    let length = u32::try_from(program.len()).unwrap().to_le_bytes();
    let central = (archive.windows(4).position(|at| at == b"PK\x01\x02")).unwrap();
    for (method, whole) in [(8, 22), (central + 10, central + 24)] {
        archive[method] = 8;
        archive[whole..whole + 4].copy_from_slice(&length);
    }
    fs::write(file, archive).unwrap();
    file.display().to_string()
}

#[test]
fn packages_say_for_which_processor_they_are_and_those_for_several_do_not_belong_together() {
    let folder = folder("processor", SOUND);
    // EM_X86_64 and EM_AARCH64.
    let [x86, arm] = [("x86.zip", 62), ("arm.zip", 183)]
        .map(|(name, machine)| built_for(&folder.join(name), machine));
    let before = fs::read(&arm).unwrap();
    let mixed = put(&folder, &[&x86, &arm]);
    assert_eq!(mixed.code, 2);
    for said in [format!("{x86} for x86_64"), format!("{arm} for arm64")] {
        assert!(mixed.stderr.contains(&said), "{}", mixed.stderr);
    }
    assert_eq!(fs::read(&arm).unwrap(), before, "none was touched");
    let small = deflated_for(&folder.join("small.zip"), 183);
    for (file, architecture) in [(&x86, "x86_64"), (&arm, "arm64"), (&small, "arm64")] {
        let run = put(&folder, &[file]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let ending = format!(", for Architecture={architecture}\n");
        assert!(run.stdout.ends_with(&ending), "{}", run.stdout);
    }
    fs::remove_dir_all(folder).unwrap();
}
