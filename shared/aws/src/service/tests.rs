use aws_smithy_types::error::metadata::ProvideErrorMetadata as _;
use aws_types::region::Region;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::json;

use super::*;
use crate::{
    clients::answered_by,
    destinations::testing::Aws,
    lambda::{Invocation, Lambda},
    service::testing::{authorization, path_and_query},
};

/// Where a service is called: the region, whether by FIPS and whether by both versions of IP.
type Called = (&'static str, bool, bool);

async fn place(about: &'static About, (region, fips, both): Called) -> String {
    let aws = Aws::answering(200, "{}");
    let config = answered_by(aws.clone()).into_builder();
    let config = config.region(Region::new(region));
    let config = config.use_fips(fips).use_dual_stack(both).build();
    let service = Service::new(about, &config);
    let asked = Asked::without_body("GET", "/");
    let answer = service.call("Any", asked, |_| Ok(())).await;
    answer.unwrap();
    aws.asked().remove(0).uri
}

const PLAIN: Called = ("eu-west-1", false, false);
const FIPS: Called = ("us-east-1", true, false);
const DUAL: Called = ("us-east-1", false, true);
const BOTH: Called = ("us-east-1", true, true);
const CHINA: Called = ("cn-north-1", false, false);
const CHINA_DUAL: Called = ("cn-north-1", false, true);
const GOV: Called = ("us-gov-west-1", false, false);
const GOV_FIPS: Called = ("us-gov-west-1", true, false);
const GOV_DUAL: Called = ("us-gov-east-1", false, true);
const GOV_BOTH: Called = ("us-gov-east-1", true, true);

/// The rules of AWS's own SDKs: the tests that each client of `aws-sdk-rust` has of its endpoints, `endpoint_tests.rs` of 2026.
#[tokio::test]
async fn a_service_is_called_where_its_region_is() {
    for (about, name) in [
        (&SECRETS_MANAGER, "secretsmanager"),
        (&LAMBDA, "lambda"),
        (&EVENT_BRIDGE, "events"),
        (&FIREHOSE, "firehose"),
        (&KINESIS, "kinesis"),
        (&STEP_FUNCTIONS, "states"),
        (&SNS, "sns"),
        (&CLOUD_WATCH, "monitoring"),
        (&CLOUD_WATCH_LOGS, "logs"),
        (&CLOUD_FORMATION, "cloudformation"),
    ] {
        for (called, expected) in [
            (PLAIN, format!("{name}.eu-west-1.amazonaws.com")),
            (FIPS, format!("{name}-fips.us-east-1.amazonaws.com")),
            (CHINA, format!("{name}.cn-north-1.amazonaws.com.cn")),
            (GOV, format!("{name}.us-gov-west-1.amazonaws.com")),
        ] {
            let expected = format!("https://{expected}/");
            assert_eq!(place(about, called).await, expected, "{called:?}");
        }
    }
    for (about, called, host) in [
        (&LAMBDA, DUAL, "lambda.us-east-1.api.aws"),
        (&LAMBDA, BOTH, "lambda-fips.us-east-1.api.aws"),
        (
            &LAMBDA,
            CHINA_DUAL,
            "lambda.cn-north-1.api.amazonwebservices.com.cn",
        ),
        (&LAMBDA, GOV_FIPS, "lambda-fips.us-gov-west-1.amazonaws.com"),
        (&LAMBDA, GOV_BOTH, "lambda-fips.us-gov-east-1.api.aws"),
        (
            &FIREHOSE,
            GOV_FIPS,
            "firehose-fips.us-gov-west-1.amazonaws.com",
        ),
        (
            &SECRETS_MANAGER,
            DUAL,
            "secretsmanager.us-east-1.amazonaws.com",
        ),
        (
            &SECRETS_MANAGER,
            BOTH,
            "secretsmanager-fips.us-east-1.amazonaws.com",
        ),
        (
            &SECRETS_MANAGER,
            GOV_FIPS,
            "secretsmanager-fips.us-gov-west-1.amazonaws.com",
        ),
        (
            &EVENT_BRIDGE,
            GOV_FIPS,
            "events.us-gov-west-1.amazonaws.com",
        ),
        (&EVENT_BRIDGE, GOV_BOTH, "events.us-gov-east-1.api.aws"),
        (
            &CLOUD_WATCH,
            GOV_FIPS,
            "monitoring.us-gov-west-1.amazonaws.com",
        ),
        (&KINESIS, GOV_FIPS, "kinesis.us-gov-west-1.amazonaws.com"),
        (&KINESIS, GOV_BOTH, "kinesis-fips.us-gov-east-1.api.aws"),
        (&SNS, GOV_FIPS, "sns.us-gov-west-1.amazonaws.com"),
        (&SNS, GOV_DUAL, "sns.us-gov-east-1.api.aws"),
        (&SNS, GOV_BOTH, "sns-fips.us-gov-east-1.api.aws"),
        (
            &STEP_FUNCTIONS,
            GOV_FIPS,
            "states.us-gov-west-1.amazonaws.com",
        ),
        (
            &STEP_FUNCTIONS,
            ("us-gov-west-1", false, true),
            "states-fips.us-gov-west-1.api.aws",
        ),
        (
            &CLOUD_WATCH_LOGS,
            GOV_FIPS,
            "logs.us-gov-west-1.amazonaws.com",
        ),
        (
            &CLOUD_FORMATION,
            GOV_FIPS,
            "cloudformation.us-gov-west-1.amazonaws.com",
        ),
    ] {
        let expected = format!("https://{host}/");
        assert_eq!(place(about, called).await, expected, "{called:?}");
    }
}

#[derive(Debug, Deserialize, PartialEq)]
struct Named {
    name: String,
}

#[tokio::test]
async fn a_request_is_signed_for_its_service_and_its_path_encoded_twice() {
    let aws = Aws::answering(200, "{}");
    let lambda = Lambda::new(&answered_by(aws.clone()));
    let name = "arn:aws:lambda:us-east-1:1:function:a";
    let invoked = lambda.invoke(name, Invocation::Event, "{}").await;
    invoked.unwrap();
    let sent = aws.asked().remove(0);
    let path = |colon| {
        let name = name.replace(':', colon);
        format!("/2015-03-31/functions/{name}/invocations")
    };
    assert_eq!(path_and_query(&sent), (path("%3A").as_str(), ""));
    let expected = authorization(&sent, "lambda", &path("%253A"));
    assert_eq!(sent.headers["authorization"], expected);

    let aws = Aws::answering(200, ATTRIBUTES);
    let topics = Service::new(&SNS, &answered_by(aws.clone()));
    let form = [("TopicArn", "a b")];
    topics.query("GetTopicAttributes", &form).await.unwrap();
    let sent = aws.asked().remove(0);
    let expected = authorization(&sent, "sns", "/");
    assert_eq!(sent.headers["authorization"], expected);
}

/// The request of <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html>.
#[tokio::test]
async fn json_is_asked_under_the_operations_name() {
    let aws = Aws::answering(200, r#"{"name": "a", "more": 1}"#);
    let service = Service::new(&KINESIS, &answered_by(aws.clone()));
    let answer: Result<Named, _> = service.json("PutRecord", &json!({"Data": "e"})).await;
    assert_eq!(answer.unwrap(), Named { name: "a".into() });
    let asked = aws.asked().remove(0);
    assert_eq!(
        (asked.method.as_str(), asked.body.as_str()),
        ("POST", r#"{"Data":"e"}"#)
    );
    let says = |name: &str| asked.headers[name].as_str();
    assert_eq!(says("content-type"), "application/x-amz-json-1.1");
    assert_eq!(says("x-amz-target"), "Kinesis_20131202.PutRecord");
    assert_eq!(says("content-length"), "12");
    let signed = says("authorization");
    assert!(
        signed.contains("/us-east-1/kinesis/aws4_request"),
        "{signed}"
    );
    assert!(signed.contains("x-amz-target"), "{signed}");
}

/// <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization> has these ways of naming one.
#[tokio::test]
async fn an_error_is_known_wherever_its_code_stands() {
    for (header, body, message) in [
        (
            None,
            r#"{"__type": "FooError", "message": "why"}"#,
            Some("why"),
        ),
        (
            None,
            r#"{"__type": "aws.protocoltests#FooError", "Message": "why"}"#,
            Some("why"),
        ),
        (
            None,
            r#"{"code": "FooError:http://internal.amazon.com/coral/com.amazon.coral.validate/"}"#,
            None,
        ),
        (
            None,
            r#"{"__type": "FooError", "code": 3, "message": "why", "Message": "Why"}"#,
            Some("why"),
        ),
        (Some("FooError"), "{}", None),
        (Some("FooError:http://internal.amazon.com/coral/"), "", None),
        (
            Some("aws.protocoltests#FooError:http://internal.amazon.com/"),
            "no JSON",
            None,
        ),
    ] {
        let aws = Aws::default();
        let headers: Vec<_> = header
            .iter()
            .map(|text| ("x-amzn-errortype", *text))
            .collect();
        aws.answers_with(400, &headers, body);
        let service = Service::new(&LAMBDA, &answered_by(aws));
        let asked = Asked::without_body("GET", "/");
        let failure = service.call("Any", asked, |_| Ok(())).await.unwrap_err();
        assert_eq!(
            (failure.code(), failure.message()),
            (Some("FooError"), message),
            "{body}"
        );
    }
    let aws = Aws::answering(502, "<html>");
    let service = Service::new(&KINESIS, &answered_by(aws));
    let failed: Result<IgnoredAny, _> = service.json("Any", &json!({})).await;
    assert_eq!(failed.unwrap_err().code(), None);
}

/// The example of <https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html>, shortened.
const ATTRIBUTES: &str = r#"<GetTopicAttributesResponse xmlns="https://sns.amazonaws.com/doc/2010-03-31/">
  <GetTopicAttributesResult>
    <Attributes>
      <entry><key>Owner</key><value>123456789012</value></entry>
      <entry><key>Policy</key><value>{&quot;Version&quot;:&quot;2008-10-17&quot;}</value></entry>
    </Attributes>
  </GetTopicAttributesResult>
  <ResponseMetadata><RequestId>057f074c-33a7-11df-9540-99d0768312d3</RequestId></ResponseMetadata>
</GetTopicAttributesResponse>"#;

#[tokio::test]
async fn a_form_is_asked_and_the_result_is_read() {
    let aws = Aws::answering(200, ATTRIBUTES);
    let service = Service::new(&SNS, &answered_by(aws.clone()));
    let form = [("TopicArn", "a:b & c=é")];
    let result = service.query("GetTopicAttributes", &form).await.unwrap();
    let told: Vec<_> = (result.entries("Attributes").iter())
        .map(|entry| (entry.text_of("key"), entry.text_of("value")))
        .collect();
    let policy = r#"{"Version":"2008-10-17"}"#;
    let expected = [
        (Some("Owner"), Some("123456789012")),
        (Some("Policy"), Some(policy)),
    ];
    assert_eq!(told, expected);
    let asked = aws.asked().remove(0);
    let body = "Action=GetTopicAttributes&Version=2010-03-31&TopicArn=a%3Ab%20%26%20c%3D%C3%A9";
    assert_eq!(asked.body, body);
    let content_type = &asked.headers["content-type"];
    assert_eq!(content_type, "application/x-www-form-urlencoded");
}

/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html> has the shape.
#[tokio::test]
async fn a_forms_error_has_its_code() {
    let error = "<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id a does not exist</Message></Error><RequestId>1</RequestId></ErrorResponse>";
    let aws = Aws::answering(400, error);
    let service = Service::new(&CLOUD_FORMATION, &answered_by(aws));
    let form = [("StackName", "a")];
    let failure = service.query("DescribeStacks", &form).await.unwrap_err();
    let said = (failure.code(), failure.message());
    assert_eq!(
        said,
        (
            Some("ValidationError"),
            Some("Stack with id a does not exist")
        )
    );
}

#[tokio::test]
async fn an_answer_that_is_not_the_documented_one_is_not_quoted() {
    let aws = Aws::answering(200, r#"{"name": {"hush": 1}}"#);
    let service = Service::new(&SECRETS_MANAGER, &answered_by(aws));
    let read: Result<Named, _> = service.json("Any", &json!({})).await;
    let failure = read.unwrap_err();
    assert!(matches!(failure, SdkError::ResponseError(_)), "{failure:?}");
    let told = crate::fault::of("reading", &failure).to_string();
    assert!(
        told.contains("documented") && !told.contains("hush"),
        "{told}"
    );
}

#[test]
fn what_is_on_its_way_shows_nothing_of_itself() {
    let asked = Asked {
        headers: vec![("x-amz-meta-id".into(), "hush".into())],
        ..Asked::posted("text/plain", "hush")
    };
    assert_eq!(format!("{asked:?}"), "POST of 4 bytes");
    assert_eq!(format!("{:?}", Unshown("hush")), "an answer");
}
