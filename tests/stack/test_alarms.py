"""Every alarm of the template, raised by its cause. Those of destinations are raised in test_ways.py, where one is dead."""

import json
import time
from contextlib import contextmanager

import pytest
from alarms import NEW_VERSION, Point, judged
from bench import batch, now_ms
from botocore.exceptions import ClientError
from harness import ROOT, wait_for
from samcli.yamlhelper import yaml_parse

DAY = 86_400


def delivered(bench, source, many, status, **options):
    """Delivers so many events, each with this answer."""
    for _ in range(many):
        assert bench.post(bench.sign(source, **options)).status == status


def sent_at(bench, queue):
    """When the oldest message of a queue was sent, in seconds, as far as it can be received."""
    found = bench.client("sqs").receive_message(
        QueueUrl=bench.outputs[queue], MaxNumberOfMessages=10, VisibilityTimeout=0, AttributeNames=["SentTimestamp"]
    )
    return min((int(message["Attributes"]["SentTimestamp"]) for message in found.get("Messages", [])), default=0) / 1000


def invoked(bench, function, payload="{}"):
    """Invokes a function, whatever becomes of it."""
    name = bench.outputs[f"{function}FunctionName"]
    try:
        return bench.impatient("lambda").invoke(FunctionName=name, Payload=payload).get("FunctionError")
    except ClientError as error:
        return error.response["Error"]["Code"]


@contextmanager
def without_room(bench, function):
    """Lambda has no room for this function meanwhile."""
    name = {"FunctionName": bench.outputs[f"{function}FunctionName"]}
    bench.client("lambda").put_function_concurrency(**name, ReservedConcurrentExecutions=0)
    try:
        yield
    finally:
        bench.client("lambda").delete_function_concurrency(**name)


def test_what_the_templates_rules_refuse_is_not_deployed(bench):
    """By the template's own rules, parameters and conditions, and no resource that would matter."""
    template = yaml_parse((ROOT / "infra" / "template.yaml").read_text())
    kept = {name: template[name] for name in ("AWSTemplateFormatVersion", "Parameters", "Rules", "Conditions")}
    body = json.dumps(kept | {"Resources": {"Nothing": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}})

    def deployed(**parameters):
        cloudformation, name = bench.client("cloudformation"), "landfall-rules"
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        cloudformation.create_stack(StackName=name, TemplateBody=body, Parameters=given)
        cloudformation.delete_stack(StackName=name)

    with pytest.raises(ClientError, match="A live stack needs AlarmTopicArn"):
        deployed(Environment="live")
    for given, needs in {
        "FrontDomain": "FrontSecretArn and FrontDomain go together",
        "SubnetIds": "SubnetIds and SecurityGroupIds go together",
        "MonthlyBudget": "MonthlyBudget needs AlarmTopicArn",
    }.items():
        value = {"FrontDomain": "hooks.example.com", "SubnetIds": "subnet-1", "MonthlyBudget": "10"}[given]
        with pytest.raises(ClientError, match=needs):
            deployed(Environment="test", **{given: value})
    deployed(Environment="test")
    deployed(Environment="live", AlarmTopicArn="arn:aws:sns:us-east-1:000000000000:landfall-alarms")


def test_the_dashboard_shows_the_alarms_that_are_there(bench, alarms):
    name = f"{bench.name}-{bench.note['region']}"
    body = json.loads(bench.client("cloudwatch").get_dashboard(DashboardName=name)["DashboardBody"])
    assert "${" not in json.dumps(body)
    (shown,) = [widget["properties"]["alarms"] for widget in body["widgets"] if widget["type"] == "alarm"]
    assert {arn.rsplit(":", 1)[1] for arn in shown} == set(alarms.names.values())


# ---- Ingest ----


def test_many_forged_deliveries(bench, alarms):
    delivered(bench, "drill", 20, 400, secret="a stranger's")
    bench.logged("ingest", 20, reason="forged")
    alarms.fires("DeliveriesForgedAlarm", alarms.logged("ingest"))


def test_one_forged_delivery_and_one_that_can_not_be_verified_raise_nothing(bench, alarms):
    delivered(bench, "drill", 1, 400, secret="a stranger's")
    delivered(bench, "test-bare", 1, 503, secret="a stranger's")
    bench.logged("ingest", reason="forged")
    bench.logged("ingest", outcome="unavailable")
    points = [*alarms.logged("ingest"), alarms.of_api("Count", 2), alarms.of_api("4xx", 1), alarms.of_api("5xx", 1)]
    assert alarms.raised(points) == set()


