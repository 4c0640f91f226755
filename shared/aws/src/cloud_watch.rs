//! Amazon CloudWatch, as far as anything here uses it: a metric is read, and alarms are listed.

use aws_smithy_types::{DateTime, date_time::Format};
use aws_types::SdkConfig;
use protocol::time::UnixMillis;

use crate::service::{self, Failure, Service, query::Element};

/// The metrics and alarms of an account and region. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct CloudWatch(Service);

/// What is asked of a metric.
pub(crate) struct Series<'a> {
    pub(crate) namespace: &'a str,
    pub(crate) metric: &'a str,
    /// The one dimension that it has: name and value.
    pub(crate) dimension: (&'a str, &'a str),
    /// Such as `Sum` or `Maximum`.
    pub(crate) stat: &'a str,
    /// The length of the parts that the time is taken apart into, in seconds.
    pub(crate) period: u32,
    pub(crate) since: UnixMillis,
    pub(crate) until: UnixMillis,
}

/// A page of alarms.
#[cfg(feature = "operator")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Alarms {
    pub(crate) alarms: Vec<Element>,
    /// From where the next page goes on, if there is one.
    pub(crate) next: Option<String>,
}

impl CloudWatch {
    pub(crate) fn new(config: &SdkConfig) -> Self {
        Self(Service::new(&service::CLOUD_WATCH, config))
    }

    /// The values of a metric with the beginnings of their parts, the newest first:
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html>.
    pub(crate) async fn values(
        &self,
        series: &Series<'_>,
    ) -> Result<Vec<(UnixMillis, f64)>, Failure> {
        let time = |at: UnixMillis| DateTime::from_millis(at.0).fmt(Format::DateTime);
        let times = (time(series.since)).and_then(|since| Ok((since, time(series.until)?)));
        let (since, until) = times.map_err(Failure::construction_failure)?;
        let period = series.period.to_string();
        let (dimension, value) = series.dimension;
        let form = [
            ("StartTime", since.as_str()),
            ("EndTime", until.as_str()),
            ("ScanBy", "TimestampDescending"),
            ("MetricDataQueries.member.1.Id", "asked"),
            ("MetricDataQueries.member.1.MetricStat.Stat", series.stat),
            (
                "MetricDataQueries.member.1.MetricStat.Period",
                period.as_str(),
            ),
            (
                "MetricDataQueries.member.1.MetricStat.Metric.Namespace",
                series.namespace,
            ),
            (
                "MetricDataQueries.member.1.MetricStat.Metric.MetricName",
                series.metric,
            ),
            (
                "MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Name",
                dimension,
            ),
            (
                "MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Value",
                value,
            ),
        ];
        let read = self.0.query("GetMetricData", &form).await?;
        Ok((read.entries("MetricDataResults").iter())
            .flat_map(values)
            .collect())
    }

    /// Alarms whose names begin so:
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html>.
    #[cfg(feature = "operator")]
    pub(crate) async fn alarms(&self, prefix: &str, from: Option<&str>) -> Result<Alarms, Failure> {
        let mut form = vec![("AlarmNamePrefix", prefix)];
        form.extend(from.map(|from| ("NextToken", from)));
        let read = self.0.query("DescribeAlarms", &form).await?;
        let next = read.text_of("NextToken").filter(|next| !next.is_empty());
        Ok(Alarms {
            alarms: read.entries("MetricAlarms").to_vec(),
            next: next.map(str::to_owned),
        })
    }
}

/// Those of one result. What can't be read says nothing.
fn values(result: &Element) -> impl Iterator<Item = (UnixMillis, f64)> {
    let times = result
        .entries("Timestamps")
        .iter()
        .zip(result.entries("Values"));
    times.filter_map(|(at, value)| {
        let at = DateTime::from_str(at.text(), Format::DateTimeWithOffset).ok()?;
        Some((UnixMillis(at.to_millis().ok()?), value.text().parse().ok()?))
    })
}

