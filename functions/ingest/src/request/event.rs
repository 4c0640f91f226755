//! API Gateway's event, as far as anything of it is wanted. Whatever is absent or null is empty.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use webhook::reading::delivery::Headers;

/// An event whose body is read as `B`.
#[derive(Default, Deserialize)]
#[serde(
    default,
    rename_all = "camelCase",
    bound(deserialize = "B: Default + Deserialize<'de>")
)]
pub(super) struct Event<'a, B> {
    #[serde(borrow)]
    pub(super) raw_path: Text<'a>,
    #[serde(borrow)]
    pub(super) raw_query_string: Text<'a>,
    #[serde(borrow)]
    pub(super) headers: Named<'a>,
    #[serde(borrow, deserialize_with = "or_default")]
    pub(super) path_parameters: PathParameters<'a>,
    pub(super) body: B,
    pub(super) is_base64_encoded: Option<bool>,
    #[serde(borrow, deserialize_with = "or_default")]
    pub(super) request_context: Context<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PathParameters<'a> {
    #[serde(borrow)]
    pub(super) source: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Context<'a> {
    #[serde(borrow)]
    pub(super) domain_name: Text<'a>,
    #[serde(borrow, deserialize_with = "or_default")]
    pub(super) http: Http<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Http<'a> {
    #[serde(borrow)]
    pub(super) method: Text<'a>,
    #[serde(borrow)]
    pub(super) source_ip: Text<'a>,
}

fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    event: D,
) -> Result<T, D::Error> {
    Option::deserialize(event).map(Option::unwrap_or_default)
}

/// A text, which is the event's own where it has no escapes. serde would copy one that may be absent.
#[derive(Default)]
pub(super) struct Text<'a>(pub(super) Option<Cow<'a, str>>);

impl<'a> Text<'a> {
    pub(super) fn or_empty(self) -> Cow<'a, str> {
        self.0.unwrap_or_default()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(event: D) -> Result<Self, D::Error> {
        struct OfText;

        impl<'de> Visitor<'de> for OfText {
            type Value = Text<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text or null")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Some(Cow::Borrowed(text))))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Some(Cow::Owned(text.to_owned()))))
            }

            fn visit_unit<E: Error>(self) -> Result<Text<'de>, E> {
                Ok(Text(None))
            }
        }

        event.deserialize_any(OfText)
    }
}

/// Headers by name.
#[derive(Default)]
pub(super) struct Named<'a>(pub(super) Headers<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Named<'a> {
    fn deserialize<D: Deserializer<'de>>(event: D) -> Result<Self, D::Error> {
        struct OfHeaders;

        impl<'de> Visitor<'de> for OfHeaders {
            type Value = Named<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("headers by name, or null")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut event: A) -> Result<Named<'de>, A::Error> {
                let mut headers = Vec::with_capacity(16);
                while let Some((name, value)) = event.next_entry::<Text, Text>()? {
                    headers.extend(name.0.zip(value.0));
                }
                Ok(Named(headers.into_iter().collect()))
            }

            fn visit_unit<E: Error>(self) -> Result<Named<'de>, E> {
                Ok(Named::default())
            }
        }

        event.deserialize_any(OfHeaders)
    }
}
