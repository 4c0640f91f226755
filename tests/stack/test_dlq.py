"""`landfall dlq`: letters of the consumer's and tickets that SQS itself moved are listed, put back and taken away."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

from harness import wait_for


def dlq(bench, *arguments, check=True):
    told = bench.landfall("--json", "dlq", *arguments, check=check)
    return json.loads(told.stdout)


def listed(bench, *which):
    """The letters that are meant, once there are any."""
    return wait_for(lambda: dlq(bench, "list", *which, check=False), f"letters of {which}")


def depth(bench):
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    url = bench.outputs["DlqUrl"]
    told = bench.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return [int(told[name]) for name in names]


def test_a_letter_is_listed_shown_and_redriven_and_is_gone_then(bench):
    id, mend = bench.unreadable()

    [letter] = listed(bench, "drill", id)
    assert (letter["reason"], letter["route"], letter["source"]) == ("exhausted", "drills", "drill")
    assert letter["error"].startswith("its body could not be read")
    # Whoever looks gives back what they looked at.
    assert [each["message_id"] for each in listed(bench, "drill", id)] == [letter["message_id"]]
    shown = bench.landfall("dlq", "show", "drill", id).stdout
    assert letter["message_id"] in shown and json.loads(letter["ticket"])["why"] == "redrive"

    refused = bench.landfall("dlq", "redrive", "drill", id, check=False)
    assert (refused.returncode, "give --yes" in refused.stderr) == (2, True)
    mend()
    assert dlq(bench, "redrive", "drill", id, "--yes") == {"redriven": 1}

    bench.ended("drill", id, attempt=5)
    assert bench.runs(id) == 1
    assert dlq(bench, "list", "drill", id, check=False) == []


def test_two_people_who_redrive_at_once_ask_once_and_one_of_them_is_told_so(bench):
    id = bench.accepted(bench.sign("drill", type="drill.refuse"))
    bench.ended("drill", id, "failed")
    assert len(listed(bench, "drill", id)) == 1

    with bench.paused(), ThreadPoolExecutor() as pool:
        redrive = ("--json", "dlq", "redrive", "drill", id, "--yes")
        both = list(pool.map(lambda _: bench.landfall(*redrive, check=False), range(2)))

    told = sorted((result.returncode, json.loads(result.stdout)["redriven"]) for result in both)
    assert told == [(0, 1), (1, 0)], [result.stderr for result in both]
    bench.ended("drill", id, "failed", attempt=2)
    assert len(bench.logged("consumer", event_id=id, why="redrive", outcome="failed")) == 1
    assert bench.runs(id) == 2


def test_what_sqs_moved_goes_back_as_an_ask(bench):
    id, mend = bench.unreadable()
    # SQS moves a ticket as it is, and says nothing about why.
    dlq(bench, "discard", "drill", id, "--yes")
    bench.client("sqs").send_message(QueueUrl=bench.outputs["DlqUrl"], MessageBody=bench.ticket("drill", id))
    [letter] = listed(bench, "drill", id)
    assert (letter["reason"], letter["route"], letter["attempts"]) == ("too_many_receives", None, None)

    mend()
    assert dlq(bench, "redrive", "--reason", "too_many_receives", "--yes")["redriven"] >= 1

    bench.ended("drill", id, attempt=5)


def test_what_is_no_ticket_stays_until_it_is_discarded(bench):
    mark = f"{os.urandom(8).hex()} is no ticket"
    bench.send(mark)
    malformed = ("--reason", "malformed")
    wait_for(lambda: any(letter["ticket"] == mark for letter in listed(bench, *malformed)), "the letter")

    redriven = bench.landfall("dlq", "redrive", *malformed, "--yes", check=False)
    assert redriven.returncode == 1 and "can't go back" in redriven.stderr
    count = len(listed(bench, *malformed))
    assert dlq(bench, "discard", *malformed, "--yes") == {"discarded": count}

    left = bench.landfall("dlq", "list", *malformed, check=False)
    assert left.returncode == 1
    assert depth(bench)[1] == 0, "nothing stays hidden"
