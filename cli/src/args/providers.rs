//! What `landfall providers` takes, and the help that teaches it.

use std::path::PathBuf;

use clap::{Args, Subcommand};

pub(crate) const EXAMPLES: &str = "\
Examples:
  landfall providers
  landfall providers orum
  landfall providers --json | jq -r '.[].name'
  landfall providers new acme --title Acme --docs https://acme.example/webhooks --header X-Acme-Signature";

pub(crate) const NEW_EXAMPLES: &str = "\
Writes the provider's file, its sample and its vectors, and the lines that name them, into the project's folder: what is \
there already is never written over. docs/provider-facts.md says where each fact is found that is missing then.

Examples:
  landfall providers new acme --title Acme --docs https://acme.example/webhooks \\
    --header X-Acme-Signature --prefix sha256= --event-id '{json:id}' --event-type '{json:type}'
  landfall providers new acme --title Acme --docs https://acme.example/webhooks \\
    --from-capture delivery.http --secret-file secret.txt --now 1767225600";

/// What to show of the catalogue.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct GivenProviders {
    #[command(subcommand)]
    pub(crate) command: Option<ProvidersCommand>,

    /// Show this provider in full
    pub(crate) name: Option<String>,

    /// Those only whose entry was written, or held against what says so, on this day or since: 2026-11-30
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with = "name")]
    pub(crate) changed_since: Option<String>,

    /// Print the page of the docs: docs/providers.md
    #[arg(long, conflicts_with_all = ["name", "json", "changed_since"])]
    pub(crate) markdown: bool,

    /// Print the catalogue as data: docs/catalogue.json, whose schema is docs/catalogue.schema.json
    #[arg(long, conflicts_with_all = ["name", "json", "changed_since", "markdown"])]
    pub(crate) data: bool,
}

/// What to do with the catalogue itself.
#[derive(Debug, Subcommand)]
pub(crate) enum ProvidersCommand {
    /// Begin an entry in this project: its file, its sample and its vectors
    #[command(after_help = NEW_EXAMPLES)]
    New(Box<GivenNewProvider>),
}

/// What is known of a provider that the catalogue doesn't have.
#[derive(Args, Debug)]
pub(crate) struct GivenNewProvider {
    /// The name that landfall.toml and this command will use: small letters, digits and `-`
    pub(crate) name: String,

    /// The name that people use [default: asked for]
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,

    /// The page that documents its webhooks [default: asked for]
    #[arg(long, value_name = "URL")]
    pub(crate) docs: Option<String>,

    /// A delivery of the provider's: raw HTTP, what `curl -i` shows, or what `landfall sign` prints. How it is signed is found as
    /// `landfall explain` finds it, and it becomes the sample and a vector
    #[arg(long, value_name = "FILE", requires = "secret_file", conflicts_with_all = ["header", "split", "prefix", "timestamp_header"])]
    pub(crate) from_capture: Option<PathBuf>,

    /// The secret that signed that delivery; one line end at its end is dropped
    #[arg(long, value_name = "FILE", requires = "from_capture")]
    pub(crate) secret_file: Option<PathBuf>,

    /// The URL that was called, where the delivery doesn't say it whole
    #[arg(long, requires = "from_capture")]
    pub(crate) url: Option<String>,

    /// When the delivery came, in seconds since 1970 [default: the clock]
    #[arg(long, value_name = "UNIX_SECONDS", requires = "from_capture")]
    pub(crate) now: Option<i64>,

    /// The header with the signature [default: asked for]
    #[arg(long, value_name = "NAME")]
    pub(crate) header: Option<String>,

    /// What separates the signatures of a list
    #[arg(long, value_name = "CHARACTER")]
    pub(crate) split: Option<String>,

    /// What a signature begins with, such as sha256=
    #[arg(long, value_name = "TEXT")]
    pub(crate) prefix: Option<String>,

    /// What makes the signature, as docs/configuration.md has it
    #[arg(long, value_name = "WORD", default_value = "hmac-sha256")]
    pub(crate) algorithm: String,

    /// How the secret's text becomes a key, likewise
    #[arg(long, value_name = "WORD", default_value = "text")]
    pub(crate) key: String,

    /// How the signature is written, likewise
    #[arg(long, value_name = "WORD", default_value = "hex")]
    pub(crate) encoding: String,

    /// What is signed, likewise
    #[arg(long, value_name = "TEMPLATE", default_value = "{body}")]
    pub(crate) message: String,

    /// The header with the time that is signed
    #[arg(long, value_name = "NAME")]
    pub(crate) timestamp_header: Option<String>,

    /// How that time is written
    #[arg(long, value_name = "WORD", default_value = "s")]
    pub(crate) unit: String,

    /// What tells an event from every other, such as {json:id}
    #[arg(long, value_name = "TEMPLATE")]
    pub(crate) event_id: Option<String>,

    /// What kind of event it is, such as {json:type}
    #[arg(long, value_name = "TEMPLATE")]
    pub(crate) event_type: Option<String>,

    /// The folder of the project
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(crate) into: PathBuf,
}

/// A day as the entries of the catalogue write it, so that texts compare as days do.
fn day(text: &str) -> Result<String, String> {
    let day: jiff::civil::Date = text.parse().map_err(|_| "a day is written 2026-11-30")?;
    Ok(day.to_string())
}
