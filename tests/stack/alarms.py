"""Alarms of the deployed stack: what would raise them, by CloudWatch's documented rules, and whom they tell.

Nothing on this machine reads metrics out of logs, nor are there metrics of queues and of the API: what CloudWatch would be
given is carried to it here. MiniStack evaluates an alarm when a metric is put, and so has the last word on those of our own
metrics; it knows neither dimensions nor metric math nor missing data, so that the state of all others is what the rules say:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

import json
import operator
import re
import time
from typing import NamedTuple

from harness import ROOT, wait_for
from samcli.yamlhelper import yaml_parse

TOPIC = "landfall-alarms"
# The version of ingest that a deployment brings.
NEW_VERSION = "8"
OPERATORS = {"GreaterThanOrEqualToThreshold": operator.ge, "LessThanThreshold": operator.lt}
STATISTICS = {"Sum": sum, "Maximum": max}


class Point(NamedTuple):
    namespace: str
    metric: str
    dimensions: dict
    value: float
    at: float  # seconds

    def later(self, seconds):
        return self._replace(at=self.at + seconds)


def points_of(lines):
    """The data points that CloudWatch takes out of log lines, by the specification of its embedded metric format."""
    return [
        Point(
            directive["Namespace"],
            metric["Name"],
            {name: line[name] for name in dimensions},
            value,
            line["_aws"]["Timestamp"] / 1000,
        )
        for line in lines
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", [])
        for dimensions in directive["Dimensions"]
        for metric in directive["Metrics"]
        for value in several(line[metric["Name"]])
    ]


def several(values):
    """A metric has a number, or an array of them."""
    return values if isinstance(values, list) else [values]


def statistic(points, metric, stat, start, end):
    """A metric's statistic over one period; None where there are no data."""
    dimensions = {dimension["Name"]: dimension["Value"] for dimension in metric["Dimensions"]}
    values = [
        point.value
        for point in points
        if (point.namespace, point.metric, point.dimensions) == (metric["Namespace"], metric["MetricName"], dimensions)
        and start <= point.at < end
    ]
    return STATISTICS[stat](values) if values else None


def observed(alarm, points, start, end):
    """What the alarm compares of one period: a statistic, or an expression over several."""
    if "Metrics" not in alarm:
        return statistic(points, alarm, alarm["Statistic"], start, end)
    (expression,) = [query["Expression"] for query in alarm["Metrics"] if "Expression" in query]
    names = {
        query["Id"]: statistic(points, query["MetricStat"]["Metric"], query["MetricStat"]["Stat"], start, end)
        for query in alarm["Metrics"]
        if "MetricStat" in query
    }
    functions = {
        "IF": lambda condition, this, that: this if condition else that,
        "FILL": lambda value, filling: filling if value is None else value,
    }
    try:
        return eval(expression, {"__builtins__": {}}, names | functions)
    except TypeError:
        return None  # A metric without data, which no FILL stands in for.


def period_of(alarm):
    periods = {query["MetricStat"]["Period"] for query in alarm.get("Metrics", []) if "MetricStat" in query}
    (period,) = periods or {alarm["Period"]}
    return period


def judged(alarm, points, at):
    """The alarm's state at this time. CloudWatch looks further back than this before it takes data for missing, so that an
    alarm for silence comes some periods later."""
    period, many = period_of(alarm), alarm["EvaluationPeriods"]
    breaches = 0
    for number in range(many):
        end = at - number * period
        value = observed(alarm, points, end - period, end)
        if value is None:
            breaches += alarm["TreatMissingData"] == "breaching"
        else:
            breaches += OPERATORS[alarm["ComparisonOperator"]](value, alarm["Threshold"])
    return "ALARM" if breaches >= alarm.get("DatapointsToAlarm", many) else "OK"


