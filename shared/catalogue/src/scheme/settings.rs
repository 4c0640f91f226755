//! What a source fills in, `{setting:name}`, so that only its own deliveries count.

use crate::{leaked::leaked, template::Template};

use super::{Claims, Scheme};

impl Scheme {
    /// The scheme with the source's own texts for `{setting:name}`. A configuration is read once: what
    /// is filled in lives as long as the process.
    #[must_use]
    pub fn with_settings(&self, settings: &[(&str, &str)]) -> Self {
        let mut scheme = Self {
            message: self.message.with_settings(settings),
            equal: filled(self.equal, settings),
            ..*self
        };
        scheme.signature.prefixes = filled_prefixes(self.signature.prefixes, settings);
        let claims = self.claims;
        scheme.claims = claims.map(|claims| claims.comparing(filled(claims.equal, settings)));
        scheme
    }

    /// Whether the source's own texts change nothing of it.
    pub(crate) fn is_filled(&self) -> bool {
        self.message.is_filled()
            && are_filled(self.equal)
            && self.claims.is_none_or(|claims| are_filled(claims.equal))
            && !has_setting(self.signature.prefixes)
    }

    /// Whether a delivery is compared with this setting of the source's.
    #[must_use]
    pub fn compares(&self, setting: &str) -> bool {
        let placeholder = format!("{{setting:{setting}}}");
        let in_texts = self
            .compared()
            .any(|text| text.text().contains(&placeholder));
        let prefixes = self.signature.prefixes;
        in_texts || prefixes.iter().any(|prefix| prefix.contains(&placeholder))
    }

    /// The scheme without the comparisons whose setting isn't filled in: whether a delivery is the
    /// provider's at all, whoever's it is.
    #[must_use]
    pub fn of_any_customer(&self) -> Self {
        let mut scheme = *self;
        scheme.equal = without_settings(scheme.equal);
        let claims = self.claims;
        scheme.claims = claims.map(|claims| claims.comparing(without_settings(claims.equal)));
        scheme.signature.prefixes = any_prefixes(scheme.signature.prefixes);
        scheme
    }

    /// The texts that the delivery's claims and its other texts are compared with.
    pub(super) fn compared(&self) -> impl Iterator<Item = Template> {
        let claims = self.claims.map_or(&[][..], |claims| claims.equal);
        let texts = self.equal.iter().map(|(_, text)| *text);
        claims.iter().map(|(_, text)| *text).chain(texts)
    }
}

impl Claims {
    /// With these texts to compare with; the same if they are its own.
    fn comparing(&'static self, equal: &'static [(&'static str, Template)]) -> &'static Self {
        if std::ptr::eq(equal, self.equal) {
            return self;
        }
        leaked(Self { equal, ..*self })
    }
}

fn are_filled<T>(texts: &[(T, Template)]) -> bool {
    texts.iter().all(|(_, text)| text.is_filled())
}

fn filled<T: Copy>(
    texts: &'static [(T, Template)],
    settings: &[(&str, &str)],
) -> &'static [(T, Template)] {
    if are_filled(texts) {
        return texts;
    }
    let filled = texts
        .iter()
        .map(|(of, text)| (*of, text.with_settings(settings)));
    filled.collect::<Vec<_>>().leak()
}

fn without_settings<T: Copy>(texts: &'static [(T, Template)]) -> &'static [(T, Template)] {
    if !texts.iter().any(|(_, text)| text.has_setting()) {
        return texts;
    }
    let fixed = texts.iter().filter(|(_, text)| !text.has_setting());
    fixed.copied().collect::<Vec<_>>().leak()
}

fn has_setting(prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| prefix.contains(SETTING))
}

fn filled_prefixes(
    prefixes: &'static [&'static str],
    settings: &[(&str, &str)],
) -> &'static [&'static str] {
    if !has_setting(prefixes) {
        return prefixes;
    }
    let fill = |prefix: &&'static str| Template::new(prefix).with_settings(settings).text();
    prefixes.iter().map(fill).collect::<Vec<_>>().leak()
}

/// The prefixes with anything in the place of a setting that stands at the beginning.
fn any_prefixes(prefixes: &'static [&'static str]) -> &'static [&'static str] {
    if !has_setting(prefixes) {
        return prefixes;
    }
    let any = |prefix: &&'static str| match prefix.split_once('}') {
        Some((setting, end)) if setting.starts_with(SETTING) => &*format!("*{end}").leak(),
        _ => *prefix,
    };
    prefixes.iter().map(any).collect::<Vec<_>>().leak()
}

/// How a setting begins in a text.
const SETTING: &str = "{setting:";
