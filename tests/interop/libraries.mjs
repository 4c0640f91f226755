// Official Node libraries, asked by run.py: a JSON object per line in, {"ok": …} or {"error": …} per line out.
// `sign` answers with headers, `check` with a truth.

import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

// The packages are not beside this file but where `make interop` puts them.
const folder = path.resolve(process.argv[2]);
const require = createRequire(path.join(folder, "package.json"));
const load = (name, file) =>
  file ? import(pathToFileURL(path.join(folder, "node_modules", name, file))) : require(name);

// This one can only be imported.
const octokit = await load("@octokit/webhooks-methods", "dist-node/index.js");
const Stripe = load("stripe");
const svix = load("svix");
const standard = load("standardwebhooks");
const discord = load("discord-interactions");
const adyen = load("@adyen/api-library");
const paddle = load("@paddle/paddle-node-sdk");

const stripe = new (Stripe.default ?? Stripe)("sk_test_x");
const hmac = new adyen.hmacValidator();
const events = new paddle.Paddle("x").webhooks;

// Libraries that read the JSON of what they have verified throw SyntaxError where there is none.
const verified = (check) => {
  try {
    check();
    return true;
  } catch (error) {
    return error instanceof SyntaxError;
  }
};
const of = (headers, name) => headers.find(([found]) => found.toLowerCase() === name)?.[1] ?? "";
const lower = (headers) => Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));

const specification = (Webhook, prefix) => ({
  sign: ({ secret, text, now }) => [
    [`${prefix}-id`, "msg_1"],
    [`${prefix}-timestamp`, String(now)],
    [`${prefix}-signature`, new Webhook(secret).sign("msg_1", new Date(now * 1000), text)],
  ],
  check: ({ secret, text, headers }) => verified(() => new Webhook(secret).verify(text, lower(headers))),
});

const libraries = {
  "@octokit/webhooks-methods": {
    sign: async ({ secret, text }) => [["X-Hub-Signature-256", await octokit.sign(secret, text)]],
    check: ({ secret, text, headers }) => octokit.verify(secret, text, of(headers, "x-hub-signature-256")),
  },
  stripe: {
    sign: ({ secret, text, now }) => [
      ["Stripe-Signature", stripe.webhooks.generateTestHeaderString({ payload: text, secret, timestamp: now })],
    ],
    check: ({ secret, text, headers }) =>
      verified(() => stripe.webhooks.signature.verifyHeader(text, of(headers, "stripe-signature"), secret, 300)),
  },
  svix: specification(svix.Webhook, "svix"),
  standardwebhooks: specification(standard.Webhook, "webhook"),
  "discord-interactions": {
    check: ({ secret, body, headers }) =>
      discord.verifyKey(body, of(headers, "x-signature-ed25519"), of(headers, "x-signature-timestamp"), secret),
  },
  "@adyen/api-library": {
    sign: ({ secret, text }) => [["HmacSignature", hmac.calculateHmac(text, secret)]],
    check: ({ secret, text, headers }) => hmac.validateHMACSignature(secret, of(headers, "hmacsignature"), text),
  },
  "@paddle/paddle-node-sdk": {
    check: ({ secret, text, headers }) => events.isSignatureValid(text, secret, of(headers, "paddle-signature")),
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  asked.body = Buffer.from(asked.body, "base64");
  asked.text = asked.body.toString("utf8");
  let answer;
  try {
    answer = { ok: await libraries[asked.library][asked.do](asked) };
  } catch (error) {
    answer = { error: `${error.name}: ${error.message}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
