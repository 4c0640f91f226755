#![allow(clippy::unwrap_used)]

use catalogue::{Environment, reader};
use serde_json::json;
use webhook::keys::Purpose;

use super::{fake::Manager, *};

const NEW: NewSecret<'static> = NewSecret {
    value: "n",
    label: "l",
    purpose: Purpose::Signature,
    others: Others::Stay,
};

fn source(name: &str) -> Source {
    let text = "[sources.github]\nprovider = \"github\"\n[sources.stripe]\nprovider = \"stripe\"\n[sources.meta]\nprovider = \"meta\"\n\
                [sources.own]\nprovider = \"github\"\nsecret = \"stack\"\n[sources.discord]\nprovider = \"discord\"\n\
                [sources.elsewhere]\nprovider = \"github\"\nsecret = \"elsewhere\"\n\
                [sources.svix]\nprovider = \"svix\"\n[sources.truelayer]\nprovider = \"truelayer\"\n";
    let sources = reader::read(text, Environment::Test).unwrap().sources;
    sources.get(name).unwrap().clone()
}

/// What becomes of a secret's text.
async fn set_in(text: &str, name: &str, new: &NewSecret<'_>) -> (Value, usize, usize) {
    let manager = Manager::with(text);
    let set = manager.store().set(&source(name), new).await;
    let Outcome { active, dropped } = set.unwrap();
    (manager.text(), active, dropped)
}

#[tokio::test]
async fn a_secret_of_bytes_is_left_as_it_is() {
    let manager = Manager::binary();
    let set = manager.store().set(&source("github"), &NEW).await;
    assert!(set.unwrap_err().text.contains("is left as it is"));
    assert_eq!(manager.calls("PutSecretValue"), 0);
}

#[tokio::test]
async fn the_new_secret_comes_first_and_all_others_stay() {
    let new = json!({"value": "n", "label": "l"});
    for (before, after, active, dropped) in [
        (json!({}), json!({"github": [new]}), 1, 0),
        (json!({"github": []}), json!({"github": [new]}), 1, 0),
        (json!({"github": " "}), json!({"github": [new]}), 1, 0),
        (
            json!({"github": "a", "stripe": ["s", {"value": "t"}], "gone": 5}),
            json!({"github": [new, "a"], "stripe": ["s", {"value": "t"}], "gone": 5}),
            2,
            0,
        ),
        (
            json!({"github": {"value": "a", "label": "x"}}),
            json!({"github": [new, {"value": "a", "label": "x"}]}),
            2,
            0,
        ),
        (
            json!({"github": ["a", "b", "c", "d", {"value": "e"}]}),
            json!({"github": [new, "a", "b", "c", "d"]}),
            5,
            1,
        ),
    ] {
        let found = set_in(&before.to_string(), "github", &NEW).await;
        assert_eq!(found, (after, active, dropped), "{before}");
    }
}

#[tokio::test]
async fn a_secret_that_is_there_already_is_there_once() {
    let before = json!({"github": ["a", {"value": "n", "label": "old"}, "n", "b"]});
    let after = json!({"github": [{"value": "n", "label": "l"}, "a", "b"]});
    let found = set_in(&before.to_string(), "github", &NEW).await;
    assert_eq!(found, (after, 3, 0));
}

#[tokio::test]
async fn the_others_of_a_purpose_go_where_that_is_asked() {
    let token = json!({"value": "t", "label": "x", "use": "verify_token"});
    let before = json!({"meta": ["a", token, "b"], "stripe": "s"}).to_string();
    let alone = NewSecret {
        others: Others::Go,
        ..NEW
    };
    let new = json!({"value": "n", "label": "l"});
    let after = json!({"meta": [new, token], "stripe": "s"});
    assert_eq!(set_in(&before, "meta", &alone).await, (after, 2, 2));

    let token_alone = NewSecret {
        purpose: Purpose::VerifyToken,
        ..alone
    };
    let new = json!({"value": "n", "label": "l", "use": "verify_token"});
    let after = json!({"meta": [new, "a", "b"], "stripe": "s"});
    assert_eq!(set_in(&before, "meta", &token_alone).await, (after, 3, 1));
}

