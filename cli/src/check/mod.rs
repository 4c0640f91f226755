//! `landfall check`: every fault of a configuration, or how much it configures; and whether a stack runs with it, and has
//! parameters that go with it.

mod parameters;
mod rules;
mod samconfig;

use std::{collections::BTreeMap, process::ExitCode};

use catalogue::{
    Environment,
    check::{self, Count},
    reader::{Fault, read_for_api, schema},
};
use landfall_aws::{config::digest, operator::Running};
use serde_json::{Map, Value, json};

use self::parameters::{Parameters, Wrong};
use crate::{
    args::{GivenCheck, GivenStack},
    configuration::Configuration,
    failure::Failure,
    print,
    sample::iso,
    stack::{Deployed, block_on},
};

pub(crate) fn run(
    given: &GivenCheck,
    stack: &GivenStack,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    if given.schema {
        print::text(&schema());
        return Ok(ExitCode::SUCCESS);
    }
    let file = given.file.as_deref().or(stack.config.as_deref());
    let Configuration { called, text } = Configuration::find(file)?;
    let mut counts = match check::count(&text) {
        Ok(counts) => counts,
        Err(faults) => return Ok(told(&called, &faults, as_json)),
    };
    let deployed = match &stack.stack {
        Some(_) => Some(asked(stack)?),
        None => None,
    };
    if let Some(deployed) = &deployed
        && let Err(faults) = deployed.reads(&text)
    {
        return Ok(told(&called, &faults, as_json));
    }
    let deployment = match &given.config_env {
        Some(section) => Some(Deployment::planned(section)?),
        None => deployed.as_ref().and_then(Asked::deployment),
    };
    if let Some(deployment) = &deployment {
        let wrong = deployment.wrong(&text)?;
        if !wrong.is_empty() {
            return Ok(deployment.told(&wrong, as_json));
        }
    }
    let environments = match (given.environments.as_slice(), &deployed) {
        ([], Some(deployed)) => &[deployed.environment],
        ([], None) => &Environment::ALL[..],
        (some, _) => some,
    };
    counts.retain(|count| environments.contains(&count.environment));
    let digest = digest(text.as_bytes());
    let same = deployed
        .as_ref()
        .is_none_or(|deployed| deployed.runs(&digest));
    if as_json {
        let counted = |of: fn(&Count) -> usize| -> Map<String, Value> {
            let counts = counts.iter();
            counts
                .map(|count| (count.environment.as_str().to_owned(), of(count).into()))
                .collect()
        };
        let mut told = json!({
            "file": called,
            "digest": digest,
            "sources": counted(|count| count.sources),
            "destinations": counted(|count| count.destinations),
            "routes": counted(|count| count.routes),
            "needed": needed(&counts),
            "faults": [],
        });
        if let Some(deployed) = &deployed {
            told["running"] = deployed.json();
        }
        print::json(&told);
    } else {
        print::line(&check::sound(&called, &counts));
        for line in check::needed(&counts) {
            print::line(&line);
        }
        if let Some(deployed) = &deployed {
            print::line(&deployed.words(&digest));
        }
    }
    Ok(ExitCode::from(u8::from(!same)))
}

/// What of a stack's parameters doesn't go with this configuration: the fault and its mend.
pub(crate) fn unfit(
    parameters: &BTreeMap<String, String>,
    configured: &catalogue::Configuration,
) -> Vec<String> {
    let broken = rules::broken(&Parameters::with(parameters), configured);
    let words = |Wrong { fault, mend, .. }: Wrong| format!("{fault}; {mend}");
    broken.into_iter().map(words).collect()
}

/// Tells what is wrong with the file.
fn told(called: &str, faults: &[Fault], as_json: bool) -> ExitCode {
    if as_json {
        let faults: Vec<_> = faults.iter().map(fault).collect();
        print::json(&json!({"file": called, "faults": faults}));
    } else {
        print::faults(&check::listed(called, faults));
    }
    ExitCode::FAILURE
}

/// What a stack needs in each environment: parameters of the template and their ARNs.
fn needed(counts: &[Count]) -> Value {
    let environments = counts.iter().map(|count| {
        let parameters = count.permissions.iter();
        let parameters: Map<String, Value> = parameters
            .map(|(name, arns)| ((*name).to_owned(), arns.clone().into()))
            .collect();
        (count.environment.as_str().to_owned(), parameters.into())
    });
    Value::Object(environments.collect())
}

