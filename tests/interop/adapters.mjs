// Libraries that providers publish for Node, asked by run.py: a JSON object per line in, {"ok": …} or {"error": …} per
// line out. `sign` answers with headers, `check` with a truth.
//
//   adapters.mjs PACKAGE FOLDER     the library to ask, and the folder with node_modules

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

// What a library prints is not an answer.
console.log = console.error;
console.info = console.error;

const [, , wanted, packages] = process.argv;
const folder = path.resolve(packages);
const require = createRequire(path.join(folder, "package.json"));
const directory = (name) => path.join(folder, "node_modules", name);
const manifest = (name) => JSON.parse(readFileSync(path.join(directory(name), "package.json")));
// Some can only be imported.
const imported = (name, file) => import(pathToFileURL(path.join(directory(name), file)));

// Whether a check passes, which refuses by throwing. What is read as JSON after it was verified may be none.
const accepts = async (check) => {
  try {
    await check();
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return true;
    if (error instanceof TypeError || error instanceof ReferenceError) throw error;
    return false;
  }
};

const standardWebhooks = (Webhook, prefix) => ({
  sign: ({ signing, text, now }) => ({
    [`${prefix}-id`]: "msg_1",
    [`${prefix}-timestamp`]: String(now),
    [`${prefix}-signature`]: new Webhook(signing).sign("msg_1", new Date(now * 1000), text),
  }),
  check: ({ secret, text, headers }) => accepts(() => new Webhook(secret).verify(text, headers)),
});

