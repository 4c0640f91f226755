//! The forms of a URL between which a signer that was configured with one of them may choose.

/// The URL as it is, without its port, and with its port; each also with the quotes of its query
/// escaped, which the sender may do.
pub(super) fn forms(url: &str) -> Vec<String> {
    let mut forms = vec![url.to_owned()];
    if let Some((scheme, rest)) = url.split_once("://") {
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let host = without_port(authority);
        forms.push(format!("{scheme}://{host}{path}"));
        if host == authority {
            let port = if scheme == "http" { 80 } else { 443 };
            forms.push(format!("{scheme}://{host}:{port}{path}"));
        }
    }
    let escaped = forms.iter().filter_map(|form| {
        let (path, query) = form.split_once('?')?;
        Some(format!("{path}?{}", query.replace('\'', "%27")))
    });
    forms.extend(escaped.collect::<Vec<_>>());
    forms.sort();
    forms.dedup();
    forms
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_each_form_once() {
        let mut expected = vec!["https://a.example/p?q=1", "https://a.example:443/p?q=1"];
        assert_eq!(forms("https://a.example/p?q=1"), expected);
        expected = vec!["http://u:p@a.example/", "http://u:p@a.example:80/"];
        assert_eq!(forms("http://u:p@a.example/"), expected);
        expected = vec!["https://a.example/", "https://a.example:1234/"];
        assert_eq!(forms("https://a.example:1234/"), expected);
        assert!(forms("https://a.example/?q='").contains(&"https://a.example/?q=%27".to_owned()));
        assert_eq!(forms("no url"), ["no url"]);
    }
}
