"""What the deployed stack answers to deliveries, and what it keeps of them."""

import base64
import hashlib
import itertools
import json
import os
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from bench import REFUSED, http_request
from harness import wait_for
from signing import PROVIDERS, Delivery, new_id

FIVE = ["financbase", "formify", "orum", "self", "frontitude"]
TIMED = [source for source in FIVE if PROVIDERS[source].timestamp]

MIB = 1024 * 1024

# What the ledger calls an event that its provider gives no name.
NAMELESS = re.compile("sha256:[0-9a-f]{64}")


def keys_at(url):
    """Headers that name the address of a key."""
    return {"X-Key-Url": url, "X-Signature": "00" * 64}


def is_refusal(answer, status=400):
    return (answer.status, answer.body, answer.headers["content-type"]) == (status, REFUSED, "application/json")


# ---- Authentic deliveries ----


@pytest.mark.parametrize("source", FIVE)
def test_a_delivery_as_the_provider_signs_it_is_accepted_and_its_event_ends_succeeded(bench, source):
    delivery = bench.sign(source)

    answer = bench.post(delivery)

    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == {"outcome": "accepted", "event_id": delivery.event_id}
    event = bench.event(source, delivery.event_id)
    assert bench.body_of(event) == delivery.body
    assert event["body_digest"] == hashlib.sha256(delivery.body).hexdigest()
    work = bench.ended(source, delivery.event_id)
    assert work["attempt"] == 1
    line = bench.line("ingest", message="delivery", event_id=delivery.event_id)
    assert (line["source"], line["outcome"], line["status"]) == (source, "accepted", 200)
    assert line["deliveries.accepted"] == 1


@pytest.mark.parametrize("source", FIVE)
def test_a_redelivery_is_a_duplicate(bench, source):
    delivery = bench.sign(source)
    bench.accepted(delivery)

    again = bench.post(delivery)
    bench.ended(source, delivery.event_id)
    after = bench.post(delivery)

    for answer in (again, after):
        assert (answer.status, answer.json) == (200, {"outcome": "duplicate", "event_id": delivery.event_id})
    bench.drained()
    assert bench.work(source, delivery.event_id)["attempt"] == 1


def test_a_redelivery_that_is_signed_anew_is_a_duplicate_too(bench):
    id = new_id()
    first = bench.sign("self", id=id, at=time.time() - 60)
    bench.accepted(first)

    again = bench.post(bench.sign("self", id=id, body=first.body))

    assert again.json == {"outcome": "duplicate", "event_id": first.event_id}


def test_a_redelivery_of_a_failed_event_reopens_it(bench):
    delivery = bench.sign("drill", type="drill.refuse")
    id = bench.accepted(delivery)
    assert bench.ended("drill", id, "failed")["attempt"] == 1

    answer = bench.post(delivery)

    assert (answer.status, answer.json["outcome"]) == (200, "reopened")
    assert bench.ended("drill", id, "failed", attempt=2)["attempt"] == 2
    assert bench.runs(id) == 2
    assert bench.line("ingest", event_id=id, outcome="reopened")["deliveries.reopened"] == 1


def test_a_signature_list_counts_if_one_entry_matches_and_unknown_versions_are_skipped(bench):
    delivery = bench.sign("frontitude")
    true = delivery.headers["webhook-signature"]
    false = "v1," + base64.b64encode(bytes(32)).decode()

    bench.accepted(delivery.with_headers(webhook_signature=f"v2,junk {false} v1a,{false} {true}"))


def test_the_handshake_of_slack_is_answered_if_it_is_signed(bench):
    body = json.dumps({"type": "url_verification", "challenge": "a challenge"}).encode()
    delivery = bench.sign("test-slack", body=body)

    answer = bench.post(delivery)
    unsigned = bench.post(delivery, X_Slack_Signature=None)

    assert answer.status == 200
    assert b"a challenge" in answer.body
    assert (unsigned.status, unsigned.body) == (400, b"")


# ---- Refusals ----


