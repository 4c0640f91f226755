//! Which sources' quarantines are open, as the stack's secret says it: ingest reads that at intervals, and so learns of it
//! without a call of its own.

use std::collections::BTreeMap;

use protocol::{
    fault::{Fault, FaultKind},
    time::UnixMillis,
};
use serde_json::{Map, Value};

use super::SecretStore;
use crate::secrets::text::{self, QUARANTINE};

impl SecretStore {
    /// Has a source's quarantine be open until then, or not any more. All else stays.
    pub(in crate::operator) async fn set_quarantine(
        &self,
        source: &str,
        until: Option<UnixMillis>,
    ) -> Result<(), Fault> {
        self.change(&self.stack, |text| {
            with(text, source, until).map(|text| (text, ()))
        })
        .await
    }

    /// Until when which sources' quarantines are open.
    pub(in crate::operator) async fn quarantines(
        &self,
    ) -> Result<BTreeMap<String, UnixMillis>, Fault> {
        let (_, text) = self.current(&self.stack).await?;
        let read = text::stack(text.as_deref().unwrap_or("{}"))
            .and_then(|all| text::openings(all.get(QUARANTINE)));
        read.map_err(|fault| {
            let text = format!("the secret {} can't be used: {fault}", self.stack);
            Fault::new(FaultKind::Malformed, "reading the secret", text)
        })
    }
}

fn with(
    text: Option<&str>,
    source: &str,
    until: Option<UnixMillis>,
) -> Result<String, text::Fault> {
    let mut stack = text::stack(text.unwrap_or("{}"))?;
    let mut openings = text::openings(stack.get(QUARANTINE))?;
    match until {
        Some(until) => openings.insert(source.to_owned(), until),
        None => openings.remove(source),
    };
    if openings.is_empty() {
        stack.remove(QUARANTINE);
    } else {
        let openings = openings.into_iter();
        let openings: Map<String, Value> = openings
            .map(|(name, until)| (name, until.0.into()))
            .collect();
        stack.insert(QUARANTINE.into(), openings.into());
    }
    Ok(Value::from(stack).to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_opening_stands_beside_the_secrets_and_leaves_no_trace() {
        let before = r#"{"github":"s"}"#;
        let open = with(Some(before), "stripe", Some(UnixMillis(5))).unwrap();
        assert_eq!(open, r#"{"github":"s","landfall.quarantine":{"stripe":5}}"#);
        let two = with(Some(&open), "github", Some(UnixMillis(6))).unwrap();
        let one = with(Some(&two), "stripe", None).unwrap();
        assert_eq!(one, r#"{"github":"s","landfall.quarantine":{"github":6}}"#);
        assert_eq!(with(Some(&one), "github", None).unwrap(), before);
        assert_eq!(with(None, "github", None).unwrap(), "{}");
        let odd = r#"{"landfall.quarantine":{"github":"hush"}}"#;
        let fault = with(Some(odd), "github", None).unwrap_err();
        assert!(!fault.to_string().contains("hush"));
    }
}
