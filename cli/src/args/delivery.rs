//! What `landfall verify`, `explain` and `sign` take, and the help that teaches them.

use std::path::PathBuf;

use catalogue::Environment;
use clap::Args;

use super::environment;

pub(crate) const VERIFY: &str = "\
Tell whether a delivery is authentic, exactly as the deployed stack would, without network and AWS.

Prints one JSON object. Exit status 0:
  {\"verdict\":\"authentic\",\"event_id\":…,\"event_type\":…,\"key\":…,
   \"id_signed\":…,\"type_signed\":…,\"body_signed\":…,\"headers_signed\":{NAME:…}}
where key is what tells the event from others (of a delivery that is an event of its own: made up each time),
and \"unchecked\" with the names of settings that the source will have and that were not given;
Exit status 1:
  {\"verdict\":\"refused\",\"reason\":\"missing|malformed|stale|forged\",\"detail\":…}
Exit status 2: the arguments can't be used; standard error says why.

This interface is stable.";

pub(crate) const VERIFY_EXAMPLES: &str = "\
Examples:
  landfall verify --provider github --secret-file secret.txt \\
      --header 'X-Hub-Signature-256: sha256=…' --body-file body.json

  landfall verify --provider slack --secret 8f742231b10e8888abcd99yyyzzz85a5 --now 1531420618 \\
      --header 'X-Slack-Request-Timestamp: 1531420618' \\
      --header 'X-Slack-Signature: v0=…' --body-file - < body

  landfall verify --source acme --config infra/landfall.toml --secret-file secret.txt \\
      --request request.http";

pub(crate) const EXPLAIN: &str = "\
Find out why a delivery is refused. Takes what `landfall verify` takes.

What may have happened is tried in turn, each guess with the judgement of the deployed stack: a clock that is off, another \
URL, a body or a form that was written again, a line end lost or added, a wrong character set, a raw delivery, the secret \
in another form, an older version or another product's signature, another provider's, and the usual ways to compose, hash \
and encode. The first that holds is named in a sentence, with what to do about it. A weaker check is never that; lines for \
infra/landfall.toml are printed only where nobody documents how the provider signs.

With --json, `explanation` has `kind`, `sentence` and `mend`; `matches` what was found in full; `hints` what else to look at.

Exit status 0: authentic as it is; 1: refused, explained or not; 2: the arguments can't be used.";

pub(crate) const EXPLAIN_EXAMPLES: &str = "\
Example, with a delivery that was captured at the provider or in a log of one's own:
  landfall explain --provider formify --secret-file secret.txt \\
      --header 'X-Formify-Signature: …' --header 'X-Formify-Timestamp: …' --body-file body.json

The same as it came over the wire: request line, headers, a blank line and the body:
  landfall explain --provider formify --secret-file secret.txt --request request.http";

pub(crate) const SIGN: &str = "\
Sign a delivery as the provider would, and print it as JSON, without network and AWS.

Takes what `landfall verify` takes. Of several secrets the first signs; for schemes with public keys it is the private \
key (PEM, or whsk_…). What else the scheme signs, such as a header with the event's id, must be among the headers. \
Prints one JSON object:
  {\"method\":…,\"url\":…,\"headers\":[[name,value],…],\"body\":text or null,\"body_base64\":…}
Exit status 2: the arguments can't be used; standard error says why.";

pub(crate) const SIGN_EXAMPLES: &str = "\
Example:
  echo -n '{\"id\":\"evt_1\"}' | landfall sign --provider stripe --secret whsec_x --body-file -";

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
