//! Has the linker of a release put next to each other what runs (`infra/package/layout.ld`).

use std::{env, error::Error, path::Path};

// What cargo tells a build script it tells by the environment.
#[allow(clippy::disallowed_methods)]
fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::var("CARGO_MANIFEST_DIR")?;
    let layout = Path::new(&folder).join("../../infra/package/layout.ld");
    println!("cargo::rerun-if-changed={}", layout.display());
    // What is deployed is a release, for Linux. Other systems' linkers have no such scripts.
    if env::var("PROFILE")? == "release" && env::var("CARGO_CFG_TARGET_OS")? == "linux" {
        println!("cargo::rustc-link-arg-bins=-T{}", layout.display());
    }
    Ok(())
}
