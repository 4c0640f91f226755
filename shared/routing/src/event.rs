//! A recorded event, as routes look at it.

use std::{fmt, sync::OnceLock};

use catalogue::Condition;
use protocol::ledger::EventRecord;
use webhook::reading::{form, jws};

use crate::{
    condition::{self, Mismatch},
    payload::Payload,
};

/// A recorded event and its body. The payload is read when a route first asks for it, and once.
pub struct Event<'a> {
    pub(crate) record: &'a EventRecord,
    body: &'a [u8],
    place: catalogue::Payload,
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
    /// The event of this record, whose body is here. `place`: where in it the JSON stands, as the source says.
    #[must_use]
    pub fn new(record: &'a EventRecord, body: &'a [u8], place: catalogue::Payload) -> Self {
        Self {
            record,
            body,
            place,
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
        match self.place {
            catalogue::Payload::Field(name) if is_form() => {
                let field = form::field(self.body, name)?;
                return Payload::read(field.ok_or("the form has no field for it")?);
            }
            catalogue::Payload::Jwt => {
                if let Some(claims) = jws::claims(self.body) {
                    return Payload::read(claims);
                }
            }
            catalogue::Payload::Body | catalogue::Payload::Field(_) => {}
        }
        Payload::read(str::from_utf8(self.body).map_err(|_| "it is not UTF-8")?)
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
