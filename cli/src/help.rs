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

pub(crate) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  landfall completions bash > ~/.local/share/bash-completion/completions/landfall
  landfall completions zsh > ~/.zfunc/_landfall
  landfall completions fish > ~/.config/fish/completions/landfall.fish";

pub(crate) const MAN_EXAMPLES: &str = "\
Examples:
  landfall man | man -l -
  landfall man --into ~/.local/share/man/man1";

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

With --route, --destination, --reason or --error it is one leg of which all of this is so, and that is in the --state. A \
--reason without a --state is asked of what has failed.

With --json: `events`, how many entries were `looked_at`, and `cursor`, which is null where there is no more.";

pub(crate) const LIST_EXAMPLES: &str = "\
Examples:
  landfall events list
  landfall events list --source orum --since 2d
  landfall events list --state failed
  landfall events list --state failed --destination billing --error 'answered 410'
  landfall events list --reason exhausted
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
  landfall events replay --reason exhausted                what ran out of tries
  landfall events replay --route paid-invoices stripe evt_1 --again
  landfall events replay --route archive --since 30d       give a new route the past
  landfall events replay stripe --since 2h --again --yes";
