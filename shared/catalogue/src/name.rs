//! The names that an operator gives: 1 to 64 of `[a-z0-9-]`, so that any other character can stand between a name and
//! what follows it.

/// What a name must look like, as a regular expression.
pub(crate) const PATTERN: &str = "^[a-z0-9-]{1,64}$";

/// Whether a text is a name: the same as [`PATTERN`] asks.
pub(crate) fn is_name(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=64).contains(&text.len()) && text.bytes().all(fits)
}

/// A type for the names of one kind of thing.
macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(&'static str);

        impl $name {
            /// A name, if it is one.
            #[must_use]
            pub fn new(name: &'static str) -> Option<Self> {
                $crate::name::is_name(name).then_some(Self(name))
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.0)
            }
        }
    };
}

pub(crate) use name;
