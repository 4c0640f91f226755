//! By which name AWS sees who calls it, in its logs and in those of its trail.
//!
//! The SDK tells there what it is made of, in two headers that it puts together anew for each call, of which one is signed as well.
//! It is one text here, always the same.

use aws_runtime::user_agent::UserAgentInterceptor;
use aws_sdk_dynamodb::config::ConfigBag;
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept,
            context::{
                BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
            },
            disable_interceptor, dyn_dispatch_hint,
        },
        runtime_components::RuntimeComponents,
    },
};

const NAME: &str = concat!("landfall/", env!("CARGO_PKG_VERSION"));

/// Names the caller in the place of the SDK.
#[derive(Debug)]
pub(crate) struct Named;

#[dyn_dispatch_hint]
impl Intercept for Named {
    fn name(&self) -> &'static str {
        "Named"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let not_twice = disable_interceptor::<UserAgentInterceptor>("the caller is named once");
        config.interceptor_state().store_put(not_twice);
        Ok(())
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        context
            .request_mut()
            .headers_mut()
            .insert("user-agent", NAME);
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{
        clients::{Clients, stand_in},
        outbound::testing::Provider,
    };

    #[tokio::test]
    async fn a_call_names_landfall_and_nobody_else() {
        let server = Provider::plain();
        server.answers("200 OK", "", "{}");
        let clients = Clients::new(&stand_in(server.url("http", "")));
        clients.dynamodb.list_tables().send().await.unwrap();
        let asked = server.asked().remove(0).to_lowercase();
        assert!(
            asked.contains(&format!("\r\nuser-agent: {NAME}\r\n")),
            "{asked}"
        );
        assert!(!asked.contains("aws-sdk-rust"), "{asked}");
    }
}
