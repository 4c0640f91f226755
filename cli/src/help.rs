//! The help that teaches each command, by examples.

pub(crate) const EXAMPLES: &str = "\
Examples:
  landfall providers                       what Landfall knows, and how each provider signs
  landfall send --source financbase        send a signed sample to the stack that `make up` started
  landfall events list --since 1h          what came in
  landfall verify --provider stripe …      is this delivery authentic?
  landfall explain --provider stripe …     if not: why?

Exit status 0: done. 1: not done, or there is no such thing, or AWS failed. 2: the arguments can't be used; nothing was done.

`landfall COMMAND --help` says more about each.";

pub(crate) const CONSOLE: &str = "\
Open a page on this machine that shows and does what these commands do, with your own credentials.

It is served on 127.0.0.1 only, to the browser that opens the URL that is printed: the URL has a token that is made anew at \
each start. Each page runs commands of this program and shows them, so that what is done there can be done, or put into a \
script, here. It needs the permissions of those commands. Ctrl-C stops it.";

pub(crate) const CONSOLE_EXAMPLES: &str = "\
Examples:
  landfall console
  landfall console --port 8790
  landfall console --stack landfall-live --region eu-west-1 --profile work";

pub(crate) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  landfall completions bash > ~/.local/share/bash-completion/completions/landfall
  landfall completions zsh > ~/.zfunc/_landfall
  landfall completions fish > ~/.config/fish/completions/landfall.fish";

pub(crate) const MAN_EXAMPLES: &str = "\
Examples:
  landfall man | man -l -
  landfall man --into ~/.local/share/man/man1";

pub(crate) const VERIFY: &str = "\
Tell whether a delivery is authentic, exactly as the deployed stack would, without network and AWS.

