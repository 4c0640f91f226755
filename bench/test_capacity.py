"""The arithmetic of docs/capacity.md, by hand, and that the page is what it makes."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import capacity
import page


def shares(rate, **given):
    return {what: need / limit for what, need, limit, _, _ in capacity.needs(rate, **given)}


def test_an_event_of_2_kb_is_one_write_and_a_ticket_two():
    # 342 bytes without a body, 810 with one of 1,878, 5,019 with one of 15,033: 2,048 comes to some 864.
    assert 810 < capacity.event_item(2_048) < 900
    assert [capacity.write_units(size) for size in (0, 1, 1_024, 1_025)] == [1, 1, 1, 2]
    # 3,000 of the 4,000 write units that AWS gives a new table.
    assert shares(1_000)["DynamoDB: a new table"] == 0.75
    # A body of 15 KB is five.
    assert shares(1_000, body=15_033)["DynamoDB: a new table"] == 7_000 / 4_000


def test_at_1_000_a_second_the_throttle_is_first_and_one_shard_is_full():
    found = shares(1_000)
    assert list(found)[:2] == ["`ThrottleRate`", "DynamoDB: a shard of the index"]
    assert found["`ThrottleRate`"] == 2
    assert found["DynamoDB: a shard of the index"] == 1
    # 100 batches a second, each 30 + 9 * 4 = 66 ms, and ten consumers.
    assert found["`ConsumerConcurrency`"] == pytest.approx(0.66)


def test_at_100_000_a_second_a_hundred_shards_are_full():
    found = shares(100_000, shards=capacity.MOST_SHARDS)
    assert found["DynamoDB: a shard of the index"] == 1
    assert found["API Gateway: requests"] == 10
    # 20 ms each, and 660 batches at a time.
    assert found["Lambda: runs at a time"] == pytest.approx(2.66)
    assert found["DynamoDB: the table"] == 7.5


def test_at_one_a_second_nothing_is_in_sight():
    assert max(shares(1).values()) < 0.01


def test_the_template_takes_as_many_shards():
    template = (capacity.ROOT / "infra/template.yaml").read_text()
    found = re.search(r"^  Shards:\n(?:    .*\n)*?    MaxValue: (\d+)$", template, re.MULTILINE)
    assert int(found[1]) == capacity.MOST_SHARDS


def test_every_limit_says_where_it_is_from():
    for name, limit in capacity.limits().items():
        assert limit["page"].startswith("https://docs.aws.amazon.com/"), name
        assert limit["where"] and limit["knob"] and limit["unit"], name


def test_the_page_is_what_the_arithmetic_makes():
    text = (capacity.ROOT / "docs/capacity.md").read_text()
    assert page.update(text, capacity.parts()) == text, "run bench/capacity.py docs/capacity.md"
