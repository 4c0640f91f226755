//! What keeps a stack from being taken down by mistake, beside what its template says: three things that no template can say, or
//! that would stand in the way of a first deployment which fails.

use aws_types::SdkConfig;
use protocol::fault::Fault;

use crate::{
    fault,
    service::{CLOUD_FORMATION, Service},
};

/// Which resources no update may replace or take away.
const POLICY: &str = include_str!("../../../../infra/stack-policy.json");

/// A policy can't be taken back, only be replaced by one that allows everything.
const NO_POLICY: &str =
    r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"Update:*","Resource":"*"}]}"#;

/// The protection of one stack.
#[derive(Clone, Debug)]
pub struct Protection {
    cloud_formation: Service,
    dynamodb: aws_sdk_dynamodb::Client,
    stack: String,
    tables: Vec<String>,
}

impl Protection {
    pub(super) fn new(
        config: &SdkConfig,
        dynamodb: aws_sdk_dynamodb::Client,
        stack: &str,
        tables: [&str; 2],
    ) -> Self {
        Self {
            cloud_formation: Service::new(&CLOUD_FORMATION, config),
            dynamodb,
            stack: stack.to_owned(),
            tables: tables.map(str::to_owned).into(),
        }
    }

    /// The tables that can't be deleted while it is on.
    #[must_use]
    pub fn tables(&self) -> &[String] {
        &self.tables
    }

    /// Switches it on or off. Whatever is so already stays so.
    pub async fn switch(&self, on: bool) -> Result<(), Fault> {
        let policy = [
            ("StackName", self.stack.as_str()),
            ("StackPolicyBody", if on { POLICY } else { NO_POLICY }),
        ];
        (self.cloud_formation.query("SetStackPolicy", &policy).await)
            .map_err(|error| fault::of("setting the stack's policy", &error))?;
        for table in &self.tables {
            self.switch_table(table, on).await?;
        }
        let protection = [
            ("StackName", self.stack.as_str()),
            (
                "EnableTerminationProtection",
                if on { "true" } else { "false" },
            ),
        ];
        let set = (self.cloud_formation).query("UpdateTerminationProtection", &protection);
        set.await
            .map_err(|error| fault::of("setting the stack's termination protection", &error))?;
        Ok(())
    }

    async fn switch_table(&self, table: &str, on: bool) -> Result<(), Fault> {
        let described = self.dynamodb.describe_table().table_name(table).send();
        let described = described
            .await
            .map_err(|error| fault::of("looking at a table", &error))?;
        let is_on = described
            .table()
            .and_then(|table| table.deletion_protection_enabled);
        if is_on.unwrap_or(false) == on {
            return Ok(());
        }
        self.dynamodb
            .update_table()
            .table_name(table)
            .deletion_protection_enabled(on)
            .send()
            .await
            .map_err(|error| fault::of("setting a table's deletion protection", &error))?;
        Ok(())
    }
}
