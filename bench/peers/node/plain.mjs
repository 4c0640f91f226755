// A receiver as it is usually written with the SDK's third version: verify, write under a condition, send.

import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";

import { answer, isAuthentic, readKey } from "./receive.mjs";

const dynamodb = new DynamoDBClient({});
const sqs = new SQSClient({});
const key = await readKey();

export const handler = async (event) => {
  const body = Buffer.from(event.body, event.isBase64Encoded ? "base64" : "utf8");
  if (!isAuthentic(key, event.headers, body)) {
    return answer(400, { error: "refused" });
  }
  const id = event.headers["webhook-id"];
  const content = JSON.parse(body.toString());
  const now = Math.floor(Date.now() / 1000);
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: process.env.TABLE,
        Item: {
          id: { S: id },
          type: { S: content.type },
          body: { B: body },
          received_at: { N: `${now}` },
          expires_at: { N: `${now + 30 * 86_400}` },
        },
        ConditionExpression: "attribute_not_exists(id)",
      }),
    );
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      return answer(200, { outcome: "duplicate" });
    }
    throw error;
  }
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: JSON.stringify({ id }) }));
  return answer(200, { outcome: "accepted" });
};
