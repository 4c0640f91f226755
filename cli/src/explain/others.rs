//! A delivery that is signed as another provider of the catalogue signs.

use catalogue::{Algorithm, PROVIDERS, Provider, Scheme, Source};

use super::suspect::{Change, Guess, Suspect};

/// How many are named at most: some sign in one way that they share.
const NAMED: usize = 3;

/// The providers whose way to sign fits, with the same secrets.
pub(crate) fn fitting(suspect: &Suspect<'_>) -> Vec<&'static Provider> {
    let own = suspect.case.source.provider.map(|provider| provider.name);
    let others = PROVIDERS
        .iter()
        .filter(|provider| Some(provider.name) != own);
    others
        .filter(|provider| suspect.holds(&Change::Source(Box::new(of_anyone(provider)))))
        .collect()
}

/// A source of this provider, whoever's deliveries they are. User and password aren't one provider's way.
fn of_anyone(provider: &'static Provider) -> Source {
    let is_anyones = |scheme: &&Scheme| {
        let is_basic = scheme.signature.place == Scheme::BASIC.signature.place;
        !(scheme.algorithm == Algorithm::Token && is_basic)
    };
    let schemes = provider.schemes.iter().filter(is_anyones);
    let schemes: Vec<Scheme> = schemes.map(Scheme::of_any_customer).collect();
    Source {
        schemes: schemes.leak(),
        ..Source::of(provider)
    }
}

pub(super) fn guesses<'s>(suspect: &'s Suspect<'_>) -> Box<dyn Iterator<Item = Guess> + 's> {
    let found = fitting(suspect);
    let first = found.first().copied();
    Box::new(first.into_iter().map(move |first| Guess {
        change: Change::Source(Box::new(of_anyone(first))),
        sentence: format!(
            "{}, and not as {} signs.",
            in_words(&found),
            suspect.title()
        ),
        mend: format!(
            "Did it come to the right source? A source for it has provider = \"{}\".",
            first.name
        ),
    }))
}

/// For example: `This is how Stripe signs`.
pub(crate) fn in_words(found: &[&Provider]) -> String {
    let titles: Vec<&str> = found
        .iter()
        .take(NAMED)
        .map(|provider| provider.title)
        .collect();
    let more = match found.len().saturating_sub(NAMED) {
        0 => None,
        1 => Some("one other provider".to_owned()),
        more => Some(format!("{more} other providers")),
    };
    let mut named: Vec<String> = titles.into_iter().map(str::to_owned).chain(more).collect();
    let last = named.pop().unwrap_or_default();
    let named = if named.is_empty() {
        last
    } else {
        format!("{} and {last}", named.join(", "))
    };
    let verb = if found.len() > 1 { "sign" } else { "signs" };
    format!("This is how {named} {verb}")
}
