# Landfall as a stack of CloudFormation's, from a release: docs/releases.md. Copy it into your configuration.
#
# `release` is the folder with the template and the packages, into which `landfall package` has put your landfall.toml.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "name" {
  type        = string
  description = "Name of the stack."
  default     = "landfall-test"
}

variable "release" {
  type        = string
  description = "Folder with the release's template and packages."
}

variable "architecture" {
  type        = string
  description = "Processor of the functions: arm64 or x86_64."
  default     = "arm64"
}

variable "bucket" {
  type        = string
  description = "Bucket of yours in the stack's region, that template and packages are uploaded to."
}

variable "parameters" {
  type        = map(string)
  description = "The template's parameters."
  default     = { Environment = "test" }
}

locals {
  template = file("${var.release}/landfall-${var.architecture}.json")
  packages = {
    for function in ["consumer", "ingest", "sweeper"] :
    function => "landfall-${function}-${var.architecture}.zip"
  }
  # CloudFormation replaces a function's code only where it is called otherwise.
  prefix = "landfall/${sha256(join("", concat(
    [local.template],
    [for file in values(local.packages) : filesha256("${var.release}/${file}")],
  )))}"
  packaged = replace(
    local.template,
    "/\"(landfall-[a-z]+-[a-z0-9_]+[.]zip)\"/",
    "\"s3://${var.bucket}/${local.prefix}/$1\"",
  )
}

data "aws_s3_bucket" "release" {
  bucket = var.bucket
}

# What an update that fails goes back to stays until it has succeeded.
resource "aws_s3_object" "package" {
  for_each = local.packages

  bucket = var.bucket
  key    = "${local.prefix}/${each.value}"
  source = "${var.release}/${each.value}"

  lifecycle {
    create_before_destroy = true
  }
}

# Larger than a template may be that isn't in S3.
resource "aws_s3_object" "template" {
  bucket  = var.bucket
  key     = "${local.prefix}/landfall.json"
  content = local.packaged

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudformation_stack" "landfall" {
  name         = var.name
  template_url = "https://${data.aws_s3_bucket.release.bucket_regional_domain_name}/${aws_s3_object.template.key}"
  parameters   = var.parameters
  # For its roles, and for the transform that makes functions of SAM's.
  capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]

  depends_on = [aws_s3_object.package]
}

output "api_url" {
  description = "Where sources are reached, under /webhooks/{source}."
  value       = aws_cloudformation_stack.landfall.outputs["ApiUrl"]
}
