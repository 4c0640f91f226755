//! The platform: starts processes, and does what follows their ends.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use catalogue::Configuration;
use chance::Chance;
use consumer::{
    Consumer,
    gate::Gate,
    router::Router,
    sqs::{Batch, Record},
};
use ingest::receive::{self, receive};
use protocol::{decide::limits::Limits, ledger::Work, time::Millis};
use serde_json::Value;
use support::world::{
    Plan, Services, Stopped, lock,
    sqs::{Message, VISIBILITY},
};
use sweeper::Sweeper;

use super::{
    Process,
    function::Function,
    sender::{self, INLINE_BODY_BYTES, PUBLIC_KEY, SECRET, Sent},
    state::State,
};

/// The sweeper's looks.
pub const AGES: [Millis; 5] = [
    Millis::seconds(120),
    Millis::seconds(900),
    Millis::seconds(7_200),
    Millis::seconds(57_600),
    Millis::seconds(432_000),
];

/// How many tries a round has.
pub const LIMITS: Limits = Limits {
    tries: 3,
    backoff_base: Millis::seconds(5),
    backoff_max: Millis::seconds(900),
    age: Limits::AGE,
    reopens: Limits::REOPENS,
    reopen_after: Limits::REOPEN_AFTER,
};

/// How long an invocation of the consumer or the sweeper may take.
const CONSUMER: Millis = Millis::seconds(60);

/// How long API Gateway and Lambda give ingest.
const INGEST: Millis = Millis::seconds(10);

/// When the platform ends whatever still runs.
const LAMBDA: Duration = Duration::from_mins(1);

/// What an invocation came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Status and outcome.
    Ingest(i64, String),
    /// The messages that stay.
    Consumer(Vec<String>),
    /// The sweep is over.
    Sweeper,
}

/// What an invocation is about, for when it comes back from the dead.
enum About {
    Delivery { sent: Sent, runs: u64, failed: bool },
    Batch(Vec<Message>),
    Sweep,
}

/// The world.
pub struct World {
    state: Arc<Mutex<State>>,
    processes: AtomicU64,
    pub(super) concurrency: usize,
    pub(super) configuration: &'static Configuration,
    pub(super) longest_still: Millis,
    pub(super) zombies: Mutex<Vec<Zombie>>,
    pub(super) unheard: Mutex<Vec<Sent>>,
}

/// An invocation under way. To drop it is its process's death.
type Run = Pin<Box<dyn Future<Output = Option<Answer>>>>;

/// An invocation that stands still.
pub(super) struct Zombie {
    process: Process,
    about: About,
    run: Run,
}

