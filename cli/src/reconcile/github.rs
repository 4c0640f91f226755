//! GitHub's list of deliveries, and its redelivery: <https://docs.github.com/en/rest/repos/webhooks>, `/orgs/webhooks` and
//! `/apps/webhooks`. All attempts at an event have its GUID, which is the id by which the ledger knows it, redeliveries too:
//! <https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks>.

use jiff::Timestamp;
use protocol::time::UnixMillis;
use serde::Deserialize;
use ureq::{Agent, RequestBuilder};

use super::{Reconciles, Sent, api};
use crate::{args::GivenGitHub, failure::Failure, form, input::GivenSecret, post::agent};

/// How many deliveries GitHub lists at once, at most.
const PAGE: usize = 100;

/// How many pages are read: ten thousand deliveries an hour, for the days that GitHub keeps them.
const MOST_PAGES: usize = 7_200;

/// GitHub's API, as far as a webhook's deliveries are told there.
pub(super) struct GitHub {
    agent: Agent,
    /// Where the deliveries are.
    deliveries: String,
    token: GivenSecret,
}

/// As GitHub lists it.
#[derive(Deserialize)]
struct Delivery {
    id: u64,
    guid: String,
    delivered_at: String,
    status: String,
    status_code: u16,
    event: String,
    action: Option<String>,
}

/// A page of deliveries, and where the next one begins.
type Page = (Vec<Delivery>, Option<String>);

impl GitHub {
    pub(super) fn new(given: &GivenGitHub) -> Result<Self, Failure> {
        let deliveries = deliveries(given)?;
        Ok(Self {
            agent: agent(),
            deliveries,
            token: api::token(given.token_file.as_deref(), "GITHUB_TOKEN", Self::TITLE)?,
        })
    }

    fn asked<B>(&self, request: RequestBuilder<B>) -> RequestBuilder<B> {
        request
            .header("accept", "application/vnd.github+json")
            .header("x-github-api-version", "2022-11-28")
            .header("authorization", format!("Bearer {}", self.token.text))
    }

    fn page(&self, cursor: Option<&str>) -> Result<Page, Failure> {
        let cursor = cursor.map_or(String::new(), |cursor| format!("&cursor={cursor}"));
        let url = format!("{}?per_page={PAGE}{cursor}", self.deliveries);
        let request = self.asked(self.agent.get(url));
        let mut answer = request.call().map_err(|error| unanswered(&error))?;
        judged(answer.status().as_u16(), answer.headers())?;
        let next = answer.headers().get("link");
        let next = next.and_then(|link| cursor_of(link.to_str().ok()?));
        let strange = |error: &dyn std::fmt::Display| {
            Failure::trouble(format!(
                "GitHub's list of deliveries can't be read: {error}"
            ))
        };
        let text = answer
            .body_mut()
            .read_to_string()
            .map_err(|error| strange(&error))?;
        let page = serde_json::from_str(&text).map_err(|error| strange(&error))?;
        Ok((page, next))
    }
}

impl Reconciles for GitHub {
    const TITLE: &'static str = "GitHub";
    const LISTED: &'static str = "sent";

    fn sent(&self, since: UnixMillis) -> Result<Vec<Sent>, Failure> {
        let (mut all, mut cursor) = (Vec::new(), None);
        for _ in 0..MOST_PAGES {
            let (page, next) = self.page(cursor.as_deref())?;
            let page: Vec<Sent> = page.into_iter().map(sent).collect::<Result<_, _>>()?;
            // The newest come first.
            let is_old = page.last().is_none_or(|last| last.at < since);
            all.extend(page.into_iter().filter(|sent| sent.at >= since));
            match next {
                Some(next) if !is_old => cursor = Some(next),
                _ => return Ok(all),
            }
        }
        Err(Failure::trouble(
            "GitHub lists more deliveries than can be looked at; a shorter --since looks at fewer",
        ))
    }

