//! The line that each replay, redrive and discard leaves behind: who did it, to what, and what came of it.

use landfall_aws::clock::SystemClock;
use protocol::ports::Clock as _;
use serde_json::{Map, Value, json};

use crate::{failure::Failure, print, sample::iso, stack::Stack};

/// How many event ids stand in a line.
const MOST_IDS: usize = 100;

/// What an operator does.
pub(crate) struct Deed {
    /// In a word: `replay`.
    pub(crate) what: &'static str,
    /// To which events or letters, as it was asked for.
    pub(crate) filter: Filter,
    /// To how many events or letters.
    pub(crate) count: usize,
}

/// How far it is.
#[derive(Clone, Copy)]
pub(crate) enum Outcome<'a> {
    /// Nothing is done yet: a run that is interrupted leaves this line alone.
    Begun,
    Done,
    Failed(&'a Failure),
}

impl<'a> Outcome<'a> {
    pub(crate) fn of<T>(result: &'a Result<T, Failure>) -> Self {
        result.as_ref().err().map_or(Self::Done, Self::Failed)
    }
}

/// What was asked for, by the names of the options.
#[derive(Default)]
pub(crate) struct Filter(Map<String, Value>);

impl Filter {
    /// With this, where it was asked for.
    pub(crate) fn with<T: Into<Value>>(mut self, name: &str, asked: Option<T>) -> Self {
        if let Some(asked) = asked {
            self.0.insert(name.to_owned(), asked.into());
        }
        self
    }

    /// With these ids: the first of them, where there are many.
    pub(crate) fn with_ids(self, ids: &[String]) -> Self {
        let shown: Vec<&str> = ids.iter().take(MOST_IDS).map(String::as_str).collect();
        let more = ids.len().saturating_sub(MOST_IDS);
        self.with("ids", (!ids.is_empty()).then_some(shown))
            .with("more_ids", (more > 0).then_some(more))
    }
}

impl Deed {
    /// Notes it. That it can't be noted is told, and stops nothing.
    pub(crate) async fn note(&self, stack: &Stack, outcome: Outcome<'_>) {
        let deeds = stack.deployed.deeds();
        let now = SystemClock.now();
        let noted = async {
            let who = deeds.who().await?;
            let mut line = self.line(&who, outcome);
            line["stack"] = stack.deployed.name().into();
            line["timestamp"] = iso(now).into();
            deeds.write(now, &line.to_string()).await
        };
        if let Err(fault) = noted.await {
            print::note(&format!(
                "that you do this is not in the operators' log: {}",
                Failure::from(fault).told(print::manner().verbose)
            ));
        }
    }

    fn line(&self, who: &str, outcome: Outcome<'_>) -> Value {
        let mut line = json!({
            "message": self.what,
            "who": who,
            "filter": self.filter.0,
            "count": self.count,
            "outcome": match outcome {
                Outcome::Begun => "begun",
                Outcome::Done => "done",
                Outcome::Failed(_) => "failed",
            },
        });
        if let Outcome::Failed(failure) = outcome {
            line["error"] = failure.told(false).into();
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_who_did_what_to_which_and_what_came_of_it() {
        let ids: Vec<String> = (0..101).map(|id| id.to_string()).collect();
        let filter = Filter::default()
            .with("source", Some("stripe"))
            .with("route", None::<&str>)
            .with_ids(&ids);
        let failure = Failure::trouble("the queue took 3 of them");
        let deed = Deed {
            what: "replay",
            filter,
            count: 101,
        };
        let who = "arn:aws:iam::000000000000:user/ada";
        let line = deed.line(who, Outcome::Failed(&failure));
        assert_eq!(deed.line(who, Outcome::Begun)["outcome"], "begun");
        assert_eq!(
            (
                &line["message"],
                &line["who"],
                &line["count"],
                &line["outcome"],
                &line["error"]
            ),
            (
                &json!("replay"),
                &json!("arn:aws:iam::000000000000:user/ada"),
                &json!(101),
                &json!("failed"),
                &json!("the queue took 3 of them")
            )
        );
        let filter = &line["filter"];
        assert_eq!(
            (&filter["source"], &filter["more_ids"]),
            (&json!("stripe"), &json!(1))
        );
        assert_eq!(filter["ids"].as_array().map(Vec::len), Some(100));
        assert!(filter.get("route").is_none());
    }
}
