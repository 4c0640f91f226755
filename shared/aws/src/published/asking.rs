//! Asks a provider for a key that it gives to whoever shows a credential. The credential goes to the addresses of the
//! source's entry, and nowhere else: not into a fault, and not into the log.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::{Asked, Shows};
use protocol::{
    fault::{Fault, FaultKind},
    time::{Millis, UnixMillis},
};
use serde_json::{Value, json};
use webhook::{keys::Credential, reading::address::Address};

use super::LONGEST;
use crate::outbound::{FETCHING, Outbound};

/// How long before its end a token is no longer shown.
const MARGIN: Millis = Millis::seconds(60);

/// The longest that a token is kept, whatever its answer says.
const KEPT: Millis = Millis::seconds(7_200);

/// Who asks. It keeps the tokens that it was given, each as long as that holds.
#[derive(Clone, Default)]
pub(super) struct Asking {
    /// By the address at which it is had and the scope; a credential that has changed has none.
    tokens: Arc<Mutex<HashMap<(&'static str, &'static str), Token>>>,
}

#[derive(Clone)]
struct Token {
    of: Credential,
    text: String,
    until: UnixMillis,
}

impl Asking {
    /// What the provider answers to the question for the key at an address. `None`: it has no such key.
    pub(super) async fn ask(
        &self,
        outbound: &Outbound,
        asked: &Asked,
        address: &Address,
        credential: &Credential,
        now: UnixMillis,
    ) -> Result<Option<String>, Fault> {
        let url = address.url();
        match asked.shows {
            Shows::Bearer => {
                let question = get(url, credential.text())?;
                outbound.answer(question, LONGEST).await
            }
            Shows::ClientToken { url: at, scope, .. } => {
                let token = self.token(outbound, (at, scope), credential, now).await?;
                let answer = outbound.answer(get(url, &token)?, LONGEST).await;
                if answer
                    .as_ref()
                    .is_err_and(|fault| fault.kind == FaultKind::Denied)
                {
                    // Whatever it says of itself, it holds no longer.
                    self.tokens().remove(&(at, scope));
                }
                answer
            }
            Shows::Fields { id, secret, key_id } => {
                let (url, key) = url.split_once('#').ok_or_else(unaskable)?;
                let (first, second) = credential.parts().ok_or_else(unaskable)?;
                let body = json!({id: first, secret: second, key_id: key}).to_string();
                let mut question = post(url, body)?;
                set(&mut question, "content-type", "application/json")?;
                outbound.answer(question, LONGEST).await
            }
        }
    }

    /// A token for this credential: one that is at hand, or else a new one.
    async fn token(
        &self,
        outbound: &Outbound,
        (url, scope): (&'static str, &'static str),
        credential: &Credential,
        now: UnixMillis,
    ) -> Result<String, Fault> {
        let at_hand = self.tokens().get(&(url, scope)).cloned();
        if let Some(token) = at_hand.filter(|token| token.of == *credential && now < token.until) {
            return Ok(token.text);
        }
        let body = format!("grant_type=client_credentials&scope={}", encoded(scope));
        let mut question = post(url, body)?;
        set(
            &mut question,
            "content-type",
            "application/x-www-form-urlencoded",
        )?;
        let basic = format!("Basic {}", STANDARD.encode(credential.text()));
        set(&mut question, "authorization", &basic)?;
        let answer = outbound
            .answer(question, LONGEST)
            .await?
            .unwrap_or_default();
        let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
        let (Some(text), Some(seconds)) = (
            answer["access_token"].as_str(),
            answer["expires_in"].as_i64(),
        ) else {
            let why = "what gives out tokens answered none";
            return Err(Fault::new(FaultKind::Malformed, FETCHING, why));
        };
        let lasts = Millis::seconds(seconds.clamp(0, KEPT.0 / 1_000));
        let token = Token {
            of: credential.clone(),
            text: text.to_owned(),
            until: now.plus(Millis(lasts.0 - MARGIN.0)),
        };
        self.tokens().insert((url, scope), token);
        Ok(text.to_owned())
    }

    fn tokens(&self) -> MutexGuard<'_, HashMap<(&'static str, &'static str), Token>> {
        // Whatever panicked left whole values behind: each is replaced in one step.
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn get(url: &str, token: &str) -> Result<HttpRequest, Fault> {
    let mut question = HttpRequest::get(url).map_err(|_| unaskable())?;
    set(&mut question, "authorization", &format!("Bearer {token}"))?;
    Ok(question)
}

fn post(url: &str, body: String) -> Result<HttpRequest, Fault> {
    let mut question = HttpRequest::new(SdkBody::from(body));
    question.set_method("POST").map_err(|_| unaskable())?;
    question.set_uri(url).map_err(|_| unaskable())?;
    Ok(question)
}

fn set(question: &mut HttpRequest, name: &'static str, text: &str) -> Result<(), Fault> {
    let set = question.headers_mut().try_insert(name, text.to_owned());
    set.map(|_| ()).map_err(|_| unaskable())
}

/// What is said of a header or a URL may quote it.
fn unaskable() -> Fault {
    let why = "what is to be asked is no request to the HTTP client";
    Fault::new(FaultKind::Other, FETCHING, why)
}

/// As a form has it.
fn encoded(text: &str) -> String {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"-._~".contains(b);
    let each = text.bytes().map(|b| match b {
        b if plain(&b) => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    });
    each.collect()
}

#[cfg(test)]
#[path = "asking_tests.rs"]
mod tests;
