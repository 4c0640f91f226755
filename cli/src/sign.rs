//! `landfall sign`: what a provider would send, made offline and printed.

use std::{path::Path, process::ExitCode};

use webhook::{authenticity::sign::sign, keys::SigningKey};

use crate::{
    args::GivenDelivery,
    delivery::{Case, replaced},
    failure::Failure,
    print,
};

pub(crate) fn run(given: &GivenDelivery, config: Option<&Path>) -> Result<ExitCode, Failure> {
    let case = Case::read(given, config)?;
    let [secret, ..] = case.secrets.as_slice() else {
        return Err(Failure::usage(
            "which secret? Give --secret or --secret-file",
        ));
    };
    let key = SigningKey::load(case.source.schemes, &secret.secret())
        .map_err(|fault| Failure::usage(format!("nothing can be signed: {fault}")))?;
    let signed = sign(&key, &case.delivery(), case.now)
        .map_err(|fault| Failure::usage(format!("this delivery can't be signed: {fault}")))?;
    let headers = replaced(&case.header_pairs, signed.headers);
    let body = signed.body.as_deref().unwrap_or(&case.body);
    let url = match (&signed.query, case.url.split_once('?')) {
        (Some(query), Some((path, _))) => format!("{path}?{query}"),
        (Some(query), None) => format!("{}?{query}", case.url),
        (None, _) => case.url.clone(),
    };
    print::json(&print::request(&case.method, &url, &headers, body));
    Ok(ExitCode::SUCCESS)
}
