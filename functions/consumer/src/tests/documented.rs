//! The handler that the README shows: compiled as it stands there, in the folder `readme`, and routed to.

use crate::router::Router;

use super::readme;

#[test]
fn the_readmes_handler_is_the_one_that_is_compiled_here() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let page = std::fs::read_to_string(page).unwrap();
    let shown: Vec<&str> = (page.split("```rust\n").skip(1))
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    let compiled = [
        include_str!("readme/billing.rs"),
        include_str!("readme/mod.rs"),
    ];
    assert_eq!(shown, compiled);
}

#[test]
fn the_readmes_route_can_be_taken() {
    assert!(Router::new(readme::routes()).is_ok());
}
