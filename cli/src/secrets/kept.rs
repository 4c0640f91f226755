//! What this machine keeps of its own stack's secrets, so that they outlive the stack: in `secrets.json` what Secrets
//! Manager holds of sources, in `destination-secrets.json` what of destinations, and in `keys/` the private halves that only a provider has otherwise.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use landfall_aws::operator::SecretStore;

use crate::{failure::Failure, stack::Stack};

/// Whose secrets.
#[derive(Clone, Copy)]
pub(crate) enum Owners {
    Sources,
    Destinations,
}

/// Puts what was kept back into the stack's secret, for those that have nothing there.
pub(super) async fn restore(
    store: &SecretStore,
    folder: &Path,
    owners: Owners,
) -> Result<(), Failure> {
    let file = file(folder, owners);
    let kept = match fs::read_to_string(&file) {
        Ok(kept) => kept,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed("read", &file, &error)),
    };
    store
        .restore(&kept)
        .await
        .map_err(|fault| Failure::trouble(format!("{}: {}", file.display(), fault.text)))?;
    Ok(())
}

/// Keeps the stack's secret as it is now, if the stack runs on this machine.
pub(crate) async fn keep(
    store: &SecretStore,
    stack: &Stack,
    owners: Owners,
) -> Result<(), Failure> {
    match stack.folder() {
        Some(folder) => write(&file(folder, owners), &store.export().await?),
        None => Ok(()),
    }
}

/// The file of the private key that signs for a source.
pub(crate) fn private_key(folder: &Path, source: &str) -> PathBuf {
    folder.join("keys").join(format!("{source}.pem"))
}

/// Writes a file that nobody else may read. It is there whole or not at all.
pub(crate) fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let beside = file.with_extension("new");
    let written = (|| {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        io::Write::write_all(&mut options.open(&beside)?, text.as_bytes())?;
        fs::rename(&beside, file)
    })();
    written.map_err(|error| failed("written", file, &error))
}

fn file(folder: &Path, owners: Owners) -> PathBuf {
    folder.join(match owners {
        Owners::Sources => "secrets.json",
        Owners::Destinations => "destination-secrets.json",
    })
}

fn failed(what: &str, file: &Path, error: &io::Error) -> Failure {
    Failure::trouble(format!("{} can't be {what}: {error}", file.display()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_secrets_is_its_owners_alone() {
        let folder = std::env::temp_dir().join(format!("landfall-kept-{}", std::process::id()));
        let file = private_key(&folder, "orum");
        write(&file, "old").unwrap();
        write(&file, "hush").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "hush");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
