//! The stack that a command talks to: the one that `make up` noted, or one of `CloudFormation`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use catalogue::{
    Environment, Route, Source, SourceName,
    destination::{Destination, Http, Kind},
};
use landfall_aws::{
    config::digest,
    operator::{self, Account, StandIn},
};
use protocol::{
    ledger::{Body, EventRecord},
    ports::StoredBodies as _,
};
use serde::Deserialize;

use crate::{args::GivenStack, configuration::Configuration, failure::Failure, source};

/// What `make up` writes down.
const NOTE: &str = ".landfall/local.json";

/// Names another note: the tests have a stack of their own.
const NOTE_VARIABLE: &str = "LANDFALL_NOTE";

/// A deployed stack, and what the configuration says of it.
#[derive(Debug)]
pub(crate) struct Stack {
    pub(crate) deployed: operator::Stack,
    pub(crate) environment: Environment,
    /// What the configuration says for the stack's environment.
    pub(crate) configured: catalogue::Configuration,
    /// By which name to speak of the configuration's file.
    pub(crate) file: String,
    /// By which a stack that runs with the configuration names it.
    pub(crate) digest: String,
    folder: Option<PathBuf>,
}

/// A deployed stack, of whatever configuration.
pub(crate) struct Deployed {
    pub(crate) stack: operator::Stack,
    pub(crate) environment: Environment,
    /// Where this machine keeps what belongs to it, if it runs here.
    folder: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Note {
    stack: String,
    #[serde(flatten)]
    at: StandIn,
    outputs: BTreeMap<String, String>,
}

/// Runs a command's conversation with AWS.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::trouble(format!("the runtime did not start: {error}")))?;
    runtime.block_on(work)
}

impl Deployed {
    pub(crate) async fn find(given: &GivenStack) -> Result<Self, Failure> {
        let named = landfall_aws::config::environment(NOTE_VARIABLE).map(PathBuf::from);
        let note = match named {
            _ if given.profile.is_some() => None,
            Some(file) => Some(read_note(file)?),
            // A name means a stack on AWS, in whatever folder one happens to be.
            None if given.stack.is_some() => None,
            None => note_above().map(read_note).transpose()?,
        };
        match (&given.stack, note) {
            (None, Some((file, note))) => Self::noted(&file, note).await,
            (Some(name), Some((file, note))) if *name == note.stack => {
                Self::noted(&file, note).await
            }
            (Some(name), _) => Self::described(name, given).await,
            (None, None) => Err(Failure::usage(format!(
                "which stack? Name one with --stack (and --region, --profile), or start one here with `make up`: \
                 there is no {NOTE} in this folder nor above it"
            ))),
        }
    }

    async fn noted(file: &Path, note: Note) -> Result<Self, Failure> {
        let account = Account::on_this_machine(note.at).await;
        let stack = operator::Stack::new(&note.stack, &account, note.outputs);
        Self::new(stack, file.parent().map(Path::to_owned))
    }

    async fn described(name: &str, given: &GivenStack) -> Result<Self, Failure> {
        let account = Account::find(given.profile.as_deref(), given.region.as_deref()).await;
        let account = account.ok_or_else(|| {
            Failure::usage("which region? Give --region, or set one in the AWS profile")
        })?;
        let asked = account.region().unwrap_or_default();
        let found = account.stack(name).await;
        let found = found.map_err(|fault| Failure::in_region(asked, fault))?;
        let stack = found.ok_or_else(|| {
            let here = match note_above() {
                Some(_) => {
                    "; the one that `make up` started here is meant where no --stack is given"
                }
                None => "",
            };
            Failure::trouble(format!(
                "there is no stack `{name}` in {asked}, in the account of these credentials{here}"
            ))
        })?;
        Self::new(stack, None)
    }

    fn new(stack: operator::Stack, folder: Option<PathBuf>) -> Result<Self, Failure> {
        let environment = stack.environment().and_then(Environment::named);
        let environment = environment.ok_or_else(|| {
            Failure::trouble(format!(
                "the stack `{}` has no output `Environment` of local, test or live: was it deployed from \
                 infra/template.yaml?",
                stack.name()
            ))
        })?;
        Ok(Self {
            stack,
            environment,
            folder,
        })
    }
}

