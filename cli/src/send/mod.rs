//! `landfall send`: an event, signed as the provider would, to the running stack.

mod change;
mod editor;
mod letter;
mod stored;

use std::process::ExitCode;

use catalogue::{Environment, Source};
use landfall_aws::{clock::SystemClock, config::environment};
use protocol::ports::Clock as _;
use serde_json::{Value, json};

use self::{
    change::{New, Renamed},
    letter::{Letter, Signer, secrets, signing_key, write},
    stored::Stored,
};
use crate::{
    args::{GivenEvent, GivenStack},
    escape,
    failure::Failure,
    gateway,
    input::contents,
    post::{Answer, agent, post},
    print,
    sample::{Sample, Wanted, sample},
    stack::{Stack, block_on},
};

pub(crate) fn run(
    given: &GivenEvent,
    stack: &GivenStack,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let body = given.body_file.as_deref().map(contents).transpose()?;
    let name = given.source.as_ref().or(given.from.first());
    let name = name.map(String::as_str).unwrap_or_default();
    let found = block_on(async {
        let stack = Stack::find(stack).await?;
        if stack.environment == Environment::Live && !given.live {
            return Err(Failure::usage(format!(
                "the stack `{}` is of the environment live, where events are real: {}",
                stack.deployed.name(),
                if is_changed(given) {
                    "none that was stored or changed is sent there"
                } else {
                    "give --live if you mean it"
                }
            )));
        }
        let stored = match given.from.as_slice() {
            [of, id] => match stored::find(&stack, of, id, as_json).await? {
                Some(stored) => Some(stored),
                None => return Ok(None),
            },
            _ => None,
        };
        let secrets = secrets(&stack, stack.source(name)?).await?;
        Ok(Some((stack, secrets, stored)))
    })?;
    let Some((stack, secrets, stored)) = found else {
        return Ok(ExitCode::FAILURE);
    };
    let source = stack.source(name)?;
    let key = signing_key(given, &stack, source, &secrets)?;
    let signer = Signer {
        source,
        secrets: &secrets,
        key: &key,
    };
    let mut events = Events::new(given, source, body, stored)?;
    let agent = agent();
    let (mut answers, mut as_it_should, mut last) = (Vec::new(), true, Value::Null);
    let spoilt = given.forge || given.stale || given.no_signature;
    for _ in 0..given.repeat {
        let event = events.another()?;
        let now = SystemClock.now();
        let letter = write(given, &stack, &signer, event, events.is_own(), now)?;
        if given.print || given.event {
            print::json(&printed(given, source, &letter));
            continue;
        }
        for _ in 0..given.times {
            let answer = post(&agent, &letter.url, &letter.headers, &letter.body)?;
            as_it_should &= answer.status / 100 == if spoilt { 4 } else { 2 };
            let told = told(source, &letter, &answer);
            if !as_json {
                say(&told);
            }
            last = told["event_id"].clone();
            answers.push(told);
        }
    }
    if given.print || given.event {
        return Ok(ExitCode::SUCCESS);
    }
    if as_json {
        print::json(&Value::from(answers));
    } else if let Some(event_id) = last.as_str()
        && as_it_should
        && !spoilt
    {
        print::line(&format!(
            "\nWhat becomes of it: landfall events show {} '{}'",
            source.name,
            escape::value(event_id)
        ));
    }
    Ok(ExitCode::from(u8::from(!as_it_should)))
}

/// Whether it is an event that was stored or is changed.
fn is_changed(given: &GivenEvent) -> bool {
    !given.from.is_empty() || !given.sets.is_empty() || given.edit || given.repeat > 1
}

/// The events that are sent, one after another, not yet signed.
struct Events<'a> {
    given: &'a GivenEvent,
    source: &'a Source,
    body: Option<Vec<u8>>,
    stored: Option<Stored>,
    /// What the first one was made of, where the others are the same but for their ids.
    made: Option<Sample>,
    /// How many there were.
    count: u32,
}