def forgeries(bench, source):
    """Deliveries that nobody signed, for each reason at least one."""
    provider = PROVIDERS[source]
    good = bench.sign(source)
    of_another = bench.sign(source)
    signature = provider.signature.replace("-", "_")
    yield "forged", good.with_body(good.body + b" ")
    yield "forged", good.with_headers(**{signature: of_another.headers[provider.signature]})
    yield "missing", good.with_headers(**{signature: None})
    yield "missing", good.with_headers(**{signature: ""})
    yield "malformed", good.with_headers(**{signature: "nonsense"})
    if provider.timestamp:
        timestamp = provider.timestamp.replace("-", "_")
        yield "stale", bench.sign(source, at=time.time() - 310)
        yield "stale", bench.sign(source, at=time.time() + 310)
        yield "stale", good.with_headers(**{timestamp: str(-(2**63))})
        yield "missing", good.with_headers(**{timestamp: None})
        yield "malformed", good.with_headers(**{timestamp: "yesterday"})


@pytest.mark.parametrize("source", FIVE)
def test_a_delivery_that_is_not_authentic_is_refused_with_one_text_and_its_reason_is_logged(bench, source):
    reasons = []
    for reason, delivery in forgeries(bench, source):
        answer = bench.post(delivery)
        assert is_refusal(answer), (reason, answer)
        reasons.append(reason)

    lines = bench.logged("ingest", len(reasons), source=source)
    assert sorted(line["reason"] for line in lines) == sorted(reasons)
    assert all(line["deliveries.refused"] == 1 for line in lines)
    assert sum(line.get("deliveries.forged", 0) for line in lines) == reasons.count("forged")


