// What both receivers do with a delivery before they work on it.

import { createHmac, timingSafeEqual } from "node:crypto";

import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

const TOLERANCE_SECONDS = 300;

export const readKey = async () => {
  const secrets = new SecretsManagerClient({});
  const found = await secrets.send(new GetSecretValueCommand({ SecretId: process.env.SECRET_ID }));
  return Buffer.from(found.SecretString.replace("whsec_", ""), "base64");
};

export const isAuthentic = (key, headers, body) => {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature = "" } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS)) {
    return false;
  }
  const digest = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
  const expected = Buffer.from(`v1,${digest}`);
  return signature.split(" ").some((candidate) => {
    const found = Buffer.from(candidate);
    return found.length === expected.length && timingSafeEqual(found, expected);
  });
};

export const answer = (statusCode, body) => ({
  statusCode,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
