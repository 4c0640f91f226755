//! What `landfall verify`, `explain` and `sign` take.

use std::path::PathBuf;

use catalogue::Environment;
use clap::Args;

use super::environment;

/// A delivery and what to verify it with.
#[derive(Args, Debug)]
pub(crate) struct GivenDelivery {
    #[command(flatten)]
    pub(crate) sender: GivenSender,

    #[command(flatten)]
    pub(crate) secrets: GivenSecrets,

    /// A header of the delivery; repeat it for each
    #[arg(
        long = "header",
        value_name = "NAME: VALUE",
        allow_hyphen_values = true
    )]
    pub(crate) headers: Vec<String>,

    /// The URL that was called, where the scheme signs it [default: the request's]
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) url: Option<String>,

    /// The URL as it was entered at the provider, where that isn't the one that was called [default: the source's
    /// `entered_url`]
    #[arg(long, value_name = "URL", allow_hyphen_values = true)]
    pub(crate) entered_url: Option<String>,

    /// The HTTP method [default: the request's, else POST]
    #[arg(long)]
    pub(crate) method: Option<String>,

    /// The time to hold the delivery's timestamp against, in seconds since 1970 [default: the clock]
    #[arg(long, value_name = "UNIX_SECONDS", allow_negative_numbers = true)]
    pub(crate) now: Option<i64>,

    /// The allowed clock difference, on the sides that the provider checks [default: the provider's own]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub(crate) tolerance: Option<u64>,

    /// The body, byte for byte; `-` reads standard input
    #[arg(long, value_name = "FILE|-", required_unless_present = "request")]
    pub(crate) body_file: Option<PathBuf>,

    /// The whole request: raw HTTP, what `curl -i` or `curl -v` shows, or what `landfall sign` prints; `-` reads
    /// standard input. The body is what stands behind the blank line, byte for byte. What other options say counts
    /// more
    #[arg(long, value_name = "FILE|-")]
    pub(crate) request: Option<PathBuf>,
}

/// Who is said to have sent a delivery.
#[derive(Args, Debug)]
pub(crate) struct GivenSender {
    /// The provider that is said to have sent it (`landfall providers` lists them)
    #[arg(long, value_name = "NAME", required_unless_present = "source")]
    pub(crate) provider: Option<String>,

    /// A text that the provider asks for beside the secret, as under `settings` in infra/landfall.toml;
    /// repeatable
    #[arg(long = "setting", value_name = "NAME=VALUE")]
    pub(crate) settings: Vec<String>,

    /// Which of the provider's schemes count, where it has several (`landfall providers NAME`); repeatable, or
    /// separated by commas [default: those that count by themselves]
    #[arg(long, value_name = "VERSION", value_delimiter = ',')]
    pub(crate) versions: Vec<String>,

    /// The source that it was sent to, in place of a provider: a table of the configuration, with all that it
    /// changes of its provider
    #[arg(long, value_name = "NAME", conflicts_with_all = ["provider", "settings", "versions"])]
    pub(crate) source: Option<String>,

    /// For which environment to read the configuration: local, test or live [default: the first of live, test and local that the
    /// source is in]
    #[arg(long, value_name = "NAME", requires = "source", conflicts_with = "provider", value_parser = environment)]
    pub(crate) environment: Option<Environment>,
}

/// One secret at least; all of them are active.
#[derive(Args, Debug)]
#[group(required = true, multiple = true)]
pub(crate) struct GivenSecrets {
    /// A secret, or a public key, as the provider hands it out; repeatable. Other users of this
    /// machine can see it: rather use --secret-file
    #[arg(long = "secret", value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) texts: Vec<String>,

    /// A file with a secret; one line end at its end is dropped and nothing else; repeatable
    #[arg(long = "secret-file", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}
