//! Which of the functions' log lines are meant.

use serde_json::Value;

/// Lines of deliveries, attempts and handlers that are about this source, or about this event of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Which<'a> {
    pub(super) source: Option<&'a str>,
    pub(super) event_id: Option<&'a str>,
}

impl Which<'_> {
    /// The same in the language of CloudWatch Logs, as far as that can say it.
    pub(super) fn pattern(&self) -> Option<String> {
        // Its pages say nothing of quotes within quotes, and a `*` stands for anything.
        let can_be_said = |text: &&str| {
            !text.is_empty() && !text.contains(['"', '\\', '*']) && !text.contains(char::is_control)
        };
        let term = |name: &str, text: Option<&str>| {
            let text = text.filter(can_be_said)?;
            Some(format!("($.{name} = \"{text}\")"))
        };
        let terms = [term("source", self.source), term("event_id", self.event_id)];
        let terms: Vec<String> = terms.into_iter().flatten().collect();
        (!terms.is_empty()).then(|| format!("{{ {} }}", terms.join(" && ")))
    }

    /// Whether a line is meant.
    pub(super) fn takes(&self, line: &Value) -> bool {
        let is = |name: &str, asked: Option<&str>| {
            asked.is_none_or(|asked| {
                // A text of any length is cut in a line.
                let found = line[name].as_str().unwrap_or_default();
                found == asked || (found.len() >= 1_000 && asked.starts_with(found))
            })
        };
        is("source", self.source) && is("event_id", self.event_id)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lines_of_a_source_and_of_an_event_are_asked_for_in_cloudwatchs_words() {
        let pattern = |source, event_id| Which { source, event_id }.pattern();
        assert_eq!(pattern(None, None), None);
        let of_source = "{ ($.source = \"stripe\") }";
        assert_eq!(pattern(Some("stripe"), None).as_deref(), Some(of_source));
        assert_eq!(
            pattern(Some("stripe"), Some("evt_1")).as_deref(),
            Some("{ ($.source = \"stripe\") && ($.event_id = \"evt_1\") }")
        );
        // What it can't be asked for is looked for here.
        for id in ["a\"b", "a*", "a\\", "a\nb", ""] {
            assert_eq!(
                pattern(Some("stripe"), Some(id)).as_deref(),
                Some(of_source)
            );
        }
    }

    #[test]
    fn a_line_is_meant_if_all_that_was_asked_for_is_so() {
        let line = json!({"source": "stripe", "event_id": "evt_1"});
        let takes = |source, event_id| Which { source, event_id }.takes(&line);
        assert!(takes(None, None) && takes(Some("stripe"), None));
        assert!(takes(Some("stripe"), Some("evt_1")));
        assert!(!takes(Some("stripe"), Some("evt_2")) && !takes(Some("github"), None));
        let long = "x".repeat(2_000);
        let cut = json!({"source": "s", "event_id": long[..1_024]});
        let which = Which {
            source: Some("s"),
            event_id: Some(&long),
        };
        assert!(which.takes(&cut));
    }
}
