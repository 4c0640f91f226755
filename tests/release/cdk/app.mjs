// app.mjs RELEASE OUT     writes the stack of a CDK app over the release's folder

import { App } from "aws-cdk-lib";

import { Landfall } from "./landfall.mjs";

const [release, outdir] = process.argv.slice(2);
const app = new App({ outdir });
new Landfall(app, "landfall-test", { release, parameters: { Environment: "test" } });
app.synth();