    fn send_again(&self, sent: &Sent) -> Result<(), Failure> {
        let url = format!("{}/{}/attempts", self.deliveries, sent.attempt);
        let request = self.asked(self.agent.post(url));
        let answer = request.send_empty().map_err(|error| unanswered(&error))?;
        judged(answer.status().as_u16(), answer.headers())
    }
}

fn sent(delivery: Delivery) -> Result<Sent, Failure> {
    let at: Timestamp = delivery.delivered_at.parse().map_err(|_| {
        Failure::trouble("GitHub's list of deliveries can't be read: a time is none")
    })?;
    let event_type = match delivery.action {
        Some(action) => format!("{}.{action}", delivery.event),
        None => delivery.event,
    };
    Ok(Sent {
        event_id: delivery.guid,
        attempt: delivery.id.to_string(),
        event_type,
        at: UnixMillis(at.as_millisecond()),
        is_delivered: (200..300).contains(&delivery.status_code),
        said: format!("{} {}", delivery.status_code, delivery.status),
    })
}

/// Where the webhook's deliveries are.
fn deliveries(given: &GivenGitHub) -> Result<String, Failure> {
    let api = api::address(&given.api_url)?;
    let hook = given.hook.unwrap_or_default();
    let part = |text: &str| {
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let is_fine = !text.is_empty() && text.chars().all(is_name) && text != "." && text != "..";
        is_fine.then(|| text.to_owned())
    };
    let whose = match (&given.repo, &given.org) {
        (Some(repo), _) => {
            let name = repo.split_once('/');
            let name = name.and_then(|(owner, name)| Some((part(owner)?, part(name)?)));
            let (owner, name) =
                name.ok_or_else(|| Failure::usage("--repo is written OWNER/NAME"))?;
            format!("repos/{owner}/{name}/hooks/{hook}")
        }
        (None, Some(org)) => {
            let org = part(org).ok_or_else(|| Failure::usage("--org is the name of one"))?;
            format!("orgs/{org}/hooks/{hook}")
        }
        (None, None) => "app/hook".to_owned(),
    };
    Ok(format!("{api}/{whose}/deliveries"))
}

/// Where the next page begins, as the header `link` has it. Nothing else of that address is used.
fn cursor_of(link: &str) -> Option<String> {
    let next = link.split(',').find(|part| part.contains("rel=\"next\""))?;
    let url = next.split('<').nth(1)?.split('>').next()?;
    let (_, query) = url.split_once('?')?;
    let cursor = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("cursor="))?;
    let decoded = percent_encoding::percent_decode_str(cursor)
        .decode_utf8()
        .ok()?;
    Some(form::escape(&decoded))
}

/// What GitHub's answer means.
fn judged(status: u16, headers: &ureq::http::HeaderMap) -> Result<(), Failure> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_over = header("x-ratelimit-remaining") == Some("0") || header("retry-after").is_some();
    Err(Failure::trouble(match status {
        200..=299 => return Ok(()),
        401 => "GitHub doesn't take this token".to_owned(),
        403 | 429 if is_over => {
            let wait = header("retry-after").map_or_else(
                || "within the hour".to_owned(),
                |seconds| format!("in {seconds} s"),
            );
            format!("GitHub has had too many calls for now: run it again {wait}")
        }
        403 => "this token may not see these webhooks, or not have them sent again: it needs `Webhooks` (read and write), or \
                admin:repo_hook or admin:org_hook"
            .to_owned(),
        404 => "GitHub knows no such webhook, or this token may not see it".to_owned(),
        300..=399 => format!("GitHub answered {status}: is --api-url right?"),
        _ => format!("GitHub answered {status}"),
    }))
}

