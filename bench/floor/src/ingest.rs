//! The floor of ingest.

use std::mem;

use aws_sdk_dynamodb::{
    operation::put_item::PutItemError,
    primitives::Blob,
    types::AttributeValue::{B, N, S},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use hmac::{Hmac, KeyInit as _};
use lambda_runtime::Error;
use landfall_aws::{
    bodies::Bodies,
    clients::{Clients, Profile, of_environment},
    clock::SystemClock,
};
use landfall_floor::{delivery, log, serve, setting};
use protocol::ports::{BodyStore as _, Clock as _};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

const PATH: &str = "/webhooks/hooks";
/// DynamoDB takes no item of more than 400 KB.
const INLINE_BYTES: usize = 262_144;

struct Receiver {
    clients: Clients,
    bodies: Bodies,
    table: String,
    queue: String,
    /// The key, hashed already.
    key: Hmac<Sha256>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status_code: u16,
    body: &'static str,
}

#[derive(Serialize)]
struct Line<'a> {
    status: u16,
    outcome: &'static str,
    event_id: &'a str,
}

#[tokio::main(flavor = "local")]
async fn main() -> Result<(), Error> {
    tokio::task::spawn_local(run()).await?
}

async fn run() -> Result<(), Error> {
    let config = of_environment(Profile::Answering);
    let clients = Clients::new(&config);
    let secret = clients.secrets.get(&setting("SECRET_ID")?).await?;
    let secret = secret.text.unwrap_or_default();
    let key = STANDARD.decode(secret.trim_start_matches("whsec_"))?;
    let receiver = Receiver {
        bodies: Bodies::new(clients.s3.clone(), setting("BUCKET")?),
        clients,
        table: setting("TABLE")?,
        queue: setting("QUEUE_URL")?,
        key: Hmac::new_from_slice(&key)?,
    };
    serve(async |event| receiver.receive(event).await).await
}

impl Answer {
    fn new(status_code: u16, body: &'static str) -> Self {
        Self { status_code, body }
    }
}

impl Receiver {
    async fn receive(&self, arrived: Bytes) -> Result<Answer, Error> {
        let (mut id, mut answer) = (String::new(), Answer::new(400, "refused"));
        match delivery::read(&arrived, PATH) {
            Err(404) => answer = Answer::new(404, "unknown"),
            Err(_) => {}
            Ok(mut delivery) => {
                // It may be megabytes.
                drop(arrived);
                id = mem::take(&mut delivery.id);
                if let Some(body) = delivery.proven(&id, &self.key)? {
                    answer = Answer::new(200, self.record(&id, body).await?);
                }
            }
        }
        log(&Line {
            status: answer.status_code,
            outcome: answer.body,
            event_id: if answer.status_code == 200 { &id } else { "" },
        })?;
        Ok(answer)
    }

    /// Writes the event if it is new, and sends its ticket unless somebody has worked on it.
    async fn record(&self, id: &str, body: Vec<u8>) -> Result<&'static str, Error> {
        let Self { clients, table, .. } = self;
        let put = clients.dynamodb.put_item().table_name(table);
        let put = put.item("pk", S(id.into())).item("sk", S("event".into()));
        let put = put.item("at", N(SystemClock.now().0.to_string()));
        let put = if body.len() > INLINE_BYTES {
            self.store(id, body).await?;
            put
        } else {
            put.item("body", B(Blob::new(body)))
        };
        let put = put.condition_expression("attribute_not_exists(pk)");
        let mut outcome = "accepted";
        if let Err(error) = Box::pin(put.send()).await {
            if !error
                .as_service_error()
                .is_some_and(PutItemError::is_conditional_check_failed_exception)
            {
                return Err(error.into());
            }
            let work = clients
                .dynamodb
                .get_item()
                .table_name(table)
                .consistent_read(true);
            let work = work.key("pk", S(id.into())).key("sk", S("work".into()));
            outcome = "duplicate";
            if Box::pin(work.send()).await?.item.is_some() {
                return Ok(outcome);
            }
        }
        let ticket = clients
            .sqs
            .send_message()
            .queue_url(&self.queue)
            .message_body(id);
        Box::pin(ticket.send()).await?;
        Ok(outcome)
    }

    async fn store(&self, id: &str, body: Vec<u8>) -> Result<(), Error> {
        let digest = hex::encode(Sha256::digest(&body));
        let put = self.bodies.put_body(id, body.into(), &digest);
        Ok(Box::pin(put).await.map_err(|fault| fault.to_string())?)
    }
}