const adapters = {
  "@adyen/api-library": () => {
    const hmac = new (require("@adyen/api-library").hmacValidator)();
    return {
      sign: ({ signing, text }) => ({ HmacSignature: hmac.calculateHmac(text, signing) }),
      check: ({ secret, text, headers }) => hmac.validateHMACSignature(secret, headers.hmacsignature ?? "", text),
    };
  },
  "@clerk/backend": async () => {
    const { verifyWebhook } = await imported("@clerk/backend", "dist/webhooks.mjs");
    const check = ({ secret, text, headers, url }) =>
      accepts(() =>
        verifyWebhook(new Request(url, { method: "POST", headers, body: text }), { signingSecret: secret }),
      );
    return { check };
  },
  "@contentful/node-apps-toolkit": () => {
    const { signRequest, verifyRequest } = require("@contentful/node-apps-toolkit");
    const canonical = ({ url, text, headers }) => {
      const { pathname, search } = new URL(url);
      return { method: "POST", path: pathname + search, headers, body: text };
    };
    return {
      sign: (asked) => signRequest(asked.signing, canonical({ ...asked, headers: {} }), asked.now * 1000),
      check: (asked) => verifyRequest(asked.secret, canonical(asked), 300),
    };
  },
  "@easypost/api": () => {
    const EasyPost = require("@easypost/api");
    const client = new (EasyPost.default ?? EasyPost)("x");
    const check = ({ secret, body, headers }) =>
      accepts(() =>
        client.Utils.validateWebhook(body, { "X-Hmac-Signature": headers["x-hmac-signature"] ?? "" }, secret),
      );
    return { check };
  },
  "@hubspot/api-client": () => {
    const { Signature } = require("@hubspot/api-client");
    const check = ({ secret, text, headers, url }) =>
      Signature.isValid({
        signatureVersion: "v3",
        signature: headers["x-hubspot-signature-v3"] ?? "",
        timestamp: Number(headers["x-hubspot-request-timestamp"]),
        method: "POST",
        clientSecret: secret,
        requestBody: text,
        url,
      });
    return { check };
  },
  "@line/bot-sdk": () => {
    const { validateSignature } = require("@line/bot-sdk");
    return { check: ({ secret, body, headers }) => validateSignature(body, secret, headers["x-line-signature"] ?? "") };
  },
  "@linear/sdk": async () => {
    const { LinearWebhookClient } = await imported("@linear/sdk", "dist/webhooks/index.mjs");
    const check = ({ secret, body, headers }) =>
      accepts(() =>
        new LinearWebhookClient(secret).verify(
          body,
          headers["linear-signature"] ?? "",
          JSON.parse(body.toString()).webhookTimestamp,
        ),
      );
    return { check };
  },
  "@mux/mux-node": () => {
    const Mux = require("@mux/mux-node");
    const { webhooks } = new (Mux.default ?? Mux)({ tokenId: "x", tokenSecret: "x" });
    return {
      check: ({ secret, text, headers }) => accepts(() => webhooks.verifySignature(text, headers, secret)),
    };
  },
  "@notionhq/client": () => {
    const { signWebhookPayload, verifyWebhookSignature } = require("@notionhq/client");
    return {
      sign: async ({ signing, body }) => ({
        "X-Notion-Signature": await signWebhookPayload({ body, verificationToken: signing }),
      }),
      check: ({ secret, body, headers }) =>
        verifyWebhookSignature({ body, signature: headers["x-notion-signature"], verificationToken: secret }),
    };
  },
  "@octokit/webhooks": async () => {
    const { Webhooks } = await imported("@octokit/webhooks", "dist-bundle/index.js");
    return {
      sign: async ({ signing, text }) => ({
        "X-Hub-Signature-256": await new Webhooks({ secret: signing }).sign(text),
      }),
      check: ({ secret, text, headers }) => new Webhooks({ secret }).verify(text, headers["x-hub-signature-256"] ?? ""),
    };
  },
  "@octokit/webhooks-methods": async () => {
    const octokit = await imported("@octokit/webhooks-methods", "dist-node/index.js");
    return {
      sign: async ({ signing, text }) => ({ "X-Hub-Signature-256": await octokit.sign(signing, text) }),
      check: ({ secret, text, headers }) => octokit.verify(secret, text, headers["x-hub-signature-256"] ?? ""),
    };
  },
  "@paddle/paddle-node-sdk": () => {
    const { Paddle } = require("@paddle/paddle-node-sdk");
    const events = new Paddle("x").webhooks;
    return {
      check: ({ secret, text, headers }) => events.isSignatureValid(text, secret, headers["paddle-signature"] ?? ""),
    };
  },
  "@sanity/webhook": async () => {
    const { encodeSignatureHeader, isValidSignature } = require("@sanity/webhook");
    const name = "sanity-webhook-signature";
    return {
      sign: async ({ signing, text, now }) => ({ [name]: await encodeSignatureHeader(text, now * 1000, signing) }),
      check: ({ secret, text, headers }) => isValidSignature(text, headers[name] ?? "", secret),
    };
  },
  "@sendgrid/eventwebhook": () => {
    const { EventWebhook, EventWebhookHeader } = require("@sendgrid/eventwebhook");
    const check = ({ secret, body, headers }) => {
      const webhook = new EventWebhook();
      const of = (name) => headers[name().toLowerCase()] ?? "";
      const key = webhook.convertPublicKeyToECDSA(secret);
      return webhook.verifySignature(key, body, of(EventWebhookHeader.SIGNATURE), of(EventWebhookHeader.TIMESTAMP));
    };
    return { check };
  },
  "@shopify/shopify-api": async () => {
    require("@shopify/shopify-api/adapters/node");
    const { ApiVersion, shopifyApi } = require("@shopify/shopify-api");
    const check = async ({ secret, text, headers }) => {
      const shopify = shopifyApi({
        apiKey: "x",
        apiSecretKey: secret,
        hostName: "hooks.example.com",
        apiVersion: Object.values(ApiVersion).at(-1),
        isEmbeddedApp: false,
        logger: { log: () => {} },
      });
      const rawRequest = { method: "POST", url: "/", headers };
      const rawResponse = { setHeader: () => {} };
      const { valid } = await shopify.webhooks.validate({ rawBody: text, rawRequest, rawResponse });
      return valid;
    };
    return { check };
  },
  "@slack/bolt": () => {
    const { isValidSlackRequest } = require(path.join(directory("@slack/bolt"), "dist/receivers/verify-request.js"));
    const check = ({ secret, text, headers }) =>
      isValidSlackRequest({
        signingSecret: secret,
        body: text,
        headers: {
          "x-slack-signature": headers["x-slack-signature"] ?? "",
          "x-slack-request-timestamp": Number(headers["x-slack-request-timestamp"]),
        },
      });
    return { check };
  },
  "box-node-sdk": () => {
    const { WebhooksManager } = require(path.join(directory("box-node-sdk"), "lib/managers/webhooks.js"));
    return { check: ({ secret, text, headers }) => WebhooksManager.validateMessage(text, headers, secret) };
  },
  "coinbase-commerce-node": () => {
    const { Webhook } = require("coinbase-commerce-node");
    return {
      sign: ({ signing, text }) => ({ "X-CC-Webhook-Signature": Webhook.computeSignature(text, signing) }),
      check: ({ secret, text, headers }) =>
        accepts(() => Webhook.verifySigHeader(text, headers["x-cc-webhook-signature"] ?? "", secret)),
    };
  },
  "discord-interactions": () => {
    const discord = require("discord-interactions");
    return {
      check: ({ secret, body, headers }) =>
        discord.verifyKey(body, headers["x-signature-ed25519"] ?? "", headers["x-signature-timestamp"] ?? "", secret),
    };
  },
  "gocardless-nodejs": () => {
    const { parse, InvalidSignatureError } = require("gocardless-nodejs/webhooks");
    const check = ({ secret, text, headers }) => {
      try {
        parse(text, secret, headers["webhook-signature"] ?? "");
      } catch (error) {
        if (error instanceof InvalidSignatureError) return false;
        if (!(error instanceof SyntaxError)) throw error;
      }
      return true;
    };
    return { check };
  },
  openai: () => {
    const OpenAI = require("openai");
    const { webhooks } = new (OpenAI.default ?? OpenAI)({ apiKey: "x" });
    return { check: ({ secret, text, headers }) => accepts(() => webhooks.verifySignature(text, headers, secret)) };
  },
  razorpay: () => {
    const { validateWebhookSignature } = require("razorpay/dist/utils/razorpay-utils");
    return {
      check: ({ secret, text, headers }) =>
        validateWebhookSignature(text, headers["x-razorpay-signature"] ?? "", secret),
    };
  },
  replicate: () => {
    const { validateWebhook } = require("replicate");
    const check = ({ secret, text, headers }) =>
      validateWebhook({
        id: headers["webhook-id"],
        timestamp: headers["webhook-timestamp"],
        signature: headers["webhook-signature"],
        body: text,
        secret,
      });
    return { check };
  },
  square: () => {
    const { WebhooksHelper } = require("square");
    const check = ({ secret, text, headers, url }) =>
      WebhooksHelper.verifySignature({
        requestBody: text,
        signatureHeader: headers["x-square-hmacsha256-signature"] ?? "",
        signatureKey: secret,
        notificationUrl: url,
      });
    return { check };
  },
  standardwebhooks: () => standardWebhooks(require("standardwebhooks").Webhook, "webhook"),
  stripe: () => {
    const Stripe = require("stripe");
    const { webhooks } = new (Stripe.default ?? Stripe)("sk_test_x");
    return {
      sign: ({ signing, text, now }) => ({
        "Stripe-Signature": webhooks.generateTestHeaderString({ payload: text, secret: signing, timestamp: now }),
      }),
      check: ({ secret, text, headers }) =>
        accepts(() => webhooks.signature.verifyHeader(text, headers["stripe-signature"] ?? "", secret, 300)),
    };
  },
  svix: () => standardWebhooks(require("svix").Webhook, "svix"),
  "webflow-api": () => {
    const { WebflowClient } = require("webflow-api");
    const { webhooks } = new WebflowClient({ accessToken: "x" });
    return { check: ({ secret, text, headers }) => webhooks.verifySignature({ headers, body: text, secret }) };
  },
};

const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const { sign, check } = await adapters[wanted]();
answer({ ok: manifest(wanted).version });

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  asked.body = Buffer.from(asked.body, "base64");
  asked.text = asked.body.toString("utf8");
  asked.headers = Object.fromEntries(asked.headers.map(([name, value]) => [name.toLowerCase(), value]));
  try {
    answer({ ok: asked.do === "check" ? await check(asked) : { headers: Object.entries(await sign(asked)) } });
  } catch (error) {
    answer({ error: `${error.name}: ${error.message}` });
  }
}