impl Stack {
    pub(crate) async fn find(given: &GivenStack) -> Result<Self, Failure> {
        let found = Deployed::find(given).await?;
        let configuration = Configuration::find(given.config.as_deref())?;
        Ok(Self {
            configured: configuration.read(found.environment)?,
            deployed: found.stack,
            environment: found.environment,
            digest: digest(configuration.text.as_bytes()),
            file: configuration.called,
            folder: found.folder,
        })
    }

    /// Where this machine keeps what belongs to the stack, if the stack runs here.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The source of this name, as the configuration has it.
    pub(crate) fn source(&self, name: &str) -> Result<&Source, Failure> {
        self.configured.sources.get(name).ok_or_else(|| {
            let names = self
                .configured
                .sources
                .iter()
                .map(|known| known.name.as_str());
            Failure::usage(source::unknown(
                "source",
                name,
                names,
                &self.file,
                self.environment,
            ))
        })
    }

    /// The source of this name whose events the ledger may hold: a configured one, or the landing's own.
    pub(crate) fn source_name(&self, name: &str) -> Result<&'static str, Failure> {
        let own = SourceName::LANDFALL.as_str();
        if name == own {
            return Ok(own);
        }
        self.source(name).map(|source| source.name.as_str())
    }

    /// The destination of this name, as the configuration has it.
    pub(crate) fn destination(&self, name: &str) -> Result<&Destination, Failure> {
        self.configured.destinations.get(name).ok_or_else(|| {
            let names = self
                .configured
                .destinations
                .iter()
                .map(|known| known.name.as_str());
            Failure::usage(source::unknown(
                "destination",
                name,
                names,
                &self.file,
                self.environment,
            ))
        })
    }

    /// The services that are posted to.
    pub(crate) fn services(&self) -> impl Iterator<Item = (&Destination, &Http)> {
        self.configured
            .destinations
            .iter()
            .filter_map(|to| match &to.kind {
                Kind::Http(http) => Some((to, http)),
                _ => None,
            })
    }

    /// The service of this name that is posted to, as the configuration has it.
    pub(crate) fn service(&self, name: &str) -> Result<(&Destination, &Http), Failure> {
        let to = self.destination(name)?;
        match &to.kind {
            Kind::Http(http) => Ok((to, http)),
            _ => Err(Failure::usage(format!(
                "the destination `{name}` has no secret: AWS knows the consumer by its role"
            ))),
        }
    }

    /// The route of this name, as the configuration has it.
    pub(crate) fn route(&self, name: &str) -> Result<&Route, Failure> {
        let routes = &self.configured.routes;
        routes.get(name).ok_or_else(|| {
            let names = routes.iter().map(|known| known.name.as_str());
            Failure::usage(source::unknown(
                "route",
                name,
                names,
                &self.file,
                self.environment,
            ))
        })
    }

    /// The body of an event, wherever it is.
    pub(crate) async fn body(&self, event: &EventRecord) -> Result<Vec<u8>, Failure> {
        match &event.body {
            Body::Inline(bytes) => Ok(bytes.clone()),
            Body::Object { key, .. } => Ok(self.deployed.bodies()?.get_body(key).await?),
        }
    }
}

/// The note of the stack that runs here, in this folder or above it.
fn note_above() -> Option<PathBuf> {
    let folder = std::env::current_dir().ok()?;
    let mut files = folder.ancestors().map(|folder| folder.join(NOTE));
    files.find(|file| file.is_file())
}

fn read_note(file: PathBuf) -> Result<(PathBuf, Note), Failure> {
    let text = std::fs::read_to_string(&file)
        .map_err(|error| Failure::trouble(format!("{} can't be read: {error}", file.display())))?;
    let note = serde_json::from_str(&text).map_err(|error| {
        Failure::trouble(format!(
            "{} is no note of `make up` ({error}): run it again",
            file.display()
        ))
    })?;
    Ok((file, note))
}
