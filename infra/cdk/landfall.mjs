// Landfall as a stack of a CDK app, from a release: docs/releases.md. Copy it into your app.
//
//   new Landfall(app, "landfall-test", { release: "release", parameters: { Environment: "test" } });
//
// `release` is the folder with the template and the packages, into which `landfall package` has put your landfall.toml. A
// parameter that is a list is an array.

import { readFileSync } from "node:fs";

import { CfnElement, Stack } from "aws-cdk-lib";
import { Asset } from "aws-cdk-lib/aws-s3-assets";

// The template as it is. CfnInclude doesn't know what SAM makes of a function, and looks for its alias in vain.
class Template extends CfnElement {
  constructor(scope, id, template) {
    super(scope, id);
    this.template = template;
  }

  _toCloudFormation() {
    return this.template;
  }
}

export class Landfall extends Stack {
  constructor(scope, id, { release, architecture = "arm64", parameters = {}, ...props }) {
    super(scope, id, props);
    const text = readFileSync(`${release}/landfall-${architecture}.json`, "utf8");
    // What the app says is part of the template, so that a later deployment goes by it, and not by what the stack had before.
    const template = JSON.parse(text, (_key, value) => (Object.hasOwn(parameters, value?.Ref) ? parameters[value.Ref] : value));
    for (const name of Object.keys(parameters)) {
      if (!template.Parameters[name]) throw new Error(`The template has no parameter ${name}.`);
      delete template.Parameters[name];
    }
    for (const name of ["Ingest", "Consumer", "Sweeper"]) {
      const { Properties: properties } = template.Resources[name];
      const asset = new Asset(this, `${name}Package`, { path: `${release}/${properties.CodeUri}` });
      properties.CodeUri = { Bucket: asset.s3BucketName, Key: asset.s3ObjectKey };
    }
    new Template(this, "Template", template);
  }
}