def test_many_deliveries_that_can_not_be_verified(bench, alarms):
    delivered(bench, "test-bare", 20, 503, secret="any")
    bench.logged("ingest", 20, outcome="unavailable")
    alarms.fires("DeliveriesUnavailableAlarm", alarms.logged("ingest"))
    # As API Gateway counts them.
    alarms.fires("ApiUnavailableAlarm", [alarms.of_api("Count", 20), alarms.of_api("5xx", 20)])


def test_an_authentic_delivery_that_can_not_be_recorded(bench, alarms):
    with bench.without("Ingest", "dynamodb:PutItem"):
        delivered(bench, "drill", 1, 503)
    bench.logged("ingest", outcome="unavailable")
    points = alarms.logged("ingest")
    alarms.fires("DeliveriesUnrecordedAlarm", points)

    # The newest version's own, while an alias has two.
    def of_version(version):
        told = [point for point in points if "version" in point.dimensions]
        return [point._replace(dimensions=point.dimensions | {"version": version}) for point in told]

    alarms.fires("IngestVersionUnrecordedAlarm", of_version(NEW_VERSION))
    old = judged(alarms.deployed("IngestVersionUnrecordedAlarm"), of_version("7"), time.time() + 1)
    assert old == "OK"


def test_tickets_that_can_not_be_sent(bench, alarms):
    with bench.without("Ingest", "sqs:SendMessage"):
        ids = [bench.accepted(bench.sign("drill")) for _ in range(10)]
    bench.logged("ingest", 10, outcome="accepted")
    alarms.fires("EnqueueDeferredAlarm", alarms.logged("ingest"))
    # The sweeper sends them, and the next test finds no ticket of this one.
    for id in ids:
        bench.swept("drill", id)
        bench.ended("drill", id)


def test_a_secret_that_can_not_be_read(bench, alarms):
    with bench.without("Ingest", "secretsmanager:GetSecretValue"):

        def unreadable():
            delivered(bench, "drill", 1, 200)
            return [line for line in bench.lines("ingest") if "keys.unreadable" in line]

        wait_for(unreadable, "the secret to be read again")
    alarms.fires("KeysUnreadableAlarm", alarms.logged("ingest"))


def test_an_ingest_that_dies_at_its_start(bench, alarms):
    with bench.told_otherwise("Ingest", LANDFALL_SHARDS="0"):
        wait_for(lambda: invoked(bench, "Ingest"), "ingest to fail")
    alarms.fires("IngestErrorsAlarm", alarms.of_function("Ingest", "Errors"))


def test_a_new_version_that_fails_is_told_from_the_old_one(bench, alarms):
    """As Lambda counts what an alias with two versions runs:
    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"""
    name = bench.outputs["IngestFunctionName"]

    def failed(version):
        dimensions = {"FunctionName": name, "Resource": f"{name}:live", "ExecutedVersion": version}
        return [Point("AWS/Lambda", "Errors", dimensions, 1, time.time() - 1)]

    alarms.fires("IngestVersionErrorsAlarm", failed(NEW_VERSION))
    old = judged(alarms.deployed("IngestVersionErrorsAlarm"), failed("7"), time.time() + 1)
    assert old == "OK"


def test_an_ingest_that_lambda_has_no_room_for(bench, alarms):
    with without_room(bench, "Ingest"):
        assert {invoked(bench, "Ingest") for _ in range(20)} == {"TooManyRequestsException"}
    alarms.fires("IngestThrottledAlarm", alarms.of_function("Ingest", "Throttles"))


def test_an_api_that_refuses_by_itself(alarms):
    """MiniStack throttles nothing, so the numbers are made up: what API Gateway counts is documented."""
    requests, refused_by_ingest = alarms.of_api("Count", 200), 15

    def refused(by_all):
        ours = requests._replace(namespace="Landfall", metric="deliveries.refused", value=refused_by_ingest)
        return [requests, alarms.of_api("4xx", by_all), ours._replace(dimensions={"stack": alarms.bench.name})]

    alarms.fires("ApiThrottledAlarm", refused(35))
    assert "ApiThrottledAlarm" not in alarms.raised(refused(34))
    # Nobody but strangers: ingest refuses all of it, and that is no throttling.
    assert "ApiThrottledAlarm" not in alarms.raised(refused(15))
    few = [requests._replace(value=99), alarms.of_api("4xx", 99)]
    assert "ApiThrottledAlarm" not in alarms.raised(few)


# ---- The queue and the consumer ----


def test_tickets_that_nobody_takes(bench, alarms):
    with bench.paused():
        bench.accepted(bench.sign("drill"))
        sent = wait_for(lambda: sent_at(bench, "QueueUrl"), "a ticket in the queue")
        # Half an hour later, if nobody comes.
        later = sent + 1_801
        age = alarms.of_queue("QueueUrl", "ApproximateAgeOfOldestMessage", later - sent)._replace(at=later)
        alarms.fires("TicketsOldAlarm", [age], at=later + 1)