class Alarms:
    def __init__(self, bench):
        self.bench = bench
        self.cloudwatch = bench.client("cloudwatch")
        topic = bench.client("sns").create_topic(Name=TOPIC)["TopicArn"]
        sqs = bench.client("sqs")
        self.mailbox = sqs.create_queue(QueueName=TOPIC)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=self.mailbox, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        may_send = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [may_send]})
        sqs.set_queue_attributes(QueueUrl=self.mailbox, Attributes={"Policy": policy})
        bench.client("sns").subscribe(
            TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"}
        )
        found = bench.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=bench.name)
        self.names = {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for page in found
            for resource in page["StackResourceSummaries"]
            if resource["ResourceType"] == "AWS::CloudWatch::Alarm"
        }

    def deployed(self, name):
        if name not in self.names:
            return self.not_deployed_here(name)
        (alarm,) = self.cloudwatch.describe_alarms(AlarmNames=[self.names[name]])["MetricAlarms"]
        return alarm

    def not_deployed_here(self, name):
        """An alarm that MiniStack doesn't take, as the template has it."""
        values = {
            "AWS::StackName": self.bench.name,
            "Api": self.bench.outputs["ApiUrl"].rsplit("/", 1)[1],
            "Ingest": self.bench.outputs["IngestFunctionName"],
        }
        resource = yaml_parse((ROOT / "infra" / "template.yaml").read_text())["Resources"][name]
        assert resource["Condition"] in ("HasApiOnAws", "IsGradual")

        def resolved(value):
            if isinstance(value, list):
                return [resolved(entry) for entry in value]
            if isinstance(value, dict):
                if value.keys() == {"Ref"} and value["Ref"] in values:
                    return values[value["Ref"]]
                if value.keys() == {"Fn::Sub"}:
                    return re.sub(r"\$\{(\w+)\}", lambda name: values[name[1]], value["Fn::Sub"])
                if value == {"Fn::GetAtt": ["Ingest", "Version.Version"]}:
                    return NEW_VERSION
                return {key: resolved(entry) for key, entry in value.items()}
            return value

        return resolved(resource["Properties"])

    def logged(self, *functions):
        """What CloudWatch would take out of what these functions have logged during this test."""
        return [point for function in functions for point in points_of(self.bench.lines(function))]

    def of_function(self, function, metric):
        """What Lambda has counted of a function during this test."""
        dimensions = {"FunctionName": self.bench.outputs[f"{function}FunctionName"]}
        found = self.cloudwatch.get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName=metric,
            Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
            StartTime=self.bench.since / 1000 - 60,
            EndTime=time.time() + 60,
            Period=60,
            Statistics=["Sum"],
        )
        # Those of the minute in which it began may be another test's; they have no part in what is counted here.
        return [Point("AWS/Lambda", metric, dimensions, point["Sum"], time.time() - 1) for point in found["Datapoints"]]

    def of_queue(self, queue, metric, value):
        name = self.bench.outputs[queue].rsplit("/", 1)[1]
        return Point("AWS/SQS", metric, {"QueueName": name}, value, time.time() - 1)

    def of_api(self, metric, value):
        api = self.bench.outputs["ApiUrl"].rsplit("/", 1)[1]
        return Point("AWS/ApiGateway", metric, {"ApiId": api}, value, time.time() - 1)

    def raised(self, points, at=None):
        """The alarms that these data points raise; missing data are no cause here."""
        at = at or time.time() + 1
        deployed = {name: self.deployed(name) for name in (*self.names, "ApiThrottledAlarm")}
        return {
            name
            for name, alarm in deployed.items()
            if alarm["TreatMissingData"] != "breaching" and judged(alarm, points, at) == "ALARM"
        }

    def fires(self, name, points, at=None):
        """These data points raise this alarm, which is OK without them, and the topic is told."""
        at = at or time.time() + 1
        alarm = self.deployed(name)
        silence = alarm["TreatMissingData"] == "breaching"
        assert judged(alarm, [], at) == ("ALARM" if silence else "OK")
        assert judged(alarm, points, at) == "ALARM", points
        if name not in self.names:
            return
        self.settle(name, "OK")
        if alarm.get("Namespace") == "Landfall" and points:
            self.carry(points)
            wait_for(lambda: self.deployed(name)["StateValue"] == "ALARM", f"MiniStack to raise {name}")
        else:
            self.settle(name, "ALARM")
        self.told(name, "ALARM")

    def carry(self, points):
        """Puts our own metrics where alarms look."""
        data = [
            {
                "MetricName": point.metric,
                "Dimensions": [{"Name": name, "Value": value} for name, value in point.dimensions.items()],
                "Value": point.value,
                "Timestamp": point.at,
            }
            for point in points
            if point.namespace == "Landfall"
        ]
        for start in range(0, len(data), 100):
            self.cloudwatch.put_metric_data(Namespace="Landfall", MetricData=data[start : start + 100])

    def settle(self, name, state):
        self.cloudwatch.set_alarm_state(
            AlarmName=self.names[name], StateValue=state, StateReason="CloudWatch's rules say so"
        )

    def told(self, name, state):
        """Waits for the topic's message that this alarm is in this state."""
        sqs = self.bench.client("sqs")

        def look():
            for message in sqs.receive_message(QueueUrl=self.mailbox, MaxNumberOfMessages=10).get("Messages", []):
                sqs.delete_message(QueueUrl=self.mailbox, ReceiptHandle=message["ReceiptHandle"])
                told = json.loads(message["Body"])
                if (told["AlarmName"], told["NewStateValue"]) == (self.names[name], state):
                    return told
            return None

        assert wait_for(look, f"to be told that {name} is {state}")["AlarmDescription"]
