//! Reads what `verify`, `explain` and `sign` are given: a delivery, its provider and secrets.

use std::path::{Path, PathBuf};

use catalogue::{Scheme, Source, Tolerance, UrlFault};
use landfall_aws::clock::SystemClock;
use protocol::{
    ports::Clock as _,
    time::{UnixMillis, UnixSeconds},
};
use webhook::{
    keys::{Keys, Secret},
    reading::{
        delivery::{Delivery, Headers},
        url,
    },
};

use crate::{
    args::{GivenDelivery, GivenSecrets, GivenSender},
    configuration::Configuration,
    failure::Failure,
    input::{GivenSecret, contents, secret_file},
    print,
    request::Request,
    source::{configured, provider, settings, versions},
};

/// A delivery to be judged.
#[derive(Debug)]
pub(crate) struct Case {
    /// The configured source, or the provider as one, with the tolerance asked for.
    pub(crate) source: Source,
    /// The secrets, in the order in which they were given, texts before files.
    pub(crate) secrets: Vec<GivenSecret>,
    /// The headers as they were given.
    pub(crate) header_pairs: Vec<(String, String)>,
    pub(crate) headers: Headers<'static>,
    pub(crate) method: String,
    /// The URL that was called; empty where it wasn't given.
    pub(crate) url: String,
    /// The URL that the provider signed, as far as that is known.
    pub(crate) signed_url: String,
    pub(crate) body: Vec<u8>,
    pub(crate) now: UnixMillis,
    /// The settings that weren't given, and so not held against the delivery.
    pub(crate) unchecked: Vec<&'static str>,
}

impl Case {
    pub(crate) fn read(given: &GivenDelivery, config: Option<&Path>) -> Result<Self, Failure> {
        input_is_read_once(given, config)?;
        let (mut source, unchecked) = sender(&given.sender, config)?;
        if let Some(seconds) = given.tolerance {
            let schemes: Vec<Scheme> = (source.schemes.iter())
                .map(|scheme| within(*scheme, seconds))
                .collect();
            source.schemes = schemes.leak();
        }
        let request = match &given.request {
            Some(file) => request(file)?,
            None => Request::default(),
        };
        let given_headers = (given.headers.iter())
            .map(|text| header(text))
            .collect::<Result<Vec<_>, _>>()?;
        let header_pairs = replaced(&request.headers, given_headers);
        let body = match (&given.body_file, request.body) {
            (Some(file), _) => contents(file)?,
            (None, Some(body)) => body,
            (None, None) => {
                return Err(Failure::usage(
                    "`curl -v` doesn't show the body of a request: give it with --body-file",
                ));
            }
        };
        let headers: Headers = header_pairs.iter().cloned().collect();
        let target = given.url.clone().or(request.target).unwrap_or_default();
        let url = called_url(target, &headers);
        let entered = given.entered_url.as_deref().or(source.entered_url);
        Ok(Self {
            signed_url: signed_url(&url, entered)?,
            url,
            source,
            unchecked,
            secrets: secrets(&given.secrets)?,
            headers,
            header_pairs,
            method: (given.method.clone().or(request.method)).unwrap_or_else(|| "POST".into()),
            body,
            now: given.now.map_or_else(
                || SystemClock.now(),
                |seconds| UnixSeconds(seconds).millis(),
            ),
        })
    }

    pub(crate) fn delivery(&self) -> Delivery<'_> {
        Delivery::new(&self.method, &self.signed_url, &self.headers, &self.body)
    }

    /// The keys of all secrets that can be used. One at least, or the question makes no sense.
    pub(crate) fn keys(&self) -> Result<Keys, Failure> {
        let secrets: Vec<Secret> = self.secrets.iter().map(GivenSecret::secret).collect();
        let (keys, faults) = Keys::load(self.source.schemes, &secrets);
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        if keys.is_empty() {
            return Err(Failure::usage(format!(
                "{}. {} hands out {}",
                faults.join("; "),
                self.source
                    .provider
                    .map_or("The provider", |provider| provider.title),
                crate::describe::key_form(&self.source.schemes[0], self.source.schemes),
            )));
        }
        for fault in faults {
            print::note(&format!("{fault}; it is left out"));
        }
        Ok(keys)
    }
}

