//! A deployed stack: what it told of itself, and the way to what it consists of.

use std::collections::BTreeMap;

use aws_types::SdkConfig;
use protocol::fault::{Fault, FaultKind};

use super::{
    Account, Consumer, Deeds, Destinations, Enrolments, Facts, Ledger, Letters, Logs, Protection,
    Quarantine, Running, SecretStore, Watch, quarantine::Places, running,
};
use crate::{bodies::Bodies, clients::Clients, queue::Queue};

/// The step of an output that is looked up.
const READING: &str = "reading the stack's outputs";

/// A deployed stack.
#[derive(Clone, Debug)]
pub struct Stack {
    name: String,
    outputs: BTreeMap<String, String>,
    parameters: BTreeMap<String, String>,
    clients: Clients,
    config: SdkConfig,
}

impl Stack {
    /// The stack of this name in this account, with what it put out.
    #[must_use]
    pub fn new(name: &str, account: &Account, outputs: BTreeMap<String, String>) -> Self {
        Self {
            name: name.to_owned(),
            outputs,
            parameters: BTreeMap::new(),
            clients: Clients::new(&account.config),
            config: account.config.clone(),
        }
    }

    /// The same, of which it is known with which parameters it was deployed.
    #[must_use]
    pub fn with_parameters(self, parameters: BTreeMap<String, String>) -> Self {
        Self { parameters, ..self }
    }

    /// The parameters that it was deployed with; none where they aren't known.
    #[must_use]
    pub const fn parameters(&self) -> &BTreeMap<String, String> {
        &self.parameters
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The environment that it was deployed as, in its own word.
    #[must_use]
    pub fn environment(&self) -> Option<&str> {
        self.outputs.get("Environment").map(String::as_str)
    }

    /// Where sources are reached, under `/webhooks/`.
    pub fn api_url(&self) -> Result<&str, Fault> {
        Ok(self.output("ApiUrl")?.trim_end_matches('/'))
    }

    /// The same as ingest is told it: the stand-in for API Gateway is reached at another address than the one that it
    /// names.
    pub fn called_url(&self) -> Result<&str, Fault> {
        match self.outputs.get("CalledUrl") {
            Some(url) => Ok(url),
            None => self.api_url(),
        }
    }

    /// Its ledger.
    pub fn ledger(&self) -> Result<Ledger, Fault> {
        Ok(Ledger::new(
            self.clients.dynamodb.clone(),
            self.output("TableName")?,
            self.output("IndexName")?,
            self.output("TroubleIndexName")?,
            self.shards()?,
        ))
    }

    /// The bucket of the bodies that its ledger doesn't hold.
    pub fn bodies(&self) -> Result<Bodies, Fault> {
        let bucket = self.output("BucketName")?;
        Ok(Bodies::new(self.clients.s3.clone(), bucket))
    }

    /// Its sources' secrets.
    pub fn secrets(&self) -> Result<SecretStore, Fault> {
        let stack = self.output("SecretArn")?;
        Ok(SecretStore::new(self.clients.secrets.clone(), stack))
    }

    /// Its destinations' secrets.
    pub fn destination_secrets(&self) -> Result<SecretStore, Fault> {
        let stack = self.output("DestinationSecretArn")?;
        Ok(SecretStore::new(self.clients.secrets.clone(), stack))
    }

    /// The secrets that wait for an operator.
    pub fn enrolments(&self) -> Result<Enrolments, Fault> {
        let table = self.output("EnrolmentTableName")?;
        Ok(Enrolments::new(self.clients.dynamodb.clone(), table))
    }

    /// What of its refused deliveries is kept.
    pub fn quarantine(&self) -> Result<Quarantine, Fault> {
        let places = Places {
            enrolment_table: self.output("EnrolmentTableName")?,
            bucket: self.output("BucketName")?,
            ledger: self.output("TableName")?,
            secrets: self.secrets()?,
            queue: self.queue()?,
        };
        Ok(Quarantine::new(&self.clients, places))
    }

    /// How its destinations fare.
    pub fn destinations(&self) -> Result<Destinations, Fault> {
        let table = self.output("TableName")?;
        Ok(Destinations::new(self.clients.dynamodb.clone(), table))
    }

    /// Its consumer, to be called beside the queue.
    pub fn consumer(&self) -> Result<Consumer, Fault> {
        let function = self.output("ConsumerFunctionName")?;
        Ok(Consumer::new(&self.config, function))
    }

    /// The queue of its tickets.
    pub fn queue(&self) -> Result<Queue, Fault> {
        Ok(Queue::new(
            self.clients.sqs.clone(),
            self.output("QueueUrl")?,
        ))
    }

    /// Its dead-letter queue.
    pub fn letters(&self) -> Result<Letters, Fault> {
        let url = self.output("DlqUrl")?;
        Ok(Letters::new(self.clients.sqs.clone(), url, self.queue()?))
    }

    /// What keeps it from being taken down by mistake.
    pub fn protection(&self) -> Result<Protection, Fault> {
        let tables = [
            self.output("TableName")?,
            self.output("ProjectionTableName")?,
        ];
        let dynamodb = self.clients.dynamodb.clone();
        Ok(Protection::new(&self.config, dynamodb, &self.name, tables))
    }

    /// What AWS says of its parts.
    #[must_use]
    pub fn facts(&self) -> Facts {
        Facts::new(&self.clients, &self.config)
    }

    /// What CloudWatch says of it.
    #[must_use]
    pub fn watch(&self) -> Watch {
        Watch::new(&self.config, &self.name)
    }

    /// Where its queue of tickets is.
    pub fn queue_url(&self) -> Result<&str, Fault> {
        self.output("QueueUrl")
    }

    /// Where its dead-letter queue is.
    pub fn dlq_url(&self) -> Result<&str, Fault> {
        self.output("DlqUrl")
    }

    /// What its consumer is called.
    pub fn consumer_name(&self) -> Result<&str, Fault> {
        self.output("ConsumerFunctionName")
    }

    /// The event source mapping between its queue and its consumer.
    pub fn mapping_id(&self) -> Result<&str, Fault> {
        self.output("ConsumerEventSourceId")
    }

    /// What its ledger's table is called.
    pub fn table(&self) -> Result<&str, Fault> {
        self.output("TableName")
    }

    /// What its functions have logged.
    #[must_use]
    pub fn logs(&self) -> Logs {
        Logs::new(&self.config, &self.name)
    }

    /// What its operators have done.
    #[must_use]
    pub fn deeds(&self) -> Deeds {
        Deeds::new(&self.config, &self.name)
    }

    /// With which configuration it says that it runs. Nothing before its sweeper's first start.
    pub async fn running(&self) -> Result<Option<Running>, Fault> {
        running::read(&self.clients.dynamodb, self.output("TableName")?).await
    }

    /// How many shards the index is given now.
    fn shards(&self) -> Result<u32, Fault> {
        let shards = self.output("Shards")?;
        shards.parse().map_err(|_| {
            let text = format!("`{}` has the output `Shards`: {shards}", self.name);
            Fault::new(FaultKind::Malformed, READING, text)
        })
    }

    fn output(&self, output: &str) -> Result<&str, Fault> {
        self.outputs.get(output).map(String::as_str).ok_or_else(|| {
            Fault::new(
                FaultKind::Malformed,
                READING,
                format!(
                    "`{}` has no output `{output}`: deploy this version of infra/template.yaml",
                    self.name
                ),
            )
        })
    }
}
