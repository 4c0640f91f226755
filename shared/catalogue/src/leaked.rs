//! What is made of a configuration: that is read once, and what is made of it lives as long as the process.

/// A value that does. What few sources have stands behind such a reference: all others have eight bytes for it.
pub(crate) fn leaked<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}
