//! AWS Secrets Manager, as far as anything here uses it.

use aws_types::SdkConfig;
use serde::Deserialize;
use serde_json::json;

use crate::service::{self, Failure, Service};

/// The secrets of an account and region. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SecretsManager(Service);

/// The version of a secret that counts. It can't be printed.
#[derive(Deserialize)]
pub struct SecretValue {
    /// By which Secrets Manager knows it.
    #[serde(rename = "VersionId")]
    pub version: Option<String>,
    /// Nothing where the secret is one of bytes.
    #[serde(rename = "SecretString")]
    pub text: Option<String>,
}

/// A version that was put.
#[cfg(feature = "operator")]
#[derive(Debug, Deserialize)]
pub(crate) struct Put {
    #[serde(rename = "VersionId")]
    pub(crate) version: String,
    /// The stages that it has now.
    #[serde(rename = "VersionStages", default)]
    pub(crate) stages: Vec<String>,
}

/// An answer that says nothing more.
#[cfg(feature = "operator")]
#[derive(Deserialize)]
struct Done {}

impl SecretsManager {
    /// Those of this account and region.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        Self(Service::new(&service::SECRETS_MANAGER, config))
    }

    /// The version of a secret that counts:
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html>.
    pub async fn get(&self, secret: &str) -> Result<SecretValue, Failure> {
        let input = json!({"SecretId": secret});
        self.0.json("GetSecretValue", &input).await
    }

    /// Puts a version that has this stage. `token` is what makes a second call the same as the first:
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html>.
    #[cfg(feature = "operator")]
    pub(crate) async fn put(
        &self,
        secret: &str,
        text: &str,
        stage: &str,
        token: &str,
    ) -> Result<Put, Failure> {
        let input = json!({
            "SecretId": secret,
            "ClientRequestToken": token,
            "SecretString": text,
            "VersionStages": [stage],
        });
        self.0.json("PutSecretValue", &input).await
    }

    /// Moves a stage to a version, from the one that has it:
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html>.
    #[cfg(feature = "operator")]
    pub(crate) async fn move_stage(
        &self,
        secret: &str,
        stage: &str,
        from: Option<&str>,
        to: &str,
    ) -> Result<(), Failure> {
        let mut input = json!({
            "SecretId": secret,
            "VersionStage": stage,
            "MoveToVersionId": to,
        });
        if let Some(from) = from {
            input["RemoveFromVersionId"] = from.into();
        }
        let moved = self.0.json("UpdateSecretVersionStage", &input).await;
        moved.map(|Done {}| ())
    }
}
