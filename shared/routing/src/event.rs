//! A recorded event, as routes look at it.

use std::{fmt, sync::OnceLock};

use catalogue::Condition;
use protocol::ledger::EventRecord;
use webhook::reading::form;

use crate::{
    condition::{self, Mismatch},
    payload::Payload,
};

/// A recorded event and its body. The payload is read when a route first asks for it, and once.
pub struct Event<'a> {
    pub(crate) record: &'a EventRecord,
    body: &'a [u8],
    payload_field: Option<&'static str>,
    payload: OnceLock<Result<Payload<'a>, &'static str>>,
}

/// The payload can't be read as JSON; why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotJson(pub &'static str);

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the payload is not JSON: {}", self.0)
    }
}

impl<'a> Event<'a> {
    /// The event of this record, whose body is here. `payload_field`: the field that holds the JSON, where the source's
    /// provider sends it in a form.
    #[must_use]
    pub fn new(
        record: &'a EventRecord,
        body: &'a [u8],
        payload_field: Option<&'static str>,
    ) -> Self {
        Self {
            record,
            body,
            payload_field,
            payload: OnceLock::new(),
        }
    }

    /// The JSON payload.
    pub fn payload(&self) -> Result<&Payload<'a>, NotJson> {
        let read = self.payload.get_or_init(|| self.read());
        read.as_ref().map_err(|why| NotJson(why))
    }

    /// Whether a condition holds for the payload.
    pub fn meets(&self, condition: &Condition) -> Result<Result<(), Mismatch>, NotJson> {
        Ok(condition::holds(condition, self.payload()?))
    }

    fn read(&self) -> Result<Payload<'a>, &'static str> {
        let content_type = self.record.headers.get("content-type");
        let is_form = || content_type.is_some_and(|kind| form::is_form(kind));
        if let Some(name) = self.payload_field.filter(|_| is_form()) {
            let field = form::field(self.body, name)?;
            return Payload::read(field.ok_or("the form has no field for it")?);
        }
        Payload::read(std::str::from_utf8(self.body).map_err(|_| "it is not UTF-8")?)
    }

    /// The text of a field of a form body.
    pub(crate) fn form_field(&self, name: &str) -> Result<Option<String>, &'static str> {
        let field = form::field(self.body, name)?;
        Ok(field.map(std::borrow::Cow::into_owned))
    }
}

impl fmt::Debug for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Event({})", self.record.key)
    }
}