#[tokio::test]
async fn a_source_with_a_secret_of_its_own_has_a_list_there() {
    let new = json!({"value": "n", "label": "l"});
    for (before, after, active) in [
        ("", json!([new]), 1),
        ("bare", json!([new, "bare"]), 2),
        (r#"{"kty":"RSA"}"#, json!([new, r#"{"kty":"RSA"}"#]), 2),
        (r#"["a","b"]"#, json!([new, "a", "b"]), 3),
    ] {
        let found = set_in(before, "own", &NEW).await;
        assert_eq!(found, (after, active, 0), "{before}");
    }
}

#[tokio::test]
async fn a_secret_that_can_not_be_read_is_left_as_it_is() {
    for (text, name) in [("hush", "github"), ("[]", "github"), ("[hush", "own")] {
        let manager = Manager::with(text);
        let fault = manager.store().set(&source(name), &NEW).await;
        let fault = fault.unwrap_err();
        assert!(fault.text.contains("left as it is"), "{fault}");
        assert!(!format!("{fault} {fault:?}").contains("hush"));
        assert_eq!(manager.calls("PutSecretValue"), 0);
    }
}

#[tokio::test]
async fn what_the_source_can_not_use_is_refused_before_anything_is_read() {
    let manager = Manager::with("{}");
    for (name, value) in [
        ("github", ""),
        ("github", " \n"),
        ("svix", "whsec_hush!"),
        ("svix", "whsec_"),
        ("discord", "hush"),
        ("discord", "whsk_aHVzaA=="),
    ] {
        let new = NewSecret { value, ..NEW };
        let fault = manager.store().set(&source(name), &new).await;
        let fault = fault.unwrap_err();
        assert!(!format!("{fault}").contains("hush"), "{fault}");
        assert_eq!(manager.calls("GetSecretValue"), 0, "{name}: {fault}");
    }
}

#[tokio::test]
async fn of_many_operators_at_once_none_undoes_what_another_did() {
    let manager = Manager::with(r#"{"own":"kept"}"#);
    let stores = [(); 3].map(|()| manager.store());
    let names = ["github", "stripe", "github"];
    let values = ["a", "b", "c"];
    let one = async |at: usize| {
        let new = NewSecret {
            value: values[at],
            ..NEW
        };
        stores[at].set(&source(names[at]), &new).await
    };
    let (first, second, third) = tokio::join!(one(0), one(1), one(2));

    for set in [first, second, third] {
        assert!(set.is_ok(), "{set:?}");
    }
    let found = manager.text();
    assert_eq!(found["own"], "kept");
    assert_eq!(found["stripe"], json!([{"value": "b", "label": "l"}]));
    let mut github: Vec<_> = (found["github"].as_array().unwrap().iter())
        .map(|entry| entry["value"].as_str().unwrap())
        .collect();
    github.sort_unstable();
    assert_eq!(github, ["a", "c"]);
    // They did meet.
    assert!(manager.calls("PutSecretValue") > 3);
}

#[tokio::test(start_paused = true)]
async fn a_change_whose_answer_was_lost_is_made_once() {
    let manager = Manager::with(r#"{"github":["a","b","c","d","e"]}"#);
    manager.lose_the_answer_to_the_next_move();

    let set = manager.store().set(&source("github"), &NEW).await;

    let expected = Outcome {
        active: 5,
        dropped: 1,
    };
    assert_eq!(set.unwrap(), expected);
    assert_eq!(manager.calls("PutSecretValue"), 1);
    assert_eq!(manager.calls("UpdateSecretVersionStage"), 2);
}

#[tokio::test]
async fn the_first_version_of_a_secret_counts_by_itself() {
    let manager = Manager::without_value();
    let store = manager.store();

    let own = store.set(&source("own"), &NEW).await;

    assert_eq!(own.unwrap().active, 1);
    assert_eq!(manager.text(), json!([{"value": "n", "label": "l"}]));
    assert_eq!(manager.calls("UpdateSecretVersionStage"), 0);
}

#[tokio::test]
async fn a_secret_that_is_not_there_is_named() {
    let manager = Manager::empty();
    let fault = manager.store().set(&source("elsewhere"), &NEW).await;
    assert!(fault.unwrap_err().text.contains("has no secret elsewhere"));
    let read = manager.store().read(&source("elsewhere")).await;
    assert!(read.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_set_is_read_newest_first() {
    let manager = Manager::with(r#"{"github":["a",{"value":"b","label":"old"}],"stripe":"s"}"#);
    let store = manager.store();
    store.set(&source("github"), &NEW).await.unwrap();

    let labels: Vec<String> = (store.read(&source("github")).await.unwrap().iter())
        .map(|secret| secret.label().to_owned())
        .collect();

    assert_eq!(labels, ["l", "2", "old"]);
    let none = store.read(&source("svix")).await.unwrap();
    assert!(none.is_empty());
}

#[tokio::test]
async fn what_was_kept_is_put_back_for_sources_that_have_nothing() {
    for (before, kept, after, added) in [
        (
            json!({}),
            json!({"github": ["a"]}),
            json!({"github": ["a"]}),
            1,
        ),
        (
            json!({"github": ["b"]}),
            json!({"github": ["a"], "stripe": "s"}),
            json!({"github": ["b"], "stripe": "s"}),
            1,
        ),
    ] {
        let manager = Manager::with(&before.to_string());
        let store = manager.store();
        let put_back = store.restore(&kept.to_string()).await.unwrap();
        assert_eq!((manager.text(), put_back), (after, added));
        assert_eq!(store.export().await.unwrap(), manager.text().to_string());
    }
}

#[tokio::test]
async fn nothing_is_written_where_nothing_is_missing() {
    let manager = Manager::with(r#"{"github": ["b"], "stripe": "s"}"#);
    let put_back = manager.store().restore(r#"{"github": ["a"]}"#).await;
    assert_eq!((put_back.unwrap(), manager.calls("PutSecretValue")), (0, 0));
}

#[tokio::test]
async fn what_was_kept_and_can_not_be_read_changes_nothing_and_is_not_quoted() {
    let manager = Manager::with("{}");
    let fault = manager.store().restore(r#"["hush"]"#).await.unwrap_err();
    assert!(!fault.to_string().contains("hush"), "{fault}");
    assert_eq!(manager.text(), json!({}));
}

#[tokio::test]
async fn what_several_sources_share_is_read_once() {
    let manager = Manager::with(r#"{"github": ["b", "a"], "stripe": "s"}"#);
    let sources = ["github", "stripe", "svix", "elsewhere"].map(source);
    let read = manager.store().read_all(sources.iter()).await;
    let counts: Vec<usize> = read.into_iter().map(|read| read.unwrap().len()).collect();
    assert_eq!(counts, [2, 1, 0, 0]);
    assert_eq!(manager.calls("GetSecretValue"), 2);
}

#[tokio::test]
async fn a_source_is_ready_with_a_secret_that_can_be_a_key_of_it() {
    let manager = Manager::with(r#"{"github": "a", "svix": "whsec_!", "truelayer": "a"}"#);
    let sources = ["github", "stripe", "svix", "truelayer"].map(source);
    let readiness = manager.store().readiness(sources.iter()).await;
    let expected = [
        Readiness::There,
        Readiness::Missing,
        Readiness::Missing,
        Readiness::Fetched,
    ];
    assert_eq!(readiness, expected);

    let unreadable = Manager::with("hush").store();
    let readiness = unreadable.readiness(sources.iter()).await;
    assert!(
        matches!(&readiness[0], Readiness::Unknown(fault) if !fault.to_string().contains("hush"))
    );
    assert_eq!(readiness[3], Readiness::Fetched);
}

#[tokio::test]
async fn secrets_are_revealed_with_their_labels_and_what_they_are_for() {
    let token = json!({"value": "t", "label": "x", "use": "verify_token"});
    let manager = Manager::with(&json!({"meta": ["a", token], "own": "b"}).to_string());
    let revealed = manager.store().reveal(&source("meta")).await.unwrap();
    let expected = json!([{"value": "a", "label": "1"}, token]);
    assert_eq!(json!(revealed), expected);
    assert!(
        manager
            .store()
            .reveal(&source("svix"))
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn entries_are_taken_out_by_name_and_all_else_stays() {
    let manager = Manager::with(r#"{"github": "g", "gone": ["a", "b"], "stripe": 5}"#);
    let store = manager.store();
    assert_eq!(store.names().await.unwrap(), ["github", "gone", "stripe"]);
    let names = ["gone".to_owned(), "never-there".to_owned()];
    assert_eq!(store.remove(&names).await.unwrap(), 1);
    assert_eq!(manager.text(), json!({"github": "g", "stripe": 5}));
    assert_eq!(
        Manager::without_value().store().names().await.unwrap(),
        [""; 0]
    );
}
