use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::retry::RetryConfig;
use aws_types::{
    region::Region,
    service_config::{LoadServiceConfig, ServiceConfigKey},
};

use super::*;
use crate::{
    clients::{answered_by, stand_in},
    destinations::testing::Aws,
    service::testing::{authorization, digest_of, path_and_query},
};

const BUCKET: &str = "bodies";

fn at(aws: &Aws) -> S3 {
    S3::new(&answered_by(aws.clone()))
}

fn in_region(aws: &Aws, region: &'static str) -> S3 {
    let config = answered_by(aws.clone()).into_builder();
    S3::new(&config.region(Region::new(region)).build())
}

#[tokio::test]
async fn what_is_put_is_named_by_its_digest() {
    let aws = Aws::answering(200, "");
    let object = Object::new("{}".into())
        .content_type("application/json")
        .metadata("landfall-route", "paid".into());
    at(&aws).put(BUCKET, "a/1", object).await.unwrap();
    let sent = aws.asked().remove(0);
    assert_eq!(sent.method, "PUT");
    assert_eq!(sent.uri, "https://bodies.s3.us-east-1.amazonaws.com/a/1");
    assert_eq!(sent.body, "{}");
    let says = |name: &str| sent.headers[name].as_str();
    assert_eq!(says("x-amz-content-sha256"), digest_of(b"{}"));
    assert_eq!(
        says("x-amz-checksum-sha256"),
        STANDARD.encode(Sha256::digest(b"{}"))
    );
    assert_eq!(says("content-length"), "2");
    assert_eq!(says("content-type"), "application/json");
    assert_eq!(says("x-amz-meta-landfall-route"), "paid");
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html>, step by step.
#[tokio::test]
async fn a_request_is_signed_as_s3_wants_it() {
    for key in ["a/1", "é 1+2=3//../x~", "a%20b"] {
        let aws = Aws::answering(200, "");
        let object = Object::new("body".into()).metadata("x", "1".into());
        at(&aws).put(BUCKET, key, object).await.unwrap();
        let sent = aws.asked().remove(0);
        let (path, _) = path_and_query(&sent);
        let expected = authorization(&sent, "s3", path);
        assert_eq!(sent.headers["authorization"], expected, "{key}");
        assert_eq!(sent.headers["x-amz-content-sha256"], digest_of(b"body"));
    }
    let aws = Aws::answering(200, "<ListBucketResult/>");
    let s3 = at(&aws);
    s3.list(BUCKET, "a b/", Some("x+/=")).await.unwrap();
    let sent = aws.asked().remove(0);
    let expected = authorization(&sent, "s3", "/");
    assert_eq!(sent.headers["authorization"], expected);
}

/// <https://docs.aws.amazon.com/general/latest/gr/s3.html>, and
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html> for a name with dots.
#[tokio::test]
async fn a_bucket_is_called_where_its_region_is() {
    for (region, bucket, url) in [
        ("eu-west-1", "b", "https://b.s3.eu-west-1.amazonaws.com/k"),
        (
            "cn-north-1",
            "b",
            "https://b.s3.cn-north-1.amazonaws.com.cn/k",
        ),
        (
            "us-gov-west-1",
            "b",
            "https://b.s3.us-gov-west-1.amazonaws.com/k",
        ),
        (
            "eu-west-1",
            "b.c",
            "https://s3.eu-west-1.amazonaws.com/b.c/k",
        ),
    ] {
        let aws = Aws::answering(200, "");
        in_region(&aws, region).get(bucket, "k").await.unwrap();
        assert_eq!(aws.asked().remove(0).uri, url);
    }
    for (fips, both, url) in [
        (true, false, "https://b.s3-fips.us-east-1.amazonaws.com/k"),
        (
            false,
            true,
            "https://b.s3.dualstack.us-east-1.amazonaws.com/k",
        ),
        (
            true,
            true,
            "https://b.s3-fips.dualstack.us-east-1.amazonaws.com/k",
        ),
    ] {
        let aws = Aws::answering(200, "");
        let config = answered_by(aws.clone()).into_builder();
        let config = config.use_fips(fips).use_dual_stack(both).build();
        S3::new(&config).get("b", "k").await.unwrap();
        assert_eq!(aws.asked().remove(0).uri, url);
    }
}

#[tokio::test]
async fn where_an_endpoint_is_named_the_bucket_is_in_the_path() {
    let aws = Aws::answering(200, "");
    let config = answered_by(aws.clone()).into_builder();
    let config = config.endpoint_url("http://127.0.0.1:4566/").build();
    S3::new(&config).delete(BUCKET, "k").await.unwrap();
    let sent = aws.asked().remove(0);
    assert_eq!(
        (sent.method.as_str(), sent.uri.as_str()),
        ("DELETE", "http://127.0.0.1:4566/bodies/k")
    );
}

/// As `AWS_ENDPOINT_URL_S3` does: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>.
#[derive(Debug)]
struct ForS3;

impl LoadServiceConfig for ForS3 {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let is_s3 = (key.service_id(), key.env()) == ("S3", "AWS_ENDPOINT_URL");
        is_s3.then(|| "https://s3.example".to_owned())
    }
}

