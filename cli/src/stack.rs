//! The stack that a command talks to: the one that `make up` noted, or one of `CloudFormation`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::Credentials;
use catalogue::{Environment, Source, Sources};
use serde::Deserialize;

use crate::{args::GivenStack, configuration::Configuration, failure::Failure, source};

/// What `make up` writes down.
const NOTE: &str = ".landfall/local.json";

/// Names another note: the tests have a stack of their own.
const NOTE_VARIABLE: &str = "LANDFALL_NOTE";

/// A deployed stack, and how to reach it.
#[derive(Debug)]
pub(crate) struct Stack {
    pub(crate) name: String,
    pub(crate) environment: Environment,
    /// What the configuration says for the stack's environment.
    pub(crate) sources: Sources,
    pub(crate) config: SdkConfig,
    configuration: String,
    outputs: BTreeMap<String, String>,
    folder: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Note {
    stack: String,
    region: String,
    endpoint: String,
    access_key_id: String,
    secret_access_key: String,
    environment: String,
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

impl Stack {
    pub(crate) async fn find(given: &GivenStack) -> Result<Self, Failure> {
        let note = if given.profile.is_some() {
            None
        } else {
            note()?
        };
        let configuration = || Configuration::find(given.config.as_deref());
        match (&given.stack, note) {
            (None, Some((file, note))) => Self::noted(&file, note, configuration()?).await,
            (Some(name), Some((file, note))) if *name == note.stack => {
                Self::noted(&file, note, configuration()?).await
            }
            (Some(name), _) => Self::described(name, given, configuration()?).await,
            (None, None) => Err(Failure::usage(format!(
                "which stack? Name one with --stack (and --region, --profile), or start one here with `make up`: \
                 there is no {NOTE} in this folder nor above it"
            ))),
        }
    }

    async fn noted(file: &Path, note: Note, configuration: Configuration) -> Result<Self, Failure> {
        let credentials = Credentials::new(
            note.access_key_id,
            note.secret_access_key,
            None,
            None,
            "local.json",
        );
        let config = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new(note.region))
            .endpoint_url(note.endpoint)
            .credentials_provider(credentials)
            .load()
            .await;
        let folder = file.parent().map(Path::to_owned);
        Self::new(
            note.stack,
            &note.environment,
            config,
            note.outputs,
            folder,
            configuration,
        )
    }

    async fn described(
        name: &str,
        given: &GivenStack,
        configuration: Configuration,
    ) -> Result<Self, Failure> {
        let mut loader = aws_config::defaults(BehaviorVersion::latest());
        if let Some(profile) = &given.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &given.region {
            loader = loader.region(Region::new(region.clone()));
        }
        let config = loader.load().await;
        if config.region().is_none() {
            return Err(Failure::usage(
                "which region? Give --region, or set one in the AWS profile",
            ));
        }
        let described = aws_sdk_cloudformation::Client::new(&config)
            .describe_stacks()
            .stack_name(name)
            .send()
            .await
            .map_err(|error| aws(&format!("the stack `{name}` can't be described"), &error))?;
        let stack = described.stacks().first().ok_or_else(|| {
            Failure::trouble(format!(
                "there is no stack `{name}` in this region and account"
            ))
        })?;
        let mut outputs: BTreeMap<String, String> = stack
            .outputs()
            .iter()
            .filter_map(|output| {
                Some((
                    output.output_key()?.to_owned(),
                    output.output_value()?.to_owned(),
                ))
            })
            .collect();
        for parameter in stack.parameters() {
            if let (Some("Shards"), Some(value)) =
                (parameter.parameter_key(), parameter.parameter_value())
            {
                outputs.insert("Shards".into(), value.into());
            }
        }
        let environment = outputs.get("Environment").cloned().unwrap_or_default();
        Self::new(
            name.to_owned(),
            &environment,
            config,
            outputs,
            None,
            configuration,
        )
    }

    fn new(
        name: String,
        environment: &str,
        config: SdkConfig,
        outputs: BTreeMap<String, String>,
        folder: Option<PathBuf>,
        configuration: Configuration,
    ) -> Result<Self, Failure> {
        let environment = Environment::named(environment).ok_or_else(|| {
            Failure::trouble(format!(
                "the stack `{name}` has no output `Environment` of local, test or live: was it deployed from \
                 infra/template.yaml?"
            ))
        })?;
        Ok(Self {
            name,
            environment,
            sources: configuration.sources(environment)?,
            configuration: configuration.called,
            config,
            outputs,
            folder,
        })
    }

    /// An output of the stack.
    pub(crate) fn output(&self, name: &str) -> Result<&str, Failure> {
        self.outputs.get(name).map(String::as_str).ok_or_else(|| {
            Failure::trouble(format!(
                "the stack `{}` has no output `{name}`: deploy this version of infra/template.yaml",
                self.name
            ))
        })
    }

    /// Where sources are reached, under `/webhooks/`.
    pub(crate) fn api_url(&self) -> Result<&str, Failure> {
        Ok(self.output("ApiUrl")?.trim_end_matches('/'))
    }

    /// The same as ingest is told it: the stand-in for API Gateway is reached at another address than the one
    /// that it names.
    pub(crate) fn called_url(&self) -> Result<&str, Failure> {
        match self.outputs.get("CalledUrl") {
            Some(url) => Ok(url),
            None => self.api_url(),
        }
    }

    /// How many partitions each source has in the index.
    pub(crate) fn shards(&self) -> u32 {
        let shards = self
            .outputs
            .get("Shards")
            .and_then(|shards| shards.parse().ok());
        shards.unwrap_or(1)
    }

    /// Where this machine keeps what belongs to the stack, if the stack runs here.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The source of this name, as the configuration has it.
    pub(crate) fn source(&self, name: &str) -> Result<&Source, Failure> {
        self.sources.get(name).ok_or_else(|| {
            Failure::usage(source::unknown(
                name,
                &self.sources,
                &self.configuration,
                self.environment,
            ))
        })
    }
}

/// What went wrong with a call to AWS, with what can be done about it.
pub(crate) fn aws<E: std::error::Error + 'static>(what: &str, error: &E) -> Failure {
    let mut causes = vec![what.to_owned(), error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    let mut text = causes.join(": ");
    if text.contains("credentials") {
        text += ". Log in with the AWS CLI, or name a profile with --profile; of a profile with single sign-on \
                 `aws configure export-credentials --format env` prints variables that work";
    } else if text.contains("dispatch failure") {
        text += ". Is the stack running? `make up` starts the local one";
    }
    Failure::trouble(text)
}

/// The note, and where it is.
fn note() -> Result<Option<(PathBuf, Note)>, Failure> {
    let file = match landfall_aws::config::environment(NOTE_VARIABLE) {
        Some(file) => Some(PathBuf::from(file)),
        None => std::env::current_dir().ok().and_then(|folder| {
            let mut files = folder.ancestors().map(|folder| folder.join(NOTE));
            files.find(|file| file.is_file())
        }),
    };
    let Some(file) = file else { return Ok(None) };
    let text = std::fs::read_to_string(&file)
        .map_err(|error| Failure::trouble(format!("{} can't be read: {error}", file.display())))?;
    let note = serde_json::from_str(&text).map_err(|error| {
        Failure::trouble(format!(
            "{} is no note of `make up` ({error}): run it again",
            file.display()
        ))
    })?;
    Ok(Some((file, note)))
}