Prints one JSON object. Exit status 0:
  {\"verdict\":\"authentic\",\"event_id\":…,\"event_type\":…,\"key\":…,
   \"id_signed\":…,\"type_signed\":…,\"body_signed\":…,\"headers_signed\":{NAME:…}}
where key is what tells the event from others (of a delivery that is an event of its own: made up each time),
and \"unchecked\" with the names of settings that the source will have and that were not given;
Exit status 1:
  {\"verdict\":\"refused\",\"reason\":\"missing|malformed|stale|forged\",\"detail\":…}
Exit status 2: the arguments can't be used; standard error says why.

This interface is stable.";

pub(crate) const VERIFY_EXAMPLES: &str = "\
Examples:
  landfall verify --provider github --secret-file secret.txt \\
      --header 'X-Hub-Signature-256: sha256=…' --body-file body.json

  landfall verify --provider slack --secret 8f742231b10e8888abcd99yyyzzz85a5 --now 1531420618 \\
      --header 'X-Slack-Request-Timestamp: 1531420618' \\
      --header 'X-Slack-Signature: v0=…' --body-file - < body

  landfall verify --source acme --config infra/landfall.toml --secret-file secret.txt \\
      --request request.http";

pub(crate) const CHECK: &str = "\
Check a configuration as the build and the functions' start do, without network and AWS: every fault at once, each on a \
line of its own with its place, and what to write instead.

With --config-env, also the template's parameters as that section of samconfig.toml gives them, before anything is deployed: \
names and bounds, what they must say together, and together with the file: permissions for destinations, how long bodies are \
kept, when the sweeper looks for the last time.

With --stack, a sound file is also held against the one that the stack runs with: its sweeper, which runs each minute, \
notes the digest of its configuration when it starts. A destination that is that stack's own API is a fault, and so are \
parameters of the stack that don't go with the file.

Exit status 0: sound; standard output says how many sources there are in which environment. 1: standard error names every \
fault, each with its mend; or the stack runs with another file. 2: the arguments can't be used, or there is no such file.

With --json, `faults` lists them with `line` (or `parameter`), `fault` and `mend`, `sources` has the numbers, `digest` names the file, and \
`running` what the stack runs with.";

pub(crate) const CHECK_EXAMPLES: &str = "\
Examples:
  landfall check                            the project's infra/landfall.toml
  landfall check infra/landfall.toml --environment live
  landfall check --config-env live          may `sam deploy --config-env live` be run?
  landfall check --stack landfall-live      does it run with this file?
  generate-configuration | landfall check -";

pub(crate) const PACKAGE: &str = "\
Put a configuration into packages of the three functions that were built elsewhere, after the check of `landfall check`: \
no compiler, no network, no AWS. A configuration that is in a package already is replaced; all else in it stays. The same \
package and the same file always give the same bytes. It says for which Architecture, the template's parameter, a package is.

Exit status 0: done. 1: the configuration has faults, which standard error names, or a package can't be written. 2: one of \
the files is no package, or they are built for several processors. Then none was touched.";

pub(crate) const PACKAGE_EXAMPLES: &str = "\
Example:
  landfall package --config landfall.toml --into ingest.zip consumer.zip sweeper.zip
  aws lambda update-function-code --function-name CONSUMER --zip-file fileb://consumer.zip
  aws lambda update-function-code --function-name INGEST --zip-file fileb://ingest.zip --publish
  aws lambda update-alias --function-name INGEST --name live --function-version VERSION";

pub(crate) const PROTECT: &str = "\
Keep a stack from being taken down by mistake: it can't be deleted, its two tables can't be, and no update of it replaces or takes \
away what holds events, bodies, tickets and secrets (infra/stack-policy.json). What is so already stays so; do it once, after the \
first deployment.

It is not in the template, since no template can say the first and the last, and since tables that can't be deleted would stand in \
the way of a first deployment that fails.

It needs cloudformation:DescribeStacks, SetStackPolicy and UpdateTerminationProtection, dynamodb:DescribeTable and UpdateTable.

Exit status 0: done. 1: something of it failed; run it again.";

pub(crate) const PROTECT_EXAMPLES: &str = "\
Examples:
  landfall --stack landfall-live protect
  landfall --stack landfall-live protect --off    before it is taken down";

pub(crate) const COST: &str = "\
Tell what a stack with the template's defaults costs on AWS, line by line, without network and AWS: from list prices of one \
region on one day, and from sizes and times that were measured, or are said not to be. With --json each line has its \
quantity, its price and the page that says so, and `measured` has each size and time with where it is from.

Nothing of an account's own is in it; what is left out is listed below the table.";

pub(crate) const COST_EXAMPLES: &str = "\
Examples:
  landfall cost --events-per-month 1000000
  landfall cost --events-per-month 20000000 --body 6000 --sources 40
  landfall cost --events-per-month 0 --sources 100      what a stack costs that nothing comes to";

pub(crate) const EXPLAIN: &str = "\
Find out why a delivery is refused. Takes what `landfall verify` takes.

What may have happened is tried in turn, each guess with the judgement of the deployed stack: a clock that is off, another \
URL, a body or a form that was written again, a line end lost or added, a wrong character set, a raw delivery, the secret \
in another form, an older version or another product's signature, another provider's, and the usual ways to compose, hash \
and encode. The first that holds is named in a sentence, with what to do about it. A weaker check is never that; lines for \
infra/landfall.toml are printed only where nobody documents how the provider signs.

With --json, `explanation` has `kind`, `sentence` and `mend`; `matches` what was found in full; `hints` what else to look at.

Exit status 0: authentic as it is; 1: refused, explained or not; 2: the arguments can't be used.";

pub(crate) const EXPLAIN_EXAMPLES: &str = "\
Example, with a delivery that was captured at the provider or in a log of one's own:
  landfall explain --provider formify --secret-file secret.txt \\
      --header 'X-Formify-Signature: …' --header 'X-Formify-Timestamp: …' --body-file body.json

The same as it came over the wire: request line, headers, a blank line and the body:
  landfall explain --provider formify --secret-file secret.txt --request request.http";

pub(crate) const SIGN: &str = "\
Sign a delivery as the provider would, and print it as JSON, without network and AWS.

Takes what `landfall verify` takes. Of several secrets the first signs; for schemes with public keys it is the private \
key (PEM, or whsk_…). What else the scheme signs, such as a header with the event's id, must be among the headers. \
Prints one JSON object:
  {\"method\":…,\"url\":…,\"headers\":[[name,value],…],\"body\":text or null,\"body_base64\":…}
Exit status 2: the arguments can't be used; standard error says why.";

pub(crate) const SIGN_EXAMPLES: &str = "\
Example:
  echo -n '{\"id\":\"evt_1\"}' | landfall sign --provider stripe --secret whsec_x --body-file -";

pub(crate) const SHOW_EXAMPLES: &str = "\
EVENT_ID is the id as the provider gives it, and as `landfall send` and `landfall events list` print it. Where an id is \
not covered by the signature (GitHub, Shopify) the ledger keeps it with a digest of the body behind it; that form, the \
`key`, is taken too.

The payload stands at the end, with a line for each value; numbers and texts are as they came. --raw prints its bytes \
and nothing else, whatever a terminal may make of them.

With --json, received_at is in milliseconds since 1970 and expires_at in seconds. The state is unclaimed, waiting, \
processing, succeeded, failed, or unrouted: it went no route. `legs` has a word for each route that it went, `not_matched` why it didn't go \
another: by which field, and never what that says. This is judged by the configuration at hand; where the stack runs with \
another one, standard error says so. Exit status 1: there is no such event.";

pub(crate) const LIST: &str = "\
List events, the newest first: those for which all that is asked for is so.

What failed, or is late, has an index of its own: --state failed and --state late cost what failed and what waits, not what \
was received, and look through all there is. Everything else looks through what was received, of all sources, 10,000 \
entries at a time: at a terminal it asks before it goes on, elsewhere it ends. Where a listing ends before all was looked \
at it says so, how far it came, and with which --cursor another one goes on.

With --route, --destination or --error it is one leg of which all of this is so, and that is in the --state.

With --json: `events`, how many entries were `looked_at`, and `cursor`, which is null where there is no more.";

pub(crate) const LIST_EXAMPLES: &str = "\
Examples:
  landfall events list
  landfall events list --source orum --since 2d
  landfall events list --state failed
  landfall events list --state failed --destination billing --error 'answered 410'
  landfall events list --type 'invoice.*' --since 2026-11-20 --until 2026-11-21
  landfall events list --state failed --json | jq -r '.events[] | .source + \" \" + .event_id'";

pub(crate) const SEARCH_EXAMPLES: &str = "\
Examples:
  landfall events search ada@example.com --source stripe --since 7d
  landfall events search '\"amount\":500' --type 'invoice.*' --since 24h

Every payload of that time is read: it says how many, and asks before it goes on.";

pub(crate) const EXPORT_EXAMPLES: &str = "\
Examples:
  landfall events export --since 24h --into events.jsonl
  landfall events export --state failed --no-body | jq -r .event_id

A line has what `events show --json` prints of an event; payloads are under `body`, or in base64 under `body_base64`. At the \
end it says whether these are all.";

pub(crate) const LOGS_EXAMPLES: &str = "\
Examples:
  landfall logs
  landfall logs stripe evt_1                  every delivery, attempt and handler's line of one event
  landfall logs github --follow
  landfall logs --since 24h --json | jq 'select(.outcome == \"refused\")'
  landfall logs --operators --since 30d       who replayed, redrove and discarded what

With --json each line is as the function wrote it. Exit status 1: there is none. Needs logs:FilterLogEvents on the groups \
/aws/lambda/STACK/….";

pub(crate) const STATUS_EXAMPLES: &str = "\
What the month has cost is an estimate: the events that CloudWatch has counted, at the prices of `landfall cost`, and what the \
stack costs by itself.

Needs sqs:GetQueueAttributes, dynamodb:Query and GetItem, logs:FilterLogEvents, cloudwatch:DescribeAlarms and \
cloudwatch:GetMetricData. What CloudWatch may not be asked is said to be unknown.";

pub(crate) const DOCTOR_EXAMPLES: &str = "\
Exit status 0: all is good. 1: something is wrong, or can't be said, for which a permission may be missing. Needs \
sqs:GetQueueAttributes, lambda:GetFunctionConfiguration, lambda:GetEventSourceMapping, lambda:GetAccountSettings, \
cloudwatch:DescribeAlarms, sns:GetTopicAttributes, dynamodb:DescribeTimeToLive, dynamodb:GetItem, \
secretsmanager:GetSecretValue and logs:FilterLogEvents. The time is asked of the stack's own address, by a request that \
ingest refuses and counts.";

pub(crate) const REFUSED: &str = "\
See which deliveries were refused, why and from where. What they said is not among it: nothing of a delivery that isn't \
proven is kept.

It is read from ingest's log lines, which are kept for `LogDays`. Of a flood not each has one: of one reason and source a \
process writes the first hundred lines of a minute and then each hundredth, which stands for the others. Counts are of all \
of them; addresses are those of the lines.";

pub(crate) const REFUSED_EXAMPLES: &str = "\
Examples:
  landfall refused list
  landfall refused list --source stripe --reason forged --since 24h
  landfall refused list --address 203.0.113.7
  landfall refused show 1796029200000-1a2b3c4d          as the list names it: why, and what to try
  landfall refused list --json | jq '.reasons'

With --json, `reasons` counts by reason and source, `refused` has the newest of them, and `is_cut` says whether there was more \
than was read. Exit status 1: there is none. Needs logs:FilterLogEvents on the group /aws/lambda/STACK/ingest.";

pub(crate) const STATS: &str = "\
Count deliveries, refusals and attempts by source, and how long they took.

It is counted from the functions' log lines, on AWS as on this machine: all of that time are read, which takes a second or \
so for each 10,000. What names no source that is configured stands under `-`. An answer's time is ingest's own, without the \
way to it; an age is that of an event when an attempt at it ended.";

pub(crate) const STATS_EXAMPLES: &str = "\
Examples:
  landfall stats --since 15m
  landfall stats stripe --since 24h --json";

pub(crate) const REPLAY: &str = "\
Run events again: by their ids, or all for which all that is asked for is so, however many those are.

What has succeeded is left out, and of an event whose legs fared differently those legs, unless there is --again. With --route \
it is that route's leg only, also where the route was added after the event had come; with --destination it is the legs that \
lead there.

Each gets a ticket, and the consumer does the rest; `landfall events show` says what came of it. Handlers and destinations \
get the same idempotency key as the first time. Of a bundle that is named, items that are missing are recorded and items \
that failed are run again; one that succeeded is replayed by its own id, or with --since, which takes items as the events \
that they are.

Says how many events it is about, shows some, says what is left out and why, and asks, unless there is --yes. The newest come \
first, and it is told how far it came: interrupted, the same command goes on with the --cursor that was told last. Exit \
status 0: they have their tickets. 1: there was none, or you said no; or the queue didn't take all. 2: the arguments can't be used.

Needs sqs:SendMessage on the stack's queue; and logs:CreateLogStream and PutLogEvents on /aws/lambda/STACK/operators, where each \
run is noted (`landfall logs --operators`). Without them it goes on, and says so.";

pub(crate) const REPLAY_EXAMPLES: &str = "\
Examples:
  landfall events replay stripe evt_1 evt_2
  landfall events replay --state failed                    all that failed, whenever that was
  landfall events replay --state failed --destination billing --rate 20
  landfall events replay --route paid-invoices stripe evt_1 --again
  landfall events replay --route archive --since 30d       give a new route the past
  landfall events replay stripe --since 2h --again --yes";

pub(crate) const PROVIDERS_EXAMPLES: &str = "\
Examples:
  landfall providers
  landfall providers orum
  landfall providers --json | jq -r '.[].name'
  landfall providers new acme --title Acme --docs https://acme.example/webhooks --header X-Acme-Signature";

pub(crate) const PROVIDERS_NEW_EXAMPLES: &str = "\
Writes the provider's file, its sample and its vectors, and the lines that name them, into the project's folder: what is \
there already is never written over. docs/provider-facts.md says where each fact is found that is missing then.

Examples:
  landfall providers new acme --title Acme --docs https://acme.example/webhooks \\
    --header X-Acme-Signature --prefix sha256= --event-id '{json:id}' --event-type '{json:type}'
  landfall providers new acme --title Acme --docs https://acme.example/webhooks \\
    --from-capture delivery.http --secret-file secret.txt --now 1767225600";

pub(crate) const SECRETS: &str = "\
Change the secrets of a source, or of a destination that is posted to, in Secrets Manager: in the stack's secret for sources \
or for destinations, or in one of its own if infra/landfall.toml names one. The others' secrets stay as they are, also when \
somebody else changes theirs at the same moment.

A destination's secret signs what it is sent, as Standard Webhooks do: `whsec_` and base64. With --header it is what the \
destination's headers call by that name.

Needs cloudformation:DescribeStacks, and on the secret secretsmanager:GetSecretValue, PutSecretValue and \
UpdateSecretVersionStage; list and retire need logs:FilterLogEvents, too. A secret is never printed, but for those of the local stack with `generate --show`.";

pub(crate) const SECRETS_EXAMPLES: &str = "\
Examples:
  landfall secrets set stripe                          asks for the secret, and doesn't show it
  landfall secrets set stripe --label 2026-11          by this name logs speak of it
  landfall secrets set orum --secret-file orum.pem
  pass show stripe/webhook | landfall secrets set stripe
  landfall secrets list stripe                         which there are, and which are still used
  landfall secrets retire stripe --label 2026-10       the last step of a rotation
  landfall secrets set stripe --replace                all older ones go at once
  landfall secrets set whatsapp --verify-token         what Meta sends when it proves the endpoint
  landfall secrets set destination:billing             what signs for a destination
  landfall secrets set destination:billing --header token
  landfall secrets generate                            on the local stack: one for everything that has none
  landfall secrets generate github --show              and shows it, to be entered at the provider";

pub(crate) const ROUTES: &str = "\
See which events go where, and what another configuration would change.

Routes are those of the configuration at hand (--config). A stack runs with the one that it was deployed with: \
`landfall check --stack NAME` says whether they are the same.";

pub(crate) const ROUTES_EXAMPLES: &str = "\
Examples:
  landfall routes list
  landfall routes list --environment live      without a stack
  landfall routes explain stripe evt_1
  landfall routes test --since 7d              `landfall routes test --help` says more";

pub(crate) const ROUTES_EXPLAIN_EXAMPLES: &str = "\
Examples:
  landfall routes explain stripe evt_1
  landfall routes explain stripe evt_1 --body
  landfall routes explain stripe evt_1 --config edited.toml --json | jq '.routes[] | select(.matches)'

A route that isn't gone says why: by the source, the type, or the first field of `where` that isn't met, with what is asked \
of it, and never what it says. A route that is gone and can send nothing says which placeholder finds nothing: its leg \
fails. Exit status 1: there is no such event.";

pub(crate) const ROUTES_TEST: &str = "\
Run the configuration's routes over events that came in, without sending anything: per route how many events match, how \
many of them newly, how many no longer, of how many nothing could be sent (a placeholder finds nothing), and of how many \
something else is sent; with a sample of each.

They are compared with the routes that each event went, or with --against by those of another file. Only then what is sent \
can be compared, too: body, headers, key and destination.

Exit status 0: done, and all that --expect asks for is so. 1: it isn't, or events beyond --limit could change that. 2: the \
arguments can't be used.

With --json, `routes` has for each route `matches`, `newly`, `no_longer`, `fails` and `changed` with the number of `events` \
and a `sample`, `looked_at` how many events there were, and `stopped` whether there are more than --limit.";

pub(crate) const ROUTES_TEST_EXAMPLES: &str = "\
Examples:
  landfall routes test                                the file as it is now, over seven days
  landfall routes test --source stripe --since 30d --limit 20000
  landfall routes test --expect paid-invoices=1..     matches one event at least; =3 three, =..9 nine at most, =2..9
  git show HEAD:infra/landfall.toml | landfall routes test --against - --body
  landfall routes test --stack landfall-live --config edited.toml --json";

pub(crate) const DESTINATIONS: &str = "\
See how the destinations fare, try one out, stop one and let it go on.

A destination is closed while events reach it. It opens by itself when five deliveries within five minutes, and half of all, fail \
in a way that may pass; what is sent to it then waits, and uses no try. One delivery after another tries it, and the first that \
arrives closes it. Paused, it is left alone until it is resumed.";

pub(crate) const DESTINATIONS_EXAMPLES: &str = "\
Examples:
  landfall destinations list
  landfall destinations test billing          does it take an event?
  landfall destinations pause billing         what is sent to it waits, within five seconds
  landfall destinations resume billing        also where it opened and shall be tried at once";

pub(crate) const TEST_DESTINATION: &str = "\
Have the deployed consumer send a destination a test event, and say what came of it.

It is the consumer that sends, not this command: so what is tried is its role, its network, the configuration that it was \
deployed with and the destination's secrets, as for every other event. You need the permission lambda:InvokeFunction on it, \
and none on the destination. Not tried are what is not between the two: routes, their conditions and what they make of a \
body, the rate, and whether the destination is paused or open, which is neither asked nor changed.

The destination gets a real event, of the source `landfall` and the type `landfall.destination.test`, and whatever it does \
with an event, it does with this one: a state machine starts, a bucket gets an object.

Exit status 0: taken. 1: refused for good, or not taken now, or the stack runs with another configuration; standard output \
says which. 2: the arguments can't be used; in live without --live.";

pub(crate) const DLQ: &str = "\
See the letters in the stack's dead-letter queue, one for each leg that was given up, and have them tried again.

`redrive` puts a ticket into the queue for each letter that is meant, and takes the letter away. What failed is then tried \
anew, with all its tries; mend the cause first. It doesn't matter whether the consumer wrote a letter or SQS moved a ticket \
there after too many receives. Interrupted, it is run again: a letter that went back twice asks once.

SQS lets nobody look at a message without hiding it from others. While a command looks, the queue's alarm may see fewer \
letters than there are; what it doesn't move it gives back at the end, or SQS does after five minutes.

Each redrive and discard is noted (`landfall logs --operators`), for which it needs logs:CreateLogStream and PutLogEvents \
on /aws/lambda/STACK/operators. Without them it goes on, and says so.

Exit status 0: done; 1: there were no such letters, the answer was no, or AWS failed; 2: the arguments can't be used.";

pub(crate) const DLQ_EXAMPLES: &str = "\
Examples:
  landfall dlq list
  landfall dlq list --reason exhausted --newer-than 2h
  landfall dlq show stripe evt_1Qx2…
  landfall dlq redrive stripe evt_1Qx2…
  landfall dlq redrive --route to-billing --yes
  landfall dlq discard --reason expired";

pub(crate) const QUARANTINE: &str = "\
Have what a source refuses as forged or stale be kept for a while, and admit what proves to be authentic once the mistake is \
mended: a wrong secret on the first day loses all events of a provider that never sends again.

This is an exception to the promise that nothing unverified is kept, and you are who makes it: whatever anybody sends to the \
source's URL until then is kept, encrypted, for three days, headers and body included, up to a number and a size. It is \
refused as before, never handled, and no function can read it.

`verify` holds each against the secrets of today and the time at which it came. What is authentic is recorded as ingest would \
have, and taken out; what isn't stays. Interrupted, it is run again: what was admitted already is a duplicate then.

Ingest learns that a quarantine is open when it reads the secrets: with the next forged delivery, once a minute at most. What \
is stale has it read nothing. A source whose keys are fetched has no quarantine, nor has what is refused before its signature \
is looked at.";

pub(crate) const QUARANTINE_EXAMPLES: &str = "\
Examples:
  landfall quarantine open stripe --for 1h
  landfall quarantine list
  landfall secrets set stripe                          the right one
  landfall quarantine verify stripe
  landfall quarantine close stripe --discard

Exit status 1 of `verify`: nothing is kept. Needs dynamodb:PutItem, GetItem and DeleteItem on the enrolment table; \
secretsmanager:GetSecretValue, PutSecretValue and UpdateSecretVersionStage on the stack's secret; s3:ListBucket on the bucket, \
s3:GetObject and DeleteObject under quarantine/, s3:PutObject under bodies/; dynamodb:PutItem and GetItem on the ledger; \
sqs:SendMessage on the queue.";

pub(crate) const ENROL: &str = "\
Take the secret that a provider hands over itself, in a first request that nothing signs (Asana, Notion).

Such a request may come from anybody. So the stack takes one only for ten minutes after `open`, and the first only; what \
it took waits until `confirm` puts it in front of the source's secrets, or for a day. Before that, make sure whose it is: \
compare its fingerprint (the first 8 hex digits of its SHA-256) where the provider shows you the secret, and the time and \
address it came from.";

pub(crate) const ENROL_EXAMPLES: &str = "\
Examples:
  landfall enrol open tasks                            then create the webhook at the provider
  landfall enrol show tasks                            what came, when and from where
  landfall enrol show pages --reveal                   and the token that Notion wants pasted
  landfall enrol confirm tasks --fingerprint 1a2b3c4d
  landfall enrol close tasks                           nothing more is taken; what waits is forgotten";