impl<'a> Events<'a> {
    fn new(
        given: &'a GivenEvent,
        source: &'a Source,
        body: Option<Vec<u8>>,
        stored: Option<Stored>,
    ) -> Result<Self, Failure> {
        let mut events = Self {
            given,
            source,
            body,
            stored,
            made: None,
            count: 0,
        };
        if given.edit {
            let mut made = events.fresh()?;
            let of = |name: &str| environment(name).filter(|text| !text.trim().is_empty());
            let program = of("VISUAL").or_else(|| of("EDITOR"));
            made.body = editor::edited(&made.body, program.as_deref())?;
            events.made = Some(made);
        }
        Ok(events)
    }

    /// Whether the body is none of our samples.
    fn is_own(&self) -> bool {
        self.body.is_some() || self.stored.is_some()
    }

    fn another(&mut self) -> Result<Sample, Failure> {
        let is_copied = self.count > 0 && self.made.is_some();
        self.count += 1;
        let mut event = match &self.made {
            Some(made) => made.clone(),
            None => self.fresh()?,
        };
        let random = [SystemClock.random(), SystemClock.random()];
        // A sample has a fresh id, and a body of one's own has one: only what is made of it once more needs another.
        let new = match (&self.stored, self.given.id.as_deref()) {
            (Some(_), Some(id)) => Some(New::Exactly(id)),
            (Some(_), None) => (!self.given.same_id).then_some(New::Like(random)),
            (None, _) => is_copied.then_some(New::Like(random)),
        };
        if let Some(new) = new
            && change::rename(self.source, &mut event, new)? == Renamed::No
        {
            print::note(&format!(
                "deliveries to `{}` carry no id that can be set: an event that is sent again as it is may be a duplicate",
                self.source.name
            ));
        }
        // Bodies that aren't ours stay what they are; samples are made anew each time.
        if self.made.is_none() && self.is_own() {
            self.made = Some(event.clone());
        }
        Ok(event)
    }

    /// The event with all that is to be set in it.
    fn fresh(&self) -> Result<Sample, Failure> {
        let given = self.given;
        let stored = self.stored.as_ref().map(|stored| stored.body.as_slice());
        let wanted = Wanted {
            id: given.id.as_deref(),
            event_type: given.event_type.as_deref(),
            body: stored.or(self.body.as_deref()),
            now: SystemClock.now(),
            random: [SystemClock.random(), SystemClock.random()],
        };
        let mut event = sample(self.source, &wanted)?;
        if let Some(stored) = &self.stored {
            stored.dress(&mut event, self.source, given);
        }
        for set in &given.sets {
            change::set(&mut event, set)?;
        }
        Ok(event)
    }
}

/// The request, or what API Gateway makes of it.
fn printed(given: &GivenEvent, source: &Source, letter: &Letter) -> Value {
    if given.print {
        print::request("POST", &letter.url, &letter.headers, &letter.body)
    } else {
        let name = source.name.as_str();
        gateway::event(&letter.called_url, name, &letter.headers, &letter.body)
    }
}

fn told(source: &Source, letter: &Letter, answer: &Answer) -> Value {
    let said: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    let identity = letter.identity.as_ref();
    let (known_id, known_key) = identity.and_then(|identity| identity.name.clone()).unzip();
    let event_id = said.get("event_id").cloned().or(known_id.map(Value::from));
    let outcome = match (said.get("outcome"), said.get("error")) {
        (Some(outcome), _) => outcome.clone(),
        (None, Some(error)) => error.clone(),
        (None, None) => Value::Null,
    };
    json!({
        "source": source.name.as_str(),
        "key": known_key.map(Value::from).or(event_id.clone()),
        "event_id": event_id,
        "event_type": identity.map(|identity| &identity.event_type),
        "status": answer.status,
        "ms": (answer.milliseconds * 10.0).round() / 10.0,
        "outcome": outcome,
    })
}

fn say(told: &Value) {
    let text = |name: &str| {
        told[name]
            .as_str()
            .map_or_else(|| "-".to_owned(), escape::value)
    };
    print::line(&format!(
        "{}  {:<9}  {:>7} ms  {}  {}",
        told["status"],
        text("outcome"),
        told["ms"],
        text("event_id"),
        text("event_type")
    ));
}
