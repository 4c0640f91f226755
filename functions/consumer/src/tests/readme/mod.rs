// functions/consumer/src/handlers/mod.rs
mod billing;

use crate::router::Routes;

pub fn routes() -> Routes {
    Routes::new().on("acme-billing", "invoice.*", billing::paid)
}
