//! What S3 answers.

use aws_smithy_runtime_api::{box_error::BoxError, client::orchestrator::HttpResponse};
use aws_smithy_types::error::ErrorMetadata;
#[cfg(feature = "operator")]
use aws_smithy_xml::decode::ScopedDecoder;
use aws_smithy_xml::decode::{Document, XmlDecodeError, try_data};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

/// Some of a bucket's objects.
#[cfg(feature = "operator")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) objects: Vec<Listed>,
    /// From where the next page goes on, if there is one.
    pub(crate) next: Option<String>,
}

/// An object of a list.
#[cfg(feature = "operator")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) key: String,
    /// In bytes.
    pub(crate) size: u64,
}

/// The body of an object, which is what was stored as far as S3 tells its digest.
pub(super) fn object(response: &HttpResponse) -> Result<Bytes, BoxError> {
    let body = Bytes::copy_from_slice(bytes(response));
    // That of an object in parts is one of digests, and ends with their number.
    let stored = (response.headers().get("x-amz-checksum-sha256"))
        .and_then(|digest| STANDARD.decode(digest).ok());
    if stored.is_some_and(|stored| stored != Sha256::digest(&body).as_slice()) {
        return Err("the object isn't what was stored".into());
    }
    Ok(body)
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>
#[cfg(feature = "operator")]
pub(super) fn page(response: &HttpResponse) -> Result<Page, BoxError> {
    let mut document = Document::try_from(bytes(response))?;
    let mut root = document.root_element()?;
    let mut page = Page::default();
    while let Some(mut tag) = root.next_tag() {
        match tag.start_el().local() {
            "Contents" => page.objects.push(listed(&mut tag)?),
            "NextContinuationToken" => page.next = Some(try_data(&mut tag)?.into_owned()),
            _ => {}
        }
    }
    Ok(page)
}

#[cfg(feature = "operator")]
fn listed(contents: &mut ScopedDecoder<'_, '_>) -> Result<Listed, BoxError> {
    let mut listed = Listed::default();
    while let Some(mut tag) = contents.next_tag() {
        match tag.start_el().local() {
            "Key" => listed.key = try_data(&mut tag)?.into_owned(),
            "Size" => listed.size = try_data(&mut tag)?.parse()?,
            _ => {}
        }
    }
    Ok(listed)
}

/// The error that an answer is: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>. Of one that is no such
/// document only the status is known.
pub(super) fn error(response: &HttpResponse) -> ErrorMetadata {
    code_and_message(bytes(response)).unwrap_or_else(|_| ErrorMetadata::builder().build())
}

fn code_and_message(body: &[u8]) -> Result<ErrorMetadata, XmlDecodeError> {
    let mut document = Document::try_from(body)?;
    let mut root = document.root_element()?;
    let mut error = ErrorMetadata::builder();
    while let Some(mut tag) = root.next_tag() {
        match tag.start_el().local() {
            "Code" => error = error.code(try_data(&mut tag)?),
            "Message" => error = error.message(try_data(&mut tag)?),
            _ => {}
        }
    }
    Ok(error.build())
}

/// The body, which the runtime has read before it hands an answer over.
fn bytes(response: &HttpResponse) -> &[u8] {
    response.body().bytes().unwrap_or_default()
}