/// The source that a delivery is held against, and the settings that it isn't held against.
fn sender(
    given: &GivenSender,
    config: Option<&Path>,
) -> Result<(Source, Vec<&'static str>), Failure> {
    if let Some(name) = &given.source {
        let configuration = Configuration::find(config)?;
        let source = configured(name, &configuration, given.environment)?;
        return Ok((source, Vec::new()));
    }
    let provider = provider(given.provider.as_deref().unwrap_or_default())?;
    let settings = settings(provider, &given.settings)?;
    let mut source = Source {
        schemes: versions(provider, &given.versions)?,
        ..Source::of(provider)
    }
    .with_settings(&settings);
    // What a delivery is only compared with needn't be known to tell that the provider signed it.
    let unchecked = (provider.settings.iter())
        .map(|asked| asked.name)
        .filter(|name| source.schemes.iter().any(|scheme| scheme.compares(name)))
        .collect();
    let of_anyone: Vec<Scheme> = (source.schemes.iter())
        .map(Scheme::of_any_customer)
        .collect();
    source.schemes = of_anyone.leak();
    Ok((source, unchecked))
}

fn secrets(given: &GivenSecrets) -> Result<Vec<GivenSecret>, Failure> {
    let mut secrets = Vec::new();
    for (number, text) in given.texts.iter().enumerate() {
        secrets.push(GivenSecret {
            text: text.clone(),
            label: format!("--secret, no. {}", number + 1),
        });
    }
    for file in &given.files {
        secrets.push(secret_file(file)?);
    }
    Ok(secrets)
}

fn request(file: &Path) -> Result<Request, Failure> {
    let request = Request::read(&contents(file)?)
        .map_err(|fault| Failure::usage(format!("{} can't be read: {fault}", file.display())))?;
    for text in &request.notes {
        print::note(text);
    }
    Ok(request)
}

fn input_is_read_once(given: &GivenDelivery, config: Option<&Path>) -> Result<(), Failure> {
    let files = (given.secrets.files.iter())
        .chain(&given.body_file)
        .chain(&given.request)
        .map(PathBuf::as_path)
        .chain(config);
    if files.filter(|path| path.as_os_str() == "-").count() > 1 {
        return Err(Failure::usage(
            "standard input can be read only once: give one of the files by name",
        ));
    }
    Ok(())
}

/// The URL that was called. A request names its path only: before it stands the host that it was sent to.
fn called_url(target: String, headers: &Headers) -> String {
    match headers.get("host") {
        Some(host) if target.starts_with('/') => format!("https://{host}{target}"),
        _ => target,
    }
}

/// The scheme with this tolerance on each side that it checks. More than 136 years is everything.
fn within(mut scheme: Scheme, seconds: u64) -> Scheme {
    let seconds = u32::try_from(seconds).ok();
    if let Some(timestamp) = &mut scheme.timestamp {
        timestamp.tolerance = Tolerance {
            past: timestamp.tolerance.past.and(seconds),
            future: timestamp.tolerance.future.and(seconds),
        };
    }
    scheme
}

fn header(text: &str) -> Result<(String, String), Failure> {
    match text.split_once(':') {
        Some((name, value)) if !name.trim().is_empty() => Ok((
            name.trim().to_owned(),
            value.trim_matches([' ', '\t']).to_owned(),
        )),
        _ => Err(Failure::usage(
            "a --header is written 'Name: value', with a colon between the two",
        )),
    }
}

/// The URL that the provider signed: as the deployed stack tells it from the called one, and from what was
/// entered. Without a word on the called one, it is taken to be the same.
fn signed_url(called: &str, entered: Option<&str>) -> Result<String, Failure> {
    if let Some(fault) = entered.and_then(UrlFault::of) {
        let (words, mend) = fault.words();
        return Err(Failure::usage(format!("--entered-url {words}: {mend}")));
    }
    let called = match (called, entered) {
        ("", Some(entered)) => entered,
        (called, _) => called,
    };
    Ok(url::as_signed(called, entered))
}

/// These headers, and the new ones in place of any of the same name.
pub(crate) fn replaced(
    headers: &[(String, String)],
    new: Vec<(String, String)>,
) -> Vec<(String, String)> {
    let is_new = |name: &str| {
        new.iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    let mut all: Vec<_> = headers
        .iter()
        .filter(|(name, _)| !is_new(name))
        .cloned()
        .collect();
    all.extend(new);
    all
}
