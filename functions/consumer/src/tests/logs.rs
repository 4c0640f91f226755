//! What a handler logs says of which event it is.

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use serde_json::Value;

use crate::testing::{Memory, Routes, consume};

/// Remembers what is written.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn what_a_handler_logs_says_of_which_event_and_attempt_it_is() {
    let written = Written::default();
    let log = written.clone();
    landfall_aws::log::init_to(move || log.clone(), None, None);
    let world = Memory::default();
    let records = [world.add("one", None), world.add("two", None)];
    let routes = Routes::new().on("s", "*", async |event, _| {
        tracing::info!(said = event.id, "at work");
        tokio::task::yield_now().await;
        tracing::warn!(said = event.id, "still at work");
        Ok(())
    });
    consume(&world, routes, records).await;
    let written = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<Value> = (written.lines())
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &Value| line["said"].is_string())
        .collect();
    assert_eq!(lines.len(), 4, "{written}");
    for line in lines {
        assert_eq!(line["event_id"], line["said"]);
        assert_eq!(
            (&line["source"], &line["attempt"]),
            (&"s".into(), &1.into())
        );
        assert!(line["timestamp"].is_string());
    }
}
