// A Lambda runtime for Node as AWS's page on custom runtimes has it: ask for an event, have it handled, answer. AWS's own,
// `aws-lambda-ric`, compiles libcurl when it is installed; it was left out for that.

import { Agent, request } from "node:http";
import { pathToFileURL } from "node:url";

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");

const call = (method, path, body) =>
  new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const options = { agent, host, port, method, path: `/2018-06-01/runtime/${path}`, headers };
    const asked = request(options, (answered) => {
      const parts = [];
      answered.on("data", (part) => parts.push(part));
      answered.on("end", () => resolve({ headers: answered.headers, body: Buffer.concat(parts).toString() }));
    });
    asked.on("error", reject);
    asked.end(body);
  });

const described = (error) => JSON.stringify({ errorType: error.name, errorMessage: error.message });

let handler;
try {
  ({ handler } = await import(pathToFileURL(process.argv[2])));
} catch (error) {
  await call("POST", "init/error", described(error));
  throw error;
}

for (;;) {
  const { headers, body } = await call("GET", "invocation/next");
  const id = headers["lambda-runtime-aws-request-id"];
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  const context = { awsRequestId: id, getRemainingTimeInMillis: () => deadline - Date.now() };
  try {
    const answer = await handler(JSON.parse(body), context);
    await call("POST", `invocation/${id}/response`, JSON.stringify(answer));
  } catch (error) {
    await call("POST", `invocation/${id}/error`, described(error));
  }
}
