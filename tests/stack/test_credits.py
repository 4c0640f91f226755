"""The handler `credit` of consumer/, which writes to a table of the user's own in one transaction with its event's key: its
effect is there once, however often its process is killed and the event run again. In a file of their own, as those of
test_deaths.py are."""

import random

import pytest
from accounts import Accounts
from bench import leg
from harness import wait_for

SOURCE, ROUTE = "test-bank", "credits"
ACCOUNTS = ["a", "b", "c"]
SECONDS = 240


@pytest.fixture(scope="module")
def accounts(session_bench):
    return Accounts(session_bench)


def pay(bench, account, amount, killed=None, times=0):
    """Sends a payment, whose handler's process is killed in so many runs, and in as many of each replay."""
    return bench.accepted(bench.sign(SOURCE, account=account, amount=amount, killed=killed, times=times))


def runs(bench, id):
    counted = bench.projection(f"credit#{id}") or {}
    return sum(int(count) for name, count in counted.items() if name.startswith("runs"))


def test_a_handler_may_write_only_where_the_stacks_parameter_lets_it(bench, accounts):
    id = pay(bench, "first", 1)
    refused = wait_for(lambda: (work := bench.work(SOURCE, id)) and leg(work).get("error"), "the refusal")
    assert refused == "AccessDeniedException"
    assert accounts.balance("first") == 0

    accounts.allow()
    bench.ended(SOURCE, id)

    assert (accounts.balance("first"), accounts.done()) == (1, [id])


def test_every_payment_is_credited_once_however_often_its_process_is_killed(bench, accounts):
    draw = random.Random(7)
    before = {account: accounts.balance(account) for account in ACCOUNTS}
    deaths = ["after"] * 24 + ["before"] * 4 + [{"within": draw.randrange(60)} for _ in range(12)]
    draw.shuffle(deaths)
    payments = {}
    with bench.paused():
        for number, killed in enumerate(deaths):
            # A power of two, so that whichever is credited twice, or never, can be told from the sum.
            payment = (draw.choice(ACCOUNTS), 2**number, killed, 2 if number % 8 == 0 else 1)
            payments[pay(bench, *payment)] = payment

    for id, (_, _, _, times) in payments.items():
        bench.ended(SOURCE, id, attempt=1 + times, seconds=SECONDS)
        assert runs(bench, id) > times
    for account in ACCOUNTS:
        paid = sum(amount for to, amount, *_ in payments.values() if to == account)
        assert bin(accounts.balance(account) - before[account]) == bin(paid)
    assert set(payments) <= set(accounts.done())


def test_a_payment_is_not_credited_again_by_a_replay_that_is_killed_too(bench, accounts):
    id = pay(bench, "replayed", 5, killed="after", times=1)
    bench.ended(SOURCE, id, attempt=2, seconds=SECONDS)
    for epoch in (1, 2):
        ran = runs(bench, id)
        bench.landfall("events", "replay", "--again", "--yes", "--route", ROUTE, SOURCE, id)

        def replayed(epoch=epoch):
            [of_route] = (work := bench.work(SOURCE, id))["legs"].values()
            return work["state"] == "succeeded" and of_route.get("epoch", 0) == epoch

        wait_for(replayed, f"replay {epoch}", SECONDS)
        assert runs(bench, id) >= ran + 2

    assert accounts.balance("replayed") == 5
    assert accounts.done().count(id) == 1


def test_another_payment_of_the_same_amount_is_credited_too(bench, accounts):
    for _ in range(2):
        bench.ended(SOURCE, pay(bench, "twice", 3))

    assert accounts.balance("twice") == 6


def test_in_the_end_no_ticket_is_left(bench):
    bench.drained(120)