#[tokio::test]
async fn an_endpoint_of_its_own_goes_before_that_of_all_services() {
    let aws = Aws::answering(200, "");
    let config = answered_by(aws.clone()).into_builder();
    let config = config.endpoint_url("https://all.example");
    let s3 = S3::new(&config.service_config(ForS3).build());
    s3.delete(BUCKET, "k").await.unwrap();
    assert_eq!(aws.asked().remove(0).uri, "https://s3.example/bodies/k");
}

#[tokio::test]
async fn what_is_read_is_what_was_stored() {
    let aws = Aws::default();
    let checksum = STANDARD.encode(Sha256::digest(b"body"));
    aws.answers_with(200, &[("x-amz-checksum-sha256", &checksum)], "body");
    aws.answers_with(200, &[], "body");
    aws.answers_with(200, &[("x-amz-checksum-sha256", &checksum)], "other");
    let s3 = at(&aws);
    assert_eq!(s3.get(BUCKET, "k").await.unwrap(), "body");
    // Of an object that somebody else has put there no digest may be known.
    assert_eq!(s3.get(BUCKET, "k").await.unwrap(), "body");
    let fault = s3.get(BUCKET, "k").await.unwrap_err();
    assert!(matches!(fault, SdkError::ResponseError(_)), "{fault:?}");
    let sent = aws.asked().remove(0);
    assert_eq!(sent.headers["x-amz-checksum-mode"], "ENABLED");
    assert_eq!(sent.headers["x-amz-content-sha256"], digest_of(b""));
}

/// The answer is the one of <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>.
#[tokio::test]
async fn a_page_says_where_the_next_begins() {
    let aws = Aws::answering(
        200,
        r#"<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <Name>bucket</Name>
  <Prefix></Prefix>
  <NextContinuationToken>1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=</NextContinuationToken>
  <KeyCount>2</KeyCount>
  <MaxKeys>1000</MaxKeys>
  <IsTruncated>true</IsTruncated>
  <Contents>
    <Key>happyface.jpg</Key>
    <LastModified>2014-11-21T19:40:05.000Z</LastModified>
    <ETag>"70ee1738b6b21e2c8a43f3a5ab0eee71"</ETag>
    <Size>11</Size>
    <StorageClass>STANDARD</StorageClass>
  </Contents>
  <Contents><Key>a&amp;b</Key><Size>5368709120</Size></Contents>
</ListBucketResult>"#,
    );
    aws.answers(
        200,
        "<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>",
    );
    let s3 = at(&aws);
    let page = s3.list(BUCKET, "quarantine/a/", None).await.unwrap();
    let listed: Vec<_> = (page.objects.iter())
        .map(|object| (object.key.as_str(), object.size))
        .collect();
    assert_eq!(listed, [("happyface.jpg", 11), ("a&b", 5_368_709_120)]);
    let next = page.next.as_deref();
    assert_eq!(next, Some("1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM="));
    let last = s3.list(BUCKET, "quarantine/a/", next).await.unwrap();
    assert_eq!(last, Page::default());
    let uris: Vec<_> = aws.asked().into_iter().map(|sent| sent.uri).collect();
    let first = "https://bodies.s3.us-east-1.amazonaws.com/?list-type=2&prefix=quarantine%2Fa%2F";
    let token = next.unwrap().replace('/', "%2F").replace('=', "%3D");
    assert_eq!(
        uris,
        [
            first.to_owned(),
            format!("{first}&continuation-token={token}")
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_asked_for_again_and_nothing_else() {
    // <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
    for (status, code, again) in [
        (503, "SlowDown", true),
        (500, "InternalError", true),
        (400, "RequestTimeout", true),
        (502, "", true),
        (404, "NoSuchKey", false),
        (403, "AccessDenied", false),
    ] {
        let aws = Aws::default();
        let error = format!("<Error><Code>{code}</Code><Message>why</Message></Error>");
        aws.answers(status, if code.is_empty() { "" } else { &error });
        aws.answers(200, "body");
        let config = answered_by(aws.clone()).into_builder();
        let config = config.retry_config(RetryConfig::standard().with_max_attempts(2));
        let read = S3::new(&config.build()).get(BUCKET, "k").await;
        assert_eq!(aws.asked().len(), if again { 2 } else { 1 }, "{code}");
        match read {
            Ok(body) => assert!(again && body == "body", "{code}"),
            Err(fault) => {
                assert!(!again, "{code}");
                let said = fault.as_service_error().unwrap();
                assert_eq!((said.code(), said.message()), (Some(code), Some("why")));
            }
        }
    }
}

#[tokio::test]
async fn a_call_that_finds_nobody_says_so() {
    let port = {
        let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        gone.local_addr().unwrap().port()
    };
    let s3 = S3::new(&stand_in(&format!("http://127.0.0.1:{port}")));
    let fault = s3.get(BUCKET, "k").await.unwrap_err();
    assert!(matches!(fault, SdkError::DispatchFailure(_)), "{fault:?}");
}
