//! What S3 answers.

use aws_smithy_runtime_api::{box_error::BoxError, client::orchestrator::HttpResponse};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use crate::service;
#[cfg(feature = "operator")]
use crate::service::query::Element;

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
    let body = Bytes::copy_from_slice(service::body(response));
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
    let page = Element::read(response)?;
    let listed = |object: &Element| {
        Ok(Listed {
            key: object.text_of("Key").unwrap_or_default().to_owned(),
            size: object.text_of("Size").unwrap_or("0").parse()?,
        })
    };
    let objects = page.children().filter(|child| child.name() == "Contents");
    Ok(Page {
        objects: objects.map(listed).collect::<Result<_, BoxError>>()?,
        next: page.text_of("NextContinuationToken").map(str::to_owned),
    })
}