impl World {
    /// A world in which everything is as on a good day. Needs a paused runtime.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut state = State::default();
        *state = Services {
            began: Some(tokio::time::Instant::now()),
            chance: Chance::new(seed),
            published: [(sender::ADDRESS, PUBLIC_KEY)].into(),
            status: 200,
            ..Services::default()
        };
        state.hold(&[SECRET]);
        state.door.take_turns = true;
        Self {
            state: Arc::new(Mutex::new(state)),
            processes: AtomicU64::new(0),
            concurrency: 1,
            configuration: sender::configuration(),
            longest_still: Millis::seconds(1_200),
            zombies: Mutex::default(),
            unheard: Mutex::default(),
        }
    }

    /// Everything outside the processes.
    pub fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Lets so much time pass.
    pub fn pass(&self, length: Millis) {
        self.state().pass(length);
    }

    /// From here on this happens, and nothing else.
    pub fn plan(&self, plan: Plan) {
        self.heal();
        self.state().door.plan(plan);
    }

    /// From here on nothing happens.
    pub fn heal(&self) {
        let door = &mut self.state().door;
        door.heal();
        door.take_calls();
    }

    /// The provider sends a delivery. `None`: it has heard nothing.
    pub async fn deliver(&self, sent: &Sent) -> Option<Answer> {
        let about = {
            let mut state = self.state();
            state.will_be_sent(sent);
            let work = state.works.get(&sent.key);
            About::Delivery {
                sent: sent.clone(),
                failed: work.is_some_and(Work::has_failed),
                runs: state.answers(&sent.key),
            }
        };
        let (process, request) = (self.process(), sent.request.to_string());
        let world = Function(process.clone());
        let deadline = self.state().now().plus(INGEST);
        self.invoke(process, about, async move {
            let settings = receive::Settings {
                stack: "landfall-test",
                version: "1",
                sources: sender::sources(),
                inline_body_bytes: INLINE_BODY_BYTES,
            };
            let response = receive(&world, &settings, &request, deadline).await;
            let response = serde_json::to_value(&response).expect("a response");
            if let Some(secret) = response["headers"]["x-hook-secret"].as_str()
                && !world.0.state().waits(secret)
            {
                let what = "enrolment: a secret was echoed that doesn't wait for the operator";
                world.0.state().violated(what);
            }
            let body = response["body"].as_str().unwrap_or_default();
            let body: Value = serde_json::from_str(body).unwrap_or_default();
            Answer::Ingest(
                response["statusCode"].as_i64().unwrap_or_default(),
                body["outcome"].as_str().unwrap_or_default().into(),
            )
        })
        .await
    }

    /// The event source hands over a batch, if there is one. `None`: it has heard nothing of it.
    pub async fn consume(&self) -> Option<Answer> {
        let messages = {
            let mut state = self.state();
            let now = state.now();
            state.sqs.receive(10, now)
        };
        if messages.is_empty() {
            return Some(Answer::Consumer(Vec::new()));
        }
        let records = messages.iter().map(|message| Record {
            message_id: message.id.clone(),
            receipt_handle: message.receipt.clone(),
            body: message.body.clone(),
            ..Record::default()
        });
        let batch = Batch {
            records: records.collect(),
        };
        let process = self.process();
        let configuration = self.configuration;
        let consumer = Arc::new(Consumer {
            world: Function(process.clone()),
            configuration,
            router: Router::new(configuration, LIMITS),
            handlers: sender::handlers(&self.state),
            gate: Gate::default(),
            settings: consumer::Settings::new(self.concurrency, INLINE_BODY_BYTES),
        });
        let deadline = self.state().now().plus(CONSUMER);
        self.invoke(process, About::Batch(messages), async move {
            let response = consumer.work_on(batch, deadline).await;
            let response = response.expect("every record has an id");
            let failures = response.batch_item_failures.into_iter();
            Answer::Consumer(failures.map(|failed| failed.item_identifier).collect())
        })
        .await
    }

    /// The scheduler starts a sweep.
    pub async fn sweep(&self) -> Option<Answer> {
        let process = self.process();
        let sweeper = Sweeper {
            index: process.clone(),
            queue: process.clone(),
            backlog: process.clone(),
            clock: process.clone(),
            settings: sweeper::Settings::new(1, AGES.to_vec(), VISIBILITY),
        };
        let deadline = self.state().now().plus(CONSUMER);
        let world = process.clone();
        self.invoke(process, About::Sweep, async move {
            let summary = sweeper.sweep(deadline).await;
            world.state().log.push(format!("{summary:?}"));
            Answer::Sweeper
        })
        .await
    }

    /// A process that does nothing yet.
    #[must_use]
    pub fn process(&self) -> Process {
        let number = self.processes.fetch_add(1, Ordering::SeqCst);
        Process::new(Arc::clone(&self.state), number)
    }

    async fn invoke(
        &self,
        process: Process,
        about: About,
        work: impl Future<Output = Answer> + 'static,
    ) -> Option<Answer> {
        let alive = process.clone();
        let run: Run = Box::pin(async move {
            let answer = work.await;
            // What was said need not have been heard.
            alive.call("answer", |_| ()).await.ok()?;
            Some(answer)
        });
        self.go_on(Zombie {
            process,
            about,
            run,
        })
        .await
    }

    async fn go_on(&self, mut zombie: Zombie) -> Option<Answer> {
        let answer = tokio::select! {
            biased;
            stopped = zombie.process.stopped() => match stopped {
                Stopped::Killed => None,
                Stopped::Suspended => {
                    if let About::Delivery { sent, .. } = &zombie.about {
                        // The provider waits no longer.
                        self.not_heard(sent);
                    }
                    lock(&self.zombies).push(zombie);
                    return None;
                }
            },
            answer = tokio::time::timeout(LAMBDA, &mut zombie.run) => {
                answer.unwrap_or_else(|_| {
                    zombie.process.kill();
                    None
                })
            }
        };
        drop(zombie.run);
        self.ended(zombie.about, answer)
    }

    /// What the platform and the provider make of an invocation's end.
    fn ended(&self, about: About, answer: Option<Answer>) -> Option<Answer> {
        let mut state = self.state();
        match (about, &answer) {
            (About::Delivery { sent, runs, failed }, Some(Answer::Ingest(200, outcome))) => {
                // A handshake has none.
                if !outcome.is_empty() {
                    state.answered(&sent.key, outcome);
                }
                if failed {
                    state.owes(&sent.key, runs, 0, "a redelivery");
                }
                lock(&self.unheard).retain(|unheard| unheard.key != sent.key);
            }
            (About::Delivery { sent, .. }, other) => {
                if other.is_none() {
                    // The container is gone.
                    state.held = None;
                    state.fetched.clear();
                }
                if let Some(Answer::Ingest(400..500, _)) = other
                    && sent.authentic
                {
                    state.violated(format!("L1: {} was sent away for ever", sent.key));
                }
                self.not_heard(&sent);
            }
            (About::Batch(messages), Some(Answer::Consumer(kept))) => {
                for message in messages
                    .iter()
                    .filter(|message| !kept.contains(&message.id))
                {
                    state.sqs.delete(&message.receipt);
                }
            }
            _ => {}
        }
        state.look();
        answer
    }

    fn not_heard(&self, sent: &Sent) {
        let mut unheard = lock(&self.unheard);
        if !unheard.iter().any(|unheard| unheard.key == sent.key) {
            unheard.push(sent.clone());
        }
    }

    /// Whoever stood still goes on, and may be stopped again.
    pub async fn wake_all(&self) {
        let zombies = std::mem::take(&mut *lock(&self.zombies));
        for zombie in zombies {
            zombie.process.wake();
            self.go_on(zombie).await;
        }
    }
}
