//! The services, and by which names each of them is known.

/// What tells a service from others.
#[derive(Debug)]
pub(crate) struct About {
    /// By which the environment and profiles name its endpoint:
    /// <https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html>.
    pub(super) id: &'static str,
    /// By which its hosts begin, and for which requests are signed:
    /// <https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html>.
    pub(super) name: &'static str,
    /// How it is spoken to.
    pub(super) protocol: Protocol,
    /// How its hosts of [GovCloud](https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/using-govcloud-endpoints.html) are named.
    pub(super) in_gov_cloud: GovCloud,
    /// Whether the same host is reached by both versions of IP.
    pub(super) is_dual_stack: bool,
}

/// What a body is written as, and how it says what is asked.
#[derive(Debug)]
pub(super) enum Protocol {
    /// JSON of this version, and a header that names the operation behind this prefix.
    Json(&'static str, &'static str),
    /// A form, which names the operation and this version; XML is answered.
    Query(&'static str),
    /// By the path, as each operation has it; JSON is answered.
    RestJson,
    /// The same with XML.
    RestXml,
}

/// Which hosts of `GovCloud` are validated by FIPS 140 though their names don't say so.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum GovCloud {
    /// None: their names say it as elsewhere.
    AsElsewhere,
    /// All: no name says it.
    AllPlain,
    /// Those that are reached by IPv4 alone.
    PlainButDualStack,
    /// The same, and those of both versions are all validated, and say so.
    DualStackIsFips,
}

const fn about(id: &'static str, name: &'static str, protocol: Protocol) -> About {
    About {
        id,
        name,
        protocol,
        in_gov_cloud: GovCloud::AsElsewhere,
        is_dual_stack: false,
    }
}

/// Amazon S3, which has [hosts of its own](crate::s3).
pub(crate) static S3: About = about("S3", "s3", Protocol::RestXml);

/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/>
pub(crate) static SECRETS_MANAGER: About = About {
    is_dual_stack: true,
    ..about(
        "Secrets Manager",
        "secretsmanager",
        Protocol::Json("1.1", "secretsmanager"),
    )
};

/// <https://docs.aws.amazon.com/lambda/latest/api/>
pub(crate) static LAMBDA: About = about("Lambda", "lambda", Protocol::RestJson);

/// <https://docs.aws.amazon.com/eventbridge/latest/APIReference/>
pub(crate) static EVENT_BRIDGE: About = About {
    in_gov_cloud: GovCloud::AllPlain,
    ..about("EventBridge", "events", Protocol::Json("1.1", "AWSEvents"))
};

/// <https://docs.aws.amazon.com/firehose/latest/APIReference/>
pub(crate) static FIREHOSE: About = about(
    "Firehose",
    "firehose",
    Protocol::Json("1.1", "Firehose_20150804"),
);

/// <https://docs.aws.amazon.com/kinesis/latest/APIReference/>
pub(crate) static KINESIS: About = About {
    in_gov_cloud: GovCloud::PlainButDualStack,
    ..about(
        "Kinesis",
        "kinesis",
        Protocol::Json("1.1", "Kinesis_20131202"),
    )
};

/// <https://docs.aws.amazon.com/step-functions/latest/apireference/>
pub(crate) static STEP_FUNCTIONS: About = About {
    in_gov_cloud: GovCloud::DualStackIsFips,
    ..about("SFN", "states", Protocol::Json("1.0", "AWSStepFunctions"))
};

/// <https://docs.aws.amazon.com/sns/latest/api/>
pub(crate) static SNS: About = About {
    in_gov_cloud: GovCloud::PlainButDualStack,
    ..about("SNS", "sns", Protocol::Query("2010-03-31"))
};

/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/>
pub(crate) static CLOUD_WATCH: About = About {
    in_gov_cloud: GovCloud::AllPlain,
    ..about("CloudWatch", "monitoring", Protocol::Query("2010-08-01"))
};

/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/>
pub(crate) static CLOUD_WATCH_LOGS: About = About {
    in_gov_cloud: GovCloud::PlainButDualStack,
    ..about(
        "CloudWatch Logs",
        "logs",
        Protocol::Json("1.1", "Logs_20140328"),
    )
};

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/>
pub(crate) static CLOUD_FORMATION: About = About {
    in_gov_cloud: GovCloud::PlainButDualStack,
    ..about(
        "CloudFormation",
        "cloudformation",
        Protocol::Query("2010-05-15"),
    )
};