def test_refused_deliveries_leave_no_byte_in_ledger_queue_bucket_or_log(bench):
    mark = f"MARK{os.urandom(8).hex()}"
    body = json.dumps({"id": mark, "type": mark, "data": {"id": mark}}).encode()
    headers = {"X-Webhook-Signature": f"sha256={mark}", "X-Mark": mark, "User-Agent": mark, "Content-Type": mark}
    forged = bench.sign("financbase", body=body).with_body(body + b"\n").headers
    requests = [
        ("POST", f"/webhooks/financbase?{mark}={mark}", body, headers),
        ("POST", "/webhooks/financbase", body, {"X-Mark": mark}),
        ("POST", f"/webhooks/financbase?{mark}", body + b"\n", forged | {"X-Mark": mark}),
        ("POST", "/webhooks/test-fenced", body, headers),
        ("POST", "/webhooks/test-named", body, keys_at(f"https://keys.landfall.invalid/{mark}")),
        ("POST", "/webhooks/test-named", body, keys_at(f"https://{mark.lower()}.invalid/")),
        ("POST", f"/webhooks/{mark.lower()}", body, headers),
        ("POST", f"/{mark}", body, headers),
        ("PUT", "/webhooks/financbase", body, headers),
        ("POST", "/webhooks/financbase", mark.encode() * (4 * MIB // len(mark) + 1), headers),
    ]

    answers = [bench.request(method, path, body, headers) for method, path, body, headers in requests]
    alive = bench.accepted(bench.sign("drill"))

    assert [answer.status for answer in answers] == [400, 400, 400, 403, 503, 400, 404, 404, 405, 413]
    assert all(mark.lower() not in str(answer).lower() for answer in answers)
    bench.ended("drill", alive)
    bench.line("consumer", event_id=alive)
    logged = [text for function in ("ingest", "consumer", "sweeper") for text in bench.log(function)]
    kept = [str(item) for item in bench.items() + bench.items("ProjectionTableName")]
    objects = bench.client("s3").list_objects_v2(Bucket=bench.outputs["BucketName"]).get("Contents", [])
    bench.letters.extend(bench.take("DlqUrl"))
    for text in itertools.chain(logged, kept, map(str, objects), map(str, bench.letters)):
        assert mark.lower() not in text.lower()


def test_while_the_address_of_a_key_does_not_answer_the_provider_is_asked_to_send_again(bench):
    answer = bench.request("POST", "/webhooks/test-named", b"{}", keys_at("https://keys.landfall.invalid/one"))

    assert (answer.status, answer.headers["retry-after"]) == (503, "30")
    line = bench.line("ingest", message="delivery", source="test-named")
    assert line["outcome"] == "unavailable"
    assert line["error"].startswith("reading the provider's keys: ")
    for elsewhere in ["https://keys.landfall.invalid.example.com/one", "http://keys.landfall.invalid/one"]:
        assert is_refusal(bench.request("POST", "/webhooks/test-named", b"{}", keys_at(elsewhere)))


def test_a_new_event_costs_two_calls_or_three_with_a_large_body_a_duplicate_two_and_a_refusal_none(bench):
    small, body = bench.sign("drill"), padded(300 * 1024)
    large = bench.sign("drill", id=json.loads(body)["id"], body=body)
    # So that no call is that of a function's start.
    bench.ended("drill", bench.accepted(bench.sign("drill")))
    with bench.paused():
        with bench.calls() as for_small:
            bench.accepted(small)
        with bench.calls() as for_large:
            bench.accepted(large)
    bench.ended("drill", small.event_id)
    bench.ended("drill", large.event_id)
    bench.drained()
    with bench.calls() as for_duplicate:
        assert bench.post(small).json["outcome"] == "duplicate"
    with bench.calls() as for_refused:
        for source in FIVE:
            for _, delivery in forgeries(bench, source):
                assert is_refusal(bench.post(delivery))
        assert is_refusal(bench.request("POST", "/webhooks/nobody", small.body, small.headers), 404)
        assert is_refusal(bench.post(small, "PUT"), 405)
        assert is_refusal(bench.post(small.with_body(bytes(4 * MIB + 1))), 413)
        assert is_refusal(bench.post(bench.sign("test-fenced")), 403)

    assert for_small == ["PutItem", "SendMessage"]
    assert for_large == ["PutObject", "PutItem", "SendMessage"]
    assert for_duplicate == ["PutItem", "GetItem"]
    assert for_refused == []


@pytest.mark.parametrize(
    "path", ["/", "/webhooks", "/webhooks/", "/webhooks/nobody", "/webhooks/financbase/more", "/else"]
)
def test_an_unknown_source_is_404(bench, path):
    delivery = bench.sign("financbase")

    assert is_refusal(bench.request("POST", path, delivery.body, delivery.headers), 404)


@pytest.mark.parametrize(
    "path", ["/webhooks/financbase/", "//webhooks/financbase", "/webhooks//financbase", "/prod/webhooks/financbase"]
)
def test_a_source_is_found_behind_a_stage_and_between_slashes(bench, path):
    delivery = bench.sign("financbase")

    answer = bench.request("POST", path, delivery.body, delivery.headers)

    assert (answer.status, answer.json["outcome"]) == (200, "accepted")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_a_wrong_method_is_405_and_the_answer_names_the_right_one(bench, method):
    answer = bench.post(bench.sign("financbase"), method)

    assert is_refusal(answer, 405)
    assert answer.headers["allow"] == "POST"


# ---- Sizes ----


def padded(size, **fields):
    """A body of exactly this size that no compression makes much smaller."""
    content = {"id": new_id(), "type": "drill.ok", **fields, "pad": ""}
    pad = size - len(json.dumps(content))
    content["pad"] = base64.b64encode(os.urandom(pad))[:pad].decode()
    return json.dumps(content).encode()


def test_a_body_of_one_byte_too_many_is_413(bench):
    for content_type in ("application/json", "application/octet-stream"):
        delivery = bench.sign("drill", body=padded(4 * MIB + 1))

        assert is_refusal(bench.post(delivery, Content_Type=content_type), 413)


@pytest.mark.parametrize("content_type", ["application/json", "application/octet-stream"])
@pytest.mark.parametrize("size", [4 * MIB, 300 * 1024])
def test_a_body_over_the_limit_of_an_item_is_kept_in_the_bucket_and_handled(bench, size, content_type):
    body = padded(size)
    id = json.loads(body)["id"]

    bench.accepted(bench.sign("drill", id=id, body=body), Content_Type=content_type)

    event = bench.event("drill", id)
    assert "body" not in event
    assert bench.body_of(event) == body
    bench.ended("drill", id)
    assert bench.runs(id) == 1


def test_a_body_just_under_the_limit_stays_in_the_item(bench):
    body = padded(200 * 1024)
    id = json.loads(body)["id"]

    bench.accepted(bench.sign("drill", id=id, body=body))

    assert bench.body_of(bench.event("drill", id)) == body
    bench.ended("drill", id)


# ---- Source addresses ----


def test_a_delivery_from_an_address_that_is_not_listed_is_403_whatever_its_headers_say(bench):
    delivery = bench.sign("test-fenced")

    assert is_refusal(bench.post(delivery), 403)
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP", "True-Client-IP"):
        value = "for=203.0.113.7" if header == "Forwarded" else "203.0.113.7"
        assert is_refusal(bench.post(delivery, **{header.replace("-", "_"): value}), 403)
    assert bench.event("test-fenced", delivery.event_id) is None


def test_a_delivery_from_a_listed_address_is_accepted_whatever_its_headers_say(bench):
    bench.accepted(bench.sign("test-here"), X_Forwarded_For="198.51.100.1")


# ---- Bodies ----


@pytest.mark.parametrize(
    "content_type", ["application/octet-stream", "application/x-www-form-urlencoded", "image/png", None]
)
def test_a_body_that_is_not_utf_8_is_kept_byte_for_byte(bench, content_type):
    body = bytes(range(256)) + os.urandom(16)

    id = bench.accepted(bench.sign("drill", body=body), Content_Type=content_type)

    assert NAMELESS.fullmatch(id)
    assert bench.body_of(bench.event("drill", id)) == body
    bench.ended("drill", id)


def test_a_body_that_claims_to_be_json_and_is_not_utf_8_is_kept_exactly_or_refused(bench):
    body = b'{"id":"' + new_id().encode() + b'","type":"drill.ok","text":"\xff\xfe"}'

    answer = bench.post(bench.sign("drill", body=body))

    if answer.status == 200:
        assert bench.body_of(bench.event("drill", answer.json["event_id"])) == body
    else:
        assert is_refusal(answer)


@pytest.mark.parametrize("content_type", ["application/json", "application/octet-stream"])
def test_characters_that_the_queue_refuses_may_stand_in_a_body(bench, content_type):
    id = new_id()
    text = json.dumps({"id": id, "type": "drill.ok", "text": "\x00\x1f\x7f\ufffe\uffff\U0001f980"}, ensure_ascii=False)
    body = text.encode()

    bench.accepted(bench.sign("drill", id=id, body=body), Content_Type=content_type)

    assert bench.body_of(bench.event("drill", id)) == body
    bench.ended("drill", id)


def test_a_body_with_raw_control_characters_is_no_json_and_kept_exactly(bench):
    body = b'{"id":"a\x00\xef\xbf\xbe\xef\xbf\xbf","type":"' + os.urandom(8).hex().encode() + b'"}'

    id = bench.accepted(bench.sign("drill", body=body))

    assert NAMELESS.fullmatch(id)
    assert bench.body_of(bench.event("drill", id)) == body
    bench.ended("drill", id)


def test_json_nested_deeply_or_with_duplicate_names_costs_the_id_at_most(bench):
    id = new_id().encode()
    deep = b'{"id":"' + id + b'","type":"other","deep":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    twice = b'{"id":"' + id + b'","id":"another","type":"other","type":"another"}'

    for body in (deep, twice):
        kept = bench.accepted(bench.sign("test-here", body=body))
        assert kept == id.decode() or NAMELESS.fullmatch(kept)
        assert bench.body_of(bench.event("test-here", kept)) == body
        bench.ended("test-here", kept)


# ---- Event ids ----


@pytest.mark.parametrize("id", ["a#b#", "#", " spaces ", "žluť 🦀", "\x00\x1f\ufffe\uffff", "'\"\\<>&%23"])
def test_an_id_may_hold_any_character(bench, id):
    id = id + os.urandom(8).hex()
    delivery = bench.sign("test-here", id=id)

    bench.accepted(delivery)

    assert bench.event("test-here", id)["event_id"] == id
    bench.ended("test-here", id)
    assert bench.post(delivery).json == {"outcome": "duplicate", "event_id": id}


def test_an_id_cannot_pass_for_the_name_of_another_event(bench):
    body = json.dumps({"type": "other", "nonce": os.urandom(8).hex()}).encode()

    nameless = bench.accepted(bench.sign("test-here", body=body))
    bench.accepted(bench.sign("test-here", id=nameless))

    assert bench.body_of(bench.event("test-here", nameless)) == body
    key = "sha256:" + hashlib.sha256(nameless.encode()).hexdigest()
    assert bench.event("test-here", key)["event_id"] == nameless


def test_an_id_of_2000_characters_is_told_from_others_that_begin_alike(bench):
    long = os.urandom(8).hex() + "x" * 1983
    ids = [long + "1", long + "2"]

    for id in ids:
        bench.accepted(bench.sign("test-here", id=id))

    for id in ids:
        key = "sha256:" + hashlib.sha256(id.encode()).hexdigest()
        assert bench.event("test-here", key)["event_id"] == id
        bench.ended("test-here", key)
        assert bench.post(bench.sign("test-here", id=id)).json["outcome"] == "duplicate"


@pytest.mark.parametrize("id", [{"id": ""}, {}, {"id": None}, {"id": ["a"]}, {"id": {}}, {"id": True}], ids=json.dumps)
def test_without_a_usable_id_every_delivery_is_an_event_of_its_own(bench, id):
    body = json.dumps({**id, "type": "other", "nonce": os.urandom(8).hex()}).encode()
    delivery = Delivery("test-here", body, bench.sign("test-here", body=body).headers)

    names = [bench.accepted(delivery) for _ in range(2)]

    assert names[0] != names[1]
    for name in names:
        assert NAMELESS.fullmatch(name)
        assert bench.body_of(bench.event("test-here", name)) == body
        bench.ended("test-here", name)


def test_a_second_body_under_one_id_is_a_duplicate_that_is_counted_and_the_first_is_kept(bench):
    first = bench.sign("drill", note="first")
    id = bench.accepted(first)

    second = bench.post(bench.sign("drill", id=id, note="second"))

    assert second.json == {"outcome": "duplicate", "event_id": id}
    assert bench.body_of(bench.event("drill", id)) == first.body
    assert bench.line("ingest", event_id=id, outcome="duplicate")["body.conflict"] == 1
    assert "body.conflict" not in bench.line("ingest", event_id=id, outcome="accepted")


def test_a_captured_body_under_another_id_does_not_shadow_the_true_event(bench):
    true = bench.sign("test-github", nonce=2)
    captured = bench.sign("test-github", id=true.event_id, nonce=1)
    bench.accepted(captured)

    bench.accepted(true)

    for delivery in (captured, true):
        key = f"{true.event_id}#{hashlib.sha256(delivery.body).hexdigest()[:16]}"
        assert bench.body_of(bench.event("test-github", key)) == delivery.body
        bench.ended("test-github", key)


# ---- Bad input ----

HOSTILE_HEADS = [
    b'POST PATH/webhooks/drill?a=<b>"c" HTTP/1.1\nHost: localhost\nContent-Length: 2',
    b"POST PATH/webhooks/drill?a= b HTTP/1.1\nHost: localhost\nContent-Length: 2",
    b"POST PATH/webhooks/drill?%zz%1&%00 HTTP/1.1\nHost: localhost\nContent-Length: 2",
    b"POST PATH/webhooks/%zz HTTP/1.1\nHost: localhost\nContent-Length: 2",
    b"POST PATH/webhooks/%ff%00%2e%2e%2f HTTP/1.1\nHost: localhost\nContent-Length: 2",
    b"POST PATH/webhooks/../../drill HTTP/1.1\nHost: localhost\nContent-Length: 2",
    b"POST PATH/webhooks/drill?\xff\xfe\x80 HTTP/1.1\nHost: localhost\nContent-Length: 2",
    b"POST PATH/webhooks/drill HTTP/1.1\nHost: <>\nContent-Length: 2",
    b"POST PATH/webhooks/drill HTTP/1.1\nHost: a b/c?\nContent-Length: 2",
    b"POST PATH/webhooks/drill HTTP/1.1\nHost: localhost\nX-Forwarded-Proto: <gopher>://\nContent-Length: 2",
    b'POST PATH/webhooks/drill HTTP/1.1\nHost: localhost\nX-Forwarded-Host: " <\nContent-Length: 2',
    b"POST PATH/webhooks/drill HTTP/1.1\nHost: localhost\nX-Control: \x01\x07\x1b[31m\nContent-Length: 2",
    b"POST PATH/webhooks/drill HTTP/1.1\nHost: localhost\nX-Drill-Signature: \xff\xfe\nContent-Length: 2",
    b"POST PATH/webhooks/drill HTTP/1.1\nHost: localhost\nX-Nul: a\x00b\nContent-Length: 2",
    b"POST PATH/webhooks/drill HTTP/1.1\nHost: localhost\n<bad header>: 1\nContent-Length: 2",
    b"POST PATH/webhooks/drill HTTP/1.1\nHost: localhost\nContent-Length: -1",
    b"POST PATH/webhooks/drill HTTP/1.1\nHost: localhost\nContent-Type: \xff;;charset=<\nContent-Length: 2",
    b"POST PATH/webhooks/drill HTTP/1.1\nHost: localhost\n" + b"X-Bomb: x\n" * 200 + b"Content-Length: 2",
    b"POST PATH/webhooks/drill HTTP/1.1\nHost: localhost\nContent-Length: 2\nX-Bomb: " + b"x" * 1_000_000,
    b"<<>> PATH/webhooks/drill HTTP/1.1\nHost: localhost\nContent-Length: 2",
    b"POST PATH/webhooks/drill HTTP/9.9\nHost: localhost\nContent-Length: 2",
    bytes(range(256)) * 16,
]


@pytest.mark.parametrize("head", HOSTILE_HEADS, ids=range(len(HOSTILE_HEADS)))
def test_a_hostile_request_is_4xx_and_harms_nobody(bench, head):
    status = bench.hostile(head, b"{}")

    # None: the connection was closed without an answer, before any function of ours was asked.
    assert status is None or 400 <= status < 500
    bench.accepted(bench.sign("drill"))


def hostile_requests():
    """What the platform here refuses by itself and another may hand over."""
    delivery = Delivery("drill", b"{}")
    context = http_request(delivery)["requestContext"]
    yield 400, http_request(delivery, rawQueryString='a=<b>"c" d&%zz\x00')
    yield 400, http_request(delivery, headers={"host": "<> \x00", "x-forwarded-proto": "go pher://"})
    yield 400, http_request(delivery, headers={"host": "a", "x-drill-signature": "\x00\x01\x1b[31m\ufffe"})
    yield 400, http_request(delivery, headers={f"x-bomb-{n}": "x" * 1_000 for n in range(4_000)})
    yield 400, http_request(delivery, headers={"x" * 100_000: "y", "": "", "\x00": "\n"})
    yield 400, http_request(delivery, headers=None)
    yield 400, http_request(delivery, headers={"x-drill-signature": "sha256=" + "é" * 32})
    yield 400, http_request(delivery, body="this is not base64 !")
    yield 400, http_request(delivery, body="AAA")
    yield 400, http_request(delivery, body=None)
    yield 400, http_request(delivery, body="\x00\ufffe", isBase64Encoded=False)
    yield 400, http_request(delivery, cookies=["<"], queryStringParameters={"": "\x00"}, stageVariables={"a": "b"})
    yield 404, http_request(delivery, rawPath="/webhooks/dr ill<>\x00%zz")
    yield 404, http_request(delivery, rawPath="")
    yield 404, http_request(delivery, rawPath="/webhooks/" + "a" * 1_000_000)
    yield 405, http_request(delivery, requestContext=context | {"http": context["http"] | {"method": "<\x00>"}})
    fenced = context | {"http": context["http"] | {"sourceIp": "203.0.113.7, <"}}
    yield 403, http_request(Delivery("test-fenced", b"{}"), requestContext=fenced)


HOSTILE_REQUESTS = list(hostile_requests())


@pytest.mark.parametrize(("status", "request_"), HOSTILE_REQUESTS, ids=range(len(HOSTILE_REQUESTS)))
def test_whatever_the_platform_lets_through_is_answered_and_not_panicked_on(bench, status, request_):
    answer = bench.invoke("Ingest", request_)

    assert (answer["statusCode"], answer["body"].encode()) == (status, REFUSED)


def test_a_hostile_query_and_host_do_not_matter_to_a_signed_delivery(bench):
    delivery = bench.sign("drill")
    request = http_request(delivery, rawQueryString='<>" %zz')
    request["headers"] |= {"host": "<>", "x-forwarded-proto": " "}

    answer = bench.invoke("Ingest", request)

    assert (answer["statusCode"], json.loads(answer["body"])["outcome"]) == (200, "accepted")


def test_megabytes_of_garbage_are_refused(bench):
    assert is_refusal(bench.post(Delivery("drill", os.urandom(3 * MIB), {"X-Drill-Signature": "sha256=" + "0" * 64})))
    assert is_refusal(bench.post(Delivery("drill", os.urandom(20 * MIB))), 413)
    assert is_refusal(bench.post(Delivery("drill", b"[" * 3 * MIB, {"Content-Type": "application/json"})))
    assert is_refusal(bench.post(Delivery("orum", b"[" * MIB, {"Signature": "AAAA"})))
    bench.accepted(bench.sign("drill"))


# ---- Secrets ----


def is_unavailable(answer):
    told = answer.json == {"error": "unavailable"}
    return told and answer.status == 503 and answer.headers["retry-after"] == "30"


def test_a_source_without_a_secret_is_503(bench):
    delivery = bench.sign("financbase")

    answer = bench.request("POST", "/webhooks/test-bare", delivery.body, delivery.headers)

    assert is_unavailable(answer)
    assert bench.event("test-bare", delivery.event_id) is None
    line = bench.line("ingest", message="delivery", source="test-bare")
    assert line["outcome"] == "unavailable"
    assert line["reason"] == "absent"
    assert line["error"] == (
        f"finding the source's keys: the secret {bench.outputs['SecretArn']}: it holds nothing for this source"
    )


def test_a_secret_is_rotated_under_load_and_no_delivery_is_refused(bench):
    """Old; new and old, while the sender still signs with the old; the sender changes; new."""
    source, secrets = "test-turned", bench.secrets()
    old, new = secrets[source][0], {"value": f"rotated-{os.urandom(16).hex()}", "label": "new"}
    signs_with, answers, done = [old["value"]], [], threading.Event()

    def send():
        while not done.is_set():
            secret = signs_with[0]
            answers.append((secret, bench.post(bench.sign(source, secret=secret))))

    def another(count, secret):
        """Waits for so many more answers to deliveries that this secret signed."""
        had = len(answers)
        wait_for(lambda: sum(used == secret for used, _ in answers[had:]) >= count, "answers under load")

    with ThreadPoolExecutor(3) as senders:
        sending = [senders.submit(send) for _ in range(3)]
        try:
            another(5, old["value"])
            bench.put_secrets(secrets | {source: [new, old]})
            another(5, old["value"])
            signs_with[0] = new["value"]
            another(10, new["value"])
            bench.put_secrets(secrets | {source: [new]})
            another(20, new["value"])
        finally:
            done.set()
            for sender in sending:
                sender.result()
            bench.put_secrets(secrets)

    assert {answer.status for _, answer in answers} == {200}
    assert {answer.json["outcome"] for _, answer in answers} == {"accepted"}
    labels = {bench.event(source, answer.json["event_id"])["secret_label"] for _, answer in answers}
    assert labels == {old["label"], "new"}


def test_the_last_known_secret_serves_while_secrets_cannot_be_read(bench):
    bench.accepted(bench.sign("drill"))
    with bench.without("Ingest", "secretsmanager:GetSecretValue"):
        # Twice as long as this stack's secrets are believed.
        deadline = time.monotonic() + 4
        while time.monotonic() < deadline:
            bench.accepted(bench.sign("drill"))


# ---- Faults ----


def test_an_event_whose_ticket_cannot_be_sent_is_accepted_all_the_same(bench):
    with bench.without("Ingest", "sqs:SendMessage"):
        id = bench.accepted(bench.sign("drill"))
        line = bench.line("ingest", event_id=id)

    assert line["enqueue.deferred"] == 1
    # The stack enforces the functions' role policies.
    assert (line["reason"], line["error"].split(": ")[0]) == ("denied", "sending the ticket")
    bench.swept("drill", id)
    bench.ended("drill", id)
    assert bench.runs(id) == 1


@pytest.mark.parametrize("size", [100, 300 * 1024])
def test_an_event_that_cannot_be_recorded_is_503_and_nothing_is_sent(bench, size):
    body = padded(size, type="drill.ok")
    delivery = bench.sign("drill", id=json.loads(body)["id"], body=body)
    with bench.paused():
        with bench.without("Ingest", "dynamodb:PutItem"):
            answer = bench.post(delivery)

        assert is_unavailable(answer)
        assert not any(delivery.event_id in message["Body"] for message in bench.take("QueueUrl"))
        assert bench.event("drill", delivery.event_id) is None
    bench.accepted(delivery)


def test_an_event_whose_body_cannot_be_kept_is_503_and_not_recorded(bench):
    body = padded(300 * 1024)
    delivery = bench.sign("drill", id=json.loads(body)["id"], body=body)
    with bench.without("Ingest", "s3:PutObject"):
        assert is_unavailable(bench.post(delivery))
        assert bench.event("drill", delivery.event_id) is None
    bench.accepted(delivery)


def test_a_duplicate_whose_work_cannot_be_read_gets_another_ticket_or_503(bench):
    delivery = bench.sign("drill")
    id = bench.accepted(delivery)
    bench.ended("drill", id)

    with bench.without("Ingest", "dynamodb:GetItem"):
        sent = bench.post(delivery)
        with bench.without("Ingest", "sqs:SendMessage"):
            unsent = bench.post(delivery)

    assert sent.json == {"outcome": "duplicate", "event_id": id}
    assert is_unavailable(unsent)
    bench.drained()
    assert bench.runs(id) == 1


def test_a_failed_event_that_cannot_be_reopened_is_503_so_that_the_provider_sends_again(bench):
    delivery = bench.sign("drill", type="drill.refuse")
    id = bench.accepted(delivery)
    bench.ended("drill", id, "failed")

    with bench.without("Ingest", "sqs:SendMessage"):
        assert is_unavailable(bench.post(delivery))
    assert bench.post(delivery).json["outcome"] == "reopened"


# ---- Once ----


def test_the_same_event_sent_50_times_at_once_is_accepted_once_and_handled_once(bench):
    delivery = bench.sign("drill")

    def send(_):
        """As a provider does: what is answered 503 is sent again."""
        while (answer := bench.post(delivery)).status == 503:
            assert is_unavailable(answer)
        return answer

    with ThreadPoolExecutor(50) as senders:
        answers = list(senders.map(send, range(50)))

    assert {answer.status for answer in answers} == {200}
    outcomes = [answer.json["outcome"] for answer in answers]
    # On a busy machine the one that wrote the event may not live to say so.
    assert outcomes.count("accepted") <= 1
    assert set(outcomes) <= {"accepted", "duplicate"}
    bench.ended("drill", delivery.event_id)
    bench.drained()
    assert bench.runs(delivery.event_id) == 1
