//! Services that are asked by a form and answer in XML:
//! <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>.

use aws_smithy_runtime_api::{box_error::BoxError, client::orchestrator::HttpResponse};
use aws_smithy_types::error::ErrorMetadata;
use roxmltree::{Document, Node};

use super::{Asked, Failure, Service, body, encoded, known::Protocol};

/// An element of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
}

impl Service {
    /// Calls an operation with these parameters, and returns its result.
    pub(crate) async fn query(
        &self,
        operation: &'static str,
        parameters: &[(impl AsRef<str>, &str)],
    ) -> Result<Element, Failure> {
        let Protocol::Query(version) = self.0.about.protocol else {
            let why = "the service has another protocol";
            return Err(Failure::construction_failure(why));
        };
        let mut form = format!("Action={operation}&Version={version}");
        for (name, text) in parameters {
            form.extend(["&", name.as_ref(), "=", &encoded(text).to_string()]);
        }
        let asked = Asked::posted("application/x-www-form-urlencoded", form);
        let read = move |response: &HttpResponse| {
            let answer = Element::read(response)?;
            let result = answer.child(&format!("{operation}Result"));
            Ok(result.cloned().unwrap_or_default())
        };
        self.call(operation, asked, read).await
    }
}

impl Element {
    /// The root of an answer.
    pub(crate) fn read(response: &HttpResponse) -> Result<Self, BoxError> {
        let text = std::str::from_utf8(body(response))?;
        let document = Document::parse(text).map_err(|_| "the answer is no XML")?;
        Ok(Self::of(document.root_element()))
    }

    fn of(node: Node<'_, '_>) -> Self {
        let children = node.children().filter(Node::is_element);
        Self {
            name: node.tag_name().name().to_owned(),
            text: node.text().unwrap_or_default().to_owned(),
            children: children.map(Self::of).collect(),
        }
    }

    /// What it is called.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The elements in it.
    pub(crate) fn children(&self) -> impl Iterator<Item = &Self> {
        self.children.iter()
    }

    /// The first element of this name in it.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of such an element.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }

    /// Its own text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The entries of such an element, which is a list or a map.
    pub(crate) fn entries(&self, name: &str) -> &[Self] {
        self.child(name).map_or(&[], |list| &list.children)
    }
}

/// The error that an answer is. Of one that is no such document only the status is known.
pub(super) fn error(response: &HttpResponse) -> ErrorMetadata {
    let answer = Element::read(response).unwrap_or_default();
    // That of S3 is the document itself.
    let error = answer.child("Error").unwrap_or(&answer);
    let mut told = ErrorMetadata::builder();
    if let Some(code) = error.text_of("Code") {
        told = told.code(code);
    }
    if let Some(message) = error.text_of("Message") {
        told = told.message(message);
    }
    told.build()
}
