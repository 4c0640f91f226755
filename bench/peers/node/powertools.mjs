// A receiver with Powertools for AWS Lambda: its idempotency utility keeps a delivery from being worked on twice.

import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { Logger } from "@aws-lambda-powertools/logger";
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";

import { answer, isAuthentic, readKey } from "./receive.mjs";

const logger = new Logger({ serviceName: "webhooks" });
const sqs = new SQSClient({});
const key = await readKey();
const config = new IdempotencyConfig({ eventKeyJmesPath: "id", expiresAfterSeconds: 30 * 86_400 });
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: process.env.TABLE });

const workOn = makeIdempotent(
  async (delivery) => {
    await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: JSON.stringify(delivery) }));
    return { outcome: "accepted" };
  },
  { persistenceStore, config },
);

export const handler = async (event, context) => {
  const body = Buffer.from(event.body, event.isBase64Encoded ? "base64" : "utf8");
  if (!isAuthentic(key, event.headers, body)) {
    return answer(400, { error: "refused" });
  }
  config.registerLambdaContext(context);
  const id = event.headers["webhook-id"];
  const { type } = JSON.parse(body.toString());
  const outcome = await workOn({ id, type, body: event.body });
  logger.info("delivery", { event_id: id });
  return answer(200, outcome);
};