fn unanswered(error: &ureq::Error) -> Failure {
    Failure::trouble(format!("GitHub did not answer: {error}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use clap::Parser as _;
    use ureq::http::HeaderMap;

    use super::*;
    use crate::args::{Cli, Command, Reconcile};

    fn given(arguments: &str) -> GivenGitHub {
        let words = format!("landfall reconcile github --source s {arguments}");
        match Cli::try_parse_from(words.split_whitespace())
            .unwrap()
            .command
        {
            Command::Reconcile(Reconcile::GitHub(given)) => given,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn deliveries_are_where_github_documents_them() {
        let api = "https://api.github.com";
        for (arguments, path) in [
            (
                "--repo octocat/hello.world --hook 1",
                "repos/octocat/hello.world/hooks/1/deliveries",
            ),
            (
                "--org octo-org --hook 2",
                "orgs/octo-org/hooks/2/deliveries",
            ),
            ("--app", "app/hook/deliveries"),
        ] {
            assert_eq!(
                deliveries(&given(arguments)).unwrap(),
                format!("{api}/{path}")
            );
        }
        let enterprise = given("--app --api-url https://github.example.com/api/v3/");
        let expected = "https://github.example.com/api/v3/app/hook/deliveries";
        assert_eq!(deliveries(&enterprise).unwrap(), expected);
        for arguments in [
            "--repo octocat --hook 1",
            "--repo a/../b --hook 1",
            "--repo a/.. --hook 1",
            "--org a?b --hook 1",
            "--app --api-url http://api.github.com",
            "--app --api-url http://localhost.example.com",
            "--app --api-url ftp://localhost",
        ] {
            assert!(deliveries(&given(arguments)).is_err(), "{arguments}");
        }
    }

    #[test]
    fn a_page_names_the_next_and_a_token_goes_nowhere_else() {
        let link = "<https://elsewhere.example/x?per_page=100&cursor=v1_12%3D>; rel=\"next\", <https://api.github.com/x>; rel=\"prev\"";
        assert_eq!(cursor_of(link).as_deref(), Some("v1_12%3D"));
        assert_eq!(
            cursor_of("<https://api.github.com/x?cursor=a>; rel=\"prev\""),
            None
        );
        assert_eq!(cursor_of(""), None);
    }

    /// As GitHub's page shows one.
    #[test]
    fn a_delivery_is_read_as_github_documents_it() {
        let text = r#"{"id":12345678,"guid":"0b989ba4-242f-11e5-81e1-c7b6966d2516","delivered_at":"2019-06-03T00:57:16Z",
            "redelivery":false,"duration":0.27,"status":"OK","status_code":200,"event":"issues","action":"opened",
            "installation_id":123,"repository_id":456,"throttled_at":null}"#;
        let delivery = sent(serde_json::from_str(text).unwrap()).unwrap();
        assert_eq!(delivery.event_id, "0b989ba4-242f-11e5-81e1-c7b6966d2516");
        assert_eq!(
            (delivery.attempt.as_str(), delivery.at),
            ("12345678", UnixMillis(1_559_523_436_000))
        );
        assert_eq!(
            (delivery.event_type.as_str(), delivery.is_delivered),
            ("issues.opened", true)
        );
        let failed = text.replace(
            "\"OK\",\"status_code\":200",
            "\"failed to connect\",\"status_code\":502",
        );
        assert!(
            !sent(serde_json::from_str(&failed).unwrap())
                .unwrap()
                .is_delivered
        );
    }

    #[test]
    fn what_github_answers_is_said_in_words() {
        let said = |status, headers: &[(&'static str, &'static str)]| {
            let headers: HeaderMap = headers
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                .collect();
            judged(status, &headers).map_err(|why| why.told(false))
        };
        assert_eq!(said(202, &[]), Ok(()));
        for (status, headers, words) in [
            (401, &[][..], "doesn't take this token"),
            (403, &[], "admin:repo_hook"),
            (403, &[("x-ratelimit-remaining", "0")], "within the hour"),
            (429, &[("retry-after", "30")], "in 30 s"),
            (404, &[], "no such webhook"),
            (302, &[], "--api-url"),
            (500, &[], "500"),
        ] {
            let said = said(status, headers).unwrap_err();
            assert!(said.contains(words), "{said}");
        }
    }
}