#[cfg(all(test, feature = "destinations"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{clients::answered_by, destinations::testing::Aws};

    /// As <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataResult.html> has it.
    const VALUES: &str = r#"<GetMetricDataResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><GetMetricDataResult>
<MetricDataResults>
  <member>
    <Id>asked</Id><Label>a</Label><StatusCode>Complete</StatusCode>
    <Timestamps><member>2027-01-15T08:00:00Z</member><member>2027-01-15T07:59:00Z</member></Timestamps>
    <Values><member>1000.0</member><member>1.5</member></Values>
  </member>
</MetricDataResults>
</GetMetricDataResult></GetMetricDataResponse>"#;

    #[tokio::test]
    async fn a_metric_is_asked_for_by_one_query_and_read_with_its_times() {
        let aws = Aws::answering(200, VALUES);
        let series = Series {
            namespace: "AWS/SQS",
            metric: "Age",
            dimension: ("QueueName", "tickets"),
            stat: "Maximum",
            period: 60,
            since: UnixMillis(1_799_999_700_000),
            until: UnixMillis(1_800_000_000_000),
        };
        let metrics = CloudWatch::new(&answered_by(aws.clone()));
        let read = metrics.values(&series).await.unwrap();
        let expected = [
            (UnixMillis(1_800_000_000_000), 1_000.0),
            (UnixMillis(1_799_999_940_000), 1.5),
        ];
        assert_eq!(read, expected);
        let asked = aws.asked().remove(0).body;
        let query = "MetricDataQueries.member.1";
        let stat = format!("{query}.MetricStat");
        let expected = [
            "Action=GetMetricData",
            "Version=2010-08-01",
            "StartTime=2027-01-15T07%3A55%3A00Z",
            "EndTime=2027-01-15T08%3A00%3A00Z",
            "ScanBy=TimestampDescending",
            &format!("{query}.Id=asked"),
            &format!("{stat}.Stat=Maximum"),
            &format!("{stat}.Period=60"),
            &format!("{stat}.Metric.Namespace=AWS%2FSQS"),
            &format!("{stat}.Metric.MetricName=Age"),
            &format!("{stat}.Metric.Dimensions.member.1.Name=QueueName"),
            &format!("{stat}.Metric.Dimensions.member.1.Value=tickets"),
        ];
        assert_eq!(asked.split('&').collect::<Vec<_>>(), expected);
    }

    /// As <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html> has it.
    #[cfg(feature = "operator")]
    #[tokio::test]
    async fn alarms_come_in_pages() {
        let page = |name: &str, next: &str| {
            format!(
                "<DescribeAlarmsResponse><DescribeAlarmsResult><MetricAlarms><member><AlarmName>{name}</AlarmName></member></MetricAlarms>{next}</DescribeAlarmsResult></DescribeAlarmsResponse>"
            )
        };
        let aws = Aws::answering(200, &page("a-1", "<NextToken>t/1</NextToken>"));
        aws.answers(200, &page("a-2", ""));
        let metrics = CloudWatch::new(&answered_by(aws.clone()));
        let name = |page: &Alarms| page.alarms[0].text_of("AlarmName").unwrap().to_owned();
        let first = metrics.alarms("a-", None).await.unwrap();
        assert_eq!(
            (name(&first), first.next.as_deref()),
            ("a-1".into(), Some("t/1"))
        );
        let second = metrics.alarms("a-", first.next.as_deref()).await.unwrap();
        assert_eq!((name(&second), second.next), ("a-2".into(), None));
        let bodies: Vec<_> = aws.asked().into_iter().map(|asked| asked.body).collect();
        let asked = "Action=DescribeAlarms&Version=2010-08-01&AlarmNamePrefix=a-";
        assert_eq!(
            bodies,
            [asked.to_owned(), format!("{asked}&NextToken=t%2F1")]
        );
    }
}