def test_more_tickets_in_flight_than_this_machine_bears(alarms):
    alarms.fires(
        "TicketsInFlightAlarm", [alarms.of_queue("QueueUrl", "ApproximateNumberOfMessagesNotVisible", 100_000)]
    )


def test_a_consumer_that_dies(bench, alarms):
    with bench.paused():
        id = bench.accepted(bench.sign("drill", type="drill.exit", times=1))
        ticket = bench.ticket("drill", id)
        assert invoked(bench, "Consumer", json.dumps(batch(ticket)))
    alarms.fires("ConsumerErrorsAlarm", alarms.of_function("Consumer", "Errors"))
    bench.ended("drill", id, attempt=2)


def test_a_consumer_that_lambda_has_no_room_for(bench, alarms):
    with bench.paused(), without_room(bench, "Consumer"):
        assert {invoked(bench, "Consumer") for _ in range(20)} == {"TooManyRequestsException"}
    alarms.fires("ConsumerThrottledAlarm", alarms.of_function("Consumer", "Throttles"))


def test_an_event_that_no_route_takes(bench, alarms):
    id = bench.accepted(bench.sign("github"))
    bench.line("consumer", event_id=id, outcome="unrouted")
    alarms.fires("EventsUnroutedAlarm", alarms.logged("consumer"))


def test_a_letter_and_one_that_is_soon_gone(bench, alarms):
    id = bench.accepted(bench.sign("drill", type="drill.refuse"))
    bench.ended("drill", id, "failed")
    wait_for(lambda: bench.waiting("DlqUrl"), "a letter")
    visible = alarms.of_queue("DlqUrl", "ApproximateNumberOfMessagesVisible", bench.waiting("DlqUrl"))
    alarms.fires("DlqNotEmptyAlarm", [visible])

    def aged(days):
        later = sent_at(bench, "DlqUrl") + days * DAY
        return alarms.of_queue("DlqUrl", "ApproximateAgeOfOldestMessage", days * DAY)._replace(at=later), later + 1

    # Seven of fourteen days are certain; a letter that SQS moved may have spent the others in the queue.
    age, then = aged(5)
    assert "LettersOldAlarm" not in alarms.raised([age], then)
    age, then = aged(6)
    alarms.fires("LettersOldAlarm", [age], at=then)
    bench.letter(id)


# ---- The sweeper ----


def test_sweeps_that_do_not_come_to_their_end(bench, alarms):
    with bench.without("Sweeper", "dynamodb:Query"):
        assert invoked(bench, "Sweeper")
    errors = alarms.of_function("Sweeper", "Errors")
    assert "SweeperErrorsAlarm" not in alarms.raised(errors), "one that failed is made up for by the next"
    # As it goes on, in three periods.
    alarms.fires(
        "SweeperErrorsAlarm", [point.later(-300 * number) for number in range(3) for point in errors], time.time() + 1
    )


def test_a_sweeper_that_stands_still(bench, alarms):
    alarms.fires("SweeperStoppedAlarm", [])
    wait_for(lambda: not invoked(bench, "Sweeper"), "a sweep")
    bench.logged("sweeper", outcome="complete")
    alarms.carry(alarms.logged("sweeper"))
    wait_for(lambda: alarms.deployed("SweeperStoppedAlarm")["StateValue"] == "OK", "a sweep to be seen")
    alarms.told("SweeperStoppedAlarm", "OK")


def test_a_source_that_has_gone_silent(bench, alarms):
    # As the sweeper notes it.
    bench.put_item({"pk": "#heard#test-silent", "sk": "heard", "until": now_ms() - 3_600_000})
    wait_for(lambda: not invoked(bench, "Sweeper"), "a sweep")
    line = bench.line("sweeper", source="test-silent")
    assert line["sources.silent"] == 1
    alarms.fires("SourcesSilentAlarm", alarms.logged("sweeper"))


def test_an_event_that_is_unfinished_at_its_last_look(bench, alarms):
    done = bench.accepted(bench.sign("drill"))
    # In a shard that has no other, so that no look has passed it.
    received_at = now_ms() - 125_000
    past = {"pk": f"test-bare#{done}", "shard": "1", "at": received_at}
    with bench.shards(2):
        bench.put_item(bench.stored("drill", done) | past)
        bench.swept("test-bare", done)
        wait_for(
            lambda: (
                [line for line in bench.lines("sweeper", source="test-bare") if line["sweeper.unfinished"]]
                or bench.nudge("sweeper")
            ),
            "the last look",
        )
    alarms.fires("EventsUnfinishedAlarm", alarms.logged("sweeper"))
    bench.ended("test-bare", done)