fn fault(Fault { line, fault, mend }: &Fault) -> Value {
    json!({"line": line, "fault": fault, "mend": mend})
}

/// The parameters of a stack, or of one that is to be deployed.
struct Deployment {
    /// By which name to speak of them.
    called: String,
    /// What the template itself wouldn't take.
    refused: Vec<Wrong>,
    parameters: Parameters,
}

impl Deployment {
    /// As a section of `samconfig.toml` would have it deployed.
    fn planned(section: &str) -> Result<Self, Failure> {
        let (called, given) = samconfig::read(section)?;
        Ok(Self {
            called,
            refused: parameters::refused(&given),
            parameters: Parameters::with(&given),
        })
    }

    /// Every rule that is broken, where the file is this one.
    fn wrong(&self, text: &str) -> Result<Vec<Wrong>, Failure> {
        if !self.refused.is_empty() {
            return Ok(self.refused.clone());
        }
        let environment = Environment::named(self.parameters.text("Environment"));
        let environment = environment.unwrap_or(Environment::Live);
        // Its faults have been told before.
        let configured = read_for_api(text, environment, &[]);
        let configured =
            configured.map_err(|_| Failure::trouble("the configuration is at fault"))?;
        Ok(rules::broken(&self.parameters, &configured))
    }

    fn told(&self, wrong: &[Wrong], as_json: bool) -> ExitCode {
        if as_json {
            let faults = wrong.iter().map(|wrong| {
                json!({"parameter": wrong.parameter, "fault": wrong.fault, "mend": wrong.mend})
            });
            let faults: Vec<_> = faults.collect();
            print::json(&json!({"parameters": self.called, "faults": faults}));
        } else {
            let line =
                |Wrong { fault, mend, .. }: &Wrong| format!("{}: {fault}; {mend}", self.called);
            let lines: Vec<_> = wrong.iter().map(line).collect();
            print::faults(&lines.join("\n"));
        }
        ExitCode::FAILURE
    }
}

/// A stack, where it is reached, and with which configuration it says that it runs.
struct Asked {
    stack: String,
    environment: Environment,
    api: Vec<String>,
    running: Option<Running>,
    parameters: BTreeMap<String, String>,
}

fn asked(given: &GivenStack) -> Result<Asked, Failure> {
    block_on(async {
        let Deployed {
            stack, environment, ..
        } = Deployed::find(given).await?;
        Ok(Asked {
            running: stack.running().await?,
            environment,
            api: vec![stack.api_url()?.to_owned(), stack.called_url()?.to_owned()],
            stack: stack.name().to_owned(),
            parameters: stack.parameters().clone(),
        })
    })
}

impl Asked {
    /// Whether the file can be this stack's, or what is wrong with it there.
    fn reads(&self, text: &str) -> Result<(), Vec<Fault>> {
        let api: Vec<&str> = self.api.iter().map(String::as_str).collect();
        read_for_api(text, self.environment, &api).map(|_| ())
    }

    /// Its parameters, where they are known: of the stack on this machine nobody wrote them down.
    fn deployment(&self) -> Option<Deployment> {
        (!self.parameters.is_empty()).then(|| Deployment {
            called: self.stack.clone(),
            refused: Vec::new(),
            parameters: Parameters::with(&self.parameters),
        })
    }

    fn runs(&self, digest: &str) -> bool {
        self.running
            .as_ref()
            .is_some_and(|running| running.digest == digest)
    }

    fn words(&self, digest: &str) -> String {
        let stack = &self.stack;
        let Some(running) = &self.running else {
            return format!(
                "{stack} hasn't said yet with which file it runs: its sweeper says so when it first runs"
            );
        };
        let since = print::time(running.since);
        if self.runs(digest) {
            format!("{stack} runs with this file ({digest}), says its sweeper since {since}")
        } else {
            format!(
                "{stack} runs with another file ({}, and this is {digest}), says its sweeper since {since}: it looks \
                 again within a minute of a deployment",
                running.digest
            )
        }
    }

    fn json(&self) -> Value {
        match &self.running {
            Some(running) => json!({"digest": running.digest, "since": iso(running.since)}),
            None => Value::Null,
        }
    }
}
