"""What the command line makes of the sources of a stack: their URLs, and secrets for those that have none."""

import json
import urllib.request
from urllib.parse import urlsplit

import pytest
from harness import NOTE, wait_for


@pytest.fixture(autouse=True)
def unchanged(bench):
    """Afterwards every source has the secrets that it had, and this machine keeps what it kept."""
    assert bench.keys
    before = bench.secrets()
    yield
    bench.put_secrets(before)
    bench.forget_kept()


def generate(bench, *sources):
    printed = bench.landfall("secrets", "generate", *sources, "--json").stdout
    return {told.pop("source"): told for told in json.loads(printed)}


def forget(bench, *sources):
    """Takes the secrets of these sources away, as a stack does that is started anew."""
    bench.put_secrets({source: entries for source, entries in bench.secrets().items() if source not in sources})


def listed(bench):
    return {told["source"]: told for told in json.loads(bench.landfall("sources", "--json").stdout)}


def sent(bench, source, *options):
    [answer] = json.loads(bench.landfall("send", "--source", source, *options, "--json", check=False).stdout)
    return answer["status"]


def test_the_url_of_a_source_takes_its_deliveries(bench):
    url = bench.landfall("url", "financbase").stdout.strip()
    assert url == listed(bench)["financbase"]["url"]

    delivery = bench.sign("financbase")
    request = urllib.request.Request(url, delivery.body, delivery.headers, method="POST")
    with urllib.request.urlopen(request) as answer:
        assert json.loads(answer.read())["event_id"] == delivery.event_id


def test_the_url_of_a_source_is_the_same_on_every_stack_of_this_port_and_needs_no_quotes(bench):
    url = urlsplit(bench.landfall("url", "financbase").stdout.strip())

    assert url.path == "/_aws/execute-api/landfall/webhooks/financbase"


def test_a_url_that_was_entered_at_the_provider_is_told_as_it_was_entered(bench):
    url = bench.landfall("url", "test-square").stdout.strip()

    assert url == "https://hooks.example.com:8443/square?b=2&a=1"


def test_sources_say_their_provider_whether_they_have_a_secret_and_which_routes_lead_where(bench):
    sources = listed(bench)

    assert sources.keys() >= {"financbase", "orum", "drill", "test-bare", "test-named"}
    drill = sources["drill"]
    assert (drill["provider"], drill["secret"]) == (None, "there")
    assert sources["test-github"]["routes"] == []
    assert drill["routes"] == [{"route": "drills", "types": ["drill.*"], "to": "handler:drill"}]
    assert sources["orum"]["provider"] == "orum"
    assert sources["test-bare"]["secret"] == "missing"
    assert sources["test-named"]["secret"] == "fetched"
    assert "drills (handler:drill)" in bench.landfall("sources").stdout


def test_a_source_without_a_secret_is_given_one_and_takes_deliveries(bench):
    private_key = (bench.folder / "keys" / "test-lost-pair.pem").read_text()
    forget(bench, "test-lost", "test-lost-pair")
    assert sources_without(bench) >= {"test-lost", "test-lost-pair"}

    made = generate(bench, "test-lost", "test-lost-pair", "financbase", "test-named")

    outcomes = {source: told["outcome"] for source, told in made.items()}
    assert outcomes == {"test-lost": "made", "test-lost-pair": "made", "financbase": "there", "test-named": "fetched"}
    assert (bench.folder / "keys" / "test-lost-pair.pem").read_text() == private_key, "the stack gets its public half"
    for source in ("test-lost", "test-lost-pair"):
        # Ingest reads the secrets again when they are old, and for a signature that it can't explain once a minute.
        wait_for(lambda: sent(bench, source) == 200, f"a delivery to {source} to be taken")


def sources_without(bench):
    return {source for source, told in listed(bench).items() if told["secret"] == "missing"}


def test_what_was_set_on_this_machine_outlives_the_stack(bench):
    value = "hush-that-stays"
    bench.landfall("secrets", "set", "test-lost", "--label", "mine", input=value)
    forget(bench, "test-lost", "test-lost-pair")

    assert generate(bench, "test-lost")["test-lost"]["outcome"] == "there"

    assert bench.secrets()["test-lost"][0] == {"value": value, "label": "mine"}
    assert (bench.folder / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert (bench.folder / "keys" / "test-lost-pair.pem").stat().st_mode & 0o777 == 0o600


def test_a_secret_is_shown_only_where_it_is_asked_for(bench):
    secret = bench.secrets()["financbase"][0]["value"]

    silent = bench.landfall("secrets", "generate", "financbase")
    shown = bench.landfall("secrets", "generate", "financbase", "--show")

    assert secret not in silent.stdout + silent.stderr
    assert secret in shown.stdout
    assert bench.landfall("secrets", "generate", "--show", check=False).returncode == 2


def test_no_secret_is_made_up_for_a_stack_that_is_not_this_machines(bench, tmp_path, monkeypatch):
    for environment in ("test", "live"):
        note = tmp_path / "local.json"
        said = json.loads(NOTE.read_text())
        said["outputs"]["Environment"] = environment
        note.write_text(json.dumps(said))
        monkeypatch.setattr("harness.NOTE", note)

        refused = bench.landfall("secrets", "generate", check=False)

        assert refused.returncode == 2
        assert "make up" in refused.stderr


def test_where_keys_are_fetched_only_a_private_key_signs(bench):
    without = bench.landfall("send", "--source", "test-named", check=False)
    assert without.returncode == 2
    assert "--private-key" in without.stderr and "secrets set" not in without.stderr
