"""The table of the handler `credit` of consumer/, as a user makes it: beside the stack, with a permission of its own."""

import json

# Of samconfig.toml.
NAME = "landfall-accounts"


class Accounts:
    def __init__(self, bench):
        self.bench = bench
        self.dynamodb = bench.client("dynamodb")
        self.dynamodb.create_table(
            TableName=NAME,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        )
        self.dynamodb.get_waiter("table_exists").wait(TableName=NAME)

    def allow(self):
        """Lets the handlers write to it."""
        arn = self.dynamodb.describe_table(TableName=NAME)["Table"]["TableArn"]
        statement = {"Effect": "Allow", "Action": ["dynamodb:PutItem", "dynamodb:UpdateItem"], "Resource": arn}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.bench.client("iam").create_policy(PolicyName=NAME, PolicyDocument=document)

    def balance(self, account):
        key = {"pk": {"S": f"account#{account}"}}
        found = self.dynamodb.get_item(TableName=NAME, Key=key, ConsistentRead=True).get("Item")
        return int(found["balance"]["N"]) if found else 0

    def done(self):
        """The ids of the events whose keys are there, each as often as it is."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=NAME, ConsistentRead=True)
        items = [item for page in pages for item in page["Items"]]
        return sorted(item["event"]["S"] for item in items if item["pk"]["S"].startswith("done#"))
