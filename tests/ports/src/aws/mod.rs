//! The services, through the adapters that the functions use.

pub mod services;

use std::collections::HashMap;

use aws_sdk_sqs::types::MessageSystemAttributeName as System;
use landfall_aws::{
    bodies::Bodies,
    clients::{Clients, Profile},
    clock::SystemClock,
    enrolment::Enrolments,
    gates::Gates,
    index::Index,
    ledger::Ledger,
    operator::{self, Account, Stack},
    quarantine::Quarantine,
    queue::{Queue, Receipts},
    shards::Shards,
};
use protocol::{
    ports::{self, Clock as _, Written},
    time::UnixMillis,
};
use webhook::endpoint::{
    enrolment::Pending,
    quarantine::{Kept, Room},
};

use crate::world::{Message, TRACE, World};

/// Tables, queues and bucket of one stack.
pub struct Aws {
    clients: Clients,
    ledger: Ledger,
    index: Index,
    queue: Queue,
    receipts: Receipts,
    bodies: Bodies,
    gates: Gates,
    enrolments: Enrolments,
    quarantine: Quarantine,
    operator: operator::Enrolments,
    quarantined: operator::Quarantine,
    run: String,
    table: String,
    index_name: String,
    queue_url: String,
    letters_url: String,
}

impl Aws {
    /// The services at the endpoint that the environment names, and the resources that it names as it does for the
    /// functions.
    pub async fn load(environment: impl Fn(&str) -> Option<String>) -> Self {
        let setting = |name: &str| environment(name).unwrap_or_else(|| panic!("{name} is missing"));
        let clients = Clients::load(Profile::Working);
        let table = setting("LANDFALL_TABLE");
        let index_name = setting("LANDFALL_INDEX");
        let enrolment_table = setting("LANDFALL_ENROLMENT_TABLE");
        let account = Account::find(None, None).await.expect("a region");
        let queue_url = setting("LANDFALL_QUEUE_URL");
        let letters_url = setting("LANDFALL_DLQ_URL");
        let bucket = setting("LANDFALL_BUCKET");
        let outputs = [
            ("EnrolmentTableName", &*enrolment_table),
            ("BucketName", &bucket),
            ("TableName", &table),
            ("QueueUrl", &queue_url),
            // Nothing is read from it.
            ("SecretArn", "none"),
        ];
        let outputs = outputs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let stack = Stack::new("the stack", &account, outputs.into());
        let queue = Queue::new(clients.sqs.clone(), &queue_url);
        let receipts = Receipts::new(clients.sqs.clone(), &queue_url, &letters_url);
        Self {
            ledger: Ledger::new(clients.dynamodb.clone(), &table, 1),
            index: Index::new(clients.dynamodb.clone(), &table, &index_name),
            queue: queue.traced(Some(TRACE)),
            receipts: receipts.traced(Some(TRACE)),
            quarantine: Quarantine::new(&clients, &enrolment_table, &bucket),
            bodies: Bodies::new(clients.s3.clone(), bucket),
            gates: Gates::new(clients.dynamodb.clone(), &table, 1),
            enrolments: Enrolments::new(clients.dynamodb.clone(), enrolment_table),
            operator: stack.enrolments().unwrap(),
            quarantined: stack.quarantine().unwrap(),
            run: format!("ports-{:016x}", SystemClock.random()),
            clients,
            table,
            index_name,
            queue_url,
            letters_url,
        }
    }

    /// What this queue shows of ours. Others' messages are put back.
    async fn look(&self, queue: &str) -> Vec<Message> {
        let sqs = &self.clients.sqs;
        let seen = sqs
            .receive_message()
            .queue_url(queue)
            .max_number_of_messages(10)
            .wait_time_seconds(1)
            .message_attribute_names("All")
            .message_system_attribute_names(System::All)
            .send()
            .await
            .unwrap();
        let mut ours = Vec::new();
        for message in seen.messages.unwrap_or_default() {
            let receipt = message.receipt_handle.unwrap_or_default();
            let body = message.body.unwrap_or_default();
            if !body.contains(&self.run) {
                let put_back = sqs.change_message_visibility().queue_url(queue);
                let put_back = put_back.receipt_handle(receipt).visibility_timeout(0);
                put_back.send().await.unwrap();
                continue;
            }
            let system = message.attributes.unwrap_or_default();
            let text = |name: &System| system.get(name).cloned();
            let attributes: HashMap<_, _> = message.message_attributes.unwrap_or_default();
            let attributes = attributes.into_iter();
            ours.push(Message {
                body,
                receipt,
                receives: text(&System::ApproximateReceiveCount)
                    .unwrap()
                    .parse()
                    .unwrap(),
                group: text(&System::MessageGroupId),
                trace: text(&System::AwsTraceHeader),
                attributes: attributes
                    .map(|(name, value)| (name, value.string_value.unwrap_or_default()))
                    .collect(),
            });
        }
        ours
    }

    async fn delete_from(&self, queue: &str, message: &Message) {
        let delete = self.clients.sqs.delete_message().queue_url(queue);
        delete
            .receipt_handle(&message.receipt)
            .send()
            .await
            .unwrap();
    }
}

impl World for Aws {
    fn ledger(&self) -> &(impl ports::Recorder + ports::Claims) {
        &self.ledger
    }

    fn index(&self) -> &impl ports::Index {
        &self.index
    }

    fn queue(&self) -> &impl ports::Queue {
        &self.queue
    }

    fn receipts(&self) -> &impl ports::Receipts {
        &self.receipts
    }

    fn bodies(&self) -> &(impl ports::BodyStore + ports::StoredBodies) {
        &self.bodies
    }

    fn gates(&self) -> &impl ports::Gates {
        &self.gates
    }

    fn enrolments(&self) -> &impl webhook::ports::Enrolments {
        &self.enrolments
    }

    fn quarantine(&self) -> &impl webhook::ports::Quarantine {
        &self.quarantine
    }

    fn run(&self) -> &str {
        &self.run
    }

    async fn note_shards(&self, shards: u32) {
        let noted = Shards::new(self.clients.dynamodb.clone(), &self.table);
        noted.note(shards).await.unwrap();
    }

    async fn receive(&self) -> Vec<Message> {
        self.look(&self.queue_url).await
    }

    async fn receive_letters(&self) -> Vec<Message> {
        self.look(&self.letters_url).await
    }

    async fn delete(&self, message: &Message) {
        self.delete_from(&self.queue_url, message).await;
    }

    async fn delete_letter(&self, letter: &Message) {
        self.delete_from(&self.letters_url, letter).await;
    }

    async fn open(&self, source: &str, now: UnixMillis) {
        let opened = self.operator.open(source, now).await.unwrap();
        assert_eq!(opened, Written::Yes);
    }

    async fn pending(&self, source: &str, now: UnixMillis) -> Option<Pending> {
        let entry = self.operator.read(source, now).await.unwrap();
        entry.and_then(|entry| entry.pending)
    }

    async fn open_quarantine(&self, source: &str, room: Room) {
        self.quarantined.give_room(source, room).await.unwrap();
    }

    async fn take_quarantined(&self, source: &str) -> Vec<Kept> {
        let mut taken = Vec::new();
        for place in self.quarantined.kept(Some(source)).await.unwrap() {
            taken.extend(self.quarantined.read(&place).await.unwrap());
            self.quarantined.forget(&place).await.unwrap();
        }
        taken
    }
}
