//! Form bodies: what is read of one stands in it, and is what whoever wrote it put there.

use std::borrow::Cow;

use webhook::reading::form;

use super::Input;

/// A form of these fields is read as them, whatever their text; and of any other bytes what is read stands there.
///
/// Boundary, name, value, any body.
pub fn form(bytes: &[u8]) {
    let mut input = Input(bytes);
    let boundary = input.text().into_owned();
    let name = input.text().into_owned();
    let value = input.text().into_owned();
    let body = input.rest();

    let multipart = [b"--", boundary.as_bytes(), b"\r\n", body].concat();
    if let Ok(Some(Cow::Borrowed(found))) = form::field(&multipart, &name) {
        let is_part = multipart
            .windows(found.len().max(1))
            .any(|window| window == found.as_bytes());
        assert!(
            found.is_empty() || is_part,
            "a field that doesn't stand in the form"
        );
    }
    let _ = form::field(body, &name);

    let plain =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !plain(&name) || !plain(&boundary) || boundary.len() > 70 {
        return;
    }
    let delimiter = format!("\r\n--{boundary}");
    if format!("\r\n\r\n{value}{delimiter}").find(&delimiter) != Some(value.len() + 4) {
        return;
    }
    let part = |name: &str| {
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        )
    };
    let once = format!("{}{}--{boundary}--", part("an other"), part(&name));
    let found = form::field(once.as_bytes(), &name);
    assert_eq!(found, Ok(Some(value.as_str().into())));
    let twice = format!("{}{}--{boundary}--", part(&name), part(&name));
    assert!(form::field(twice.as_bytes(), &name).is_err());
    let open = part(&name);
    assert!(form::field(open.as_bytes(), &name).is_err());
}
