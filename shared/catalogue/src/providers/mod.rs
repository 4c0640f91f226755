//! The table of providers, sorted by name: a file each, readable beside the provider's own page.

mod prelude;
#[cfg(test)]
mod tests;

mod ably;
mod acuity_scheduling;
mod adyen;
mod affirm;
mod aftership;
mod agora;
mod airtable;
mod airwallex;
mod akeneo;
mod akeneo_events_api;
mod alchemy;
mod anthropic;
mod asana;
mod ashby;
mod attio;
mod auth0;
mod authorize_net;
mod autodesk_aps;
mod aws_sns;
mod beehiiv;
mod bigcommerce;
mod bitbucket;
mod bolt;
mod box_;
mod braintree;
mod brex;
mod btcpay;
mod buildkite;
mod cal_com;
mod calendly;
mod cashfree;
mod castle;
mod chargebee;
mod chargify;
mod checkout_com;
mod checkr;
mod circleci;
mod clerk;
mod clickup;
mod cloudflare_notifications;
mod cloudflare_stream;
mod coinbase_cdp;
mod coinbase_commerce;
mod configcat;
mod contentful;
mod cronofy;
mod cursor;
mod customer_io;
mod datadog;
mod datasaur;
mod deel;
mod deepgram;
mod discord;
mod documenso;
mod docusign;
mod dodopayments;
mod doppler;
mod dropbox;
mod dub;
mod dwolla;
mod dyte;
mod easypost;
mod elevenlabs;
mod etsy;
mod fathom;
mod financbase;
mod finch;
mod fingerprint;
mod firstpromoter;
mod flutterwave;
mod folk;
mod forgejo;
mod formbricks;
mod formify;
mod framer;
mod front;
mod frontitude;
mod fusionauth;
mod gemini;
mod getstream;
mod gitea;
mod github;
mod gitlab;
mod go1;
mod gocardless;
mod gogs;
mod google_pubsub;
mod grafana;
mod greenhouse;
mod guesty;
mod helpscout;
mod heroku;
mod hook0;
mod hubspot;
mod incident_io;
mod increase;
mod intercom;
mod iron;
mod jira;
mod jira_connect;
mod jira_oauth;
mod jobber;
mod klaviyo;
mod knock;
mod komoju;
mod kontent_ai;
mod launchdarkly;
mod lemon_squeezy;
mod line;
mod linear;
mod linkedin;
mod lithic;
mod livekit;
mod lob;
mod loops;
mod lusha;
mod mailgun;
mod mandrill;
mod meraki;
mod mercado_pago;
mod merge;
mod messagebird;
mod meta;
mod microsoft_graph;
mod microsoft_teams;
mod mixpanel;
mod moco;
mod modern_treasury;
mod mollie;
mod monday;
mod moneybird;
mod mongodb_atlas;
mod moov;
mod mux;
mod nash;
mod netlify;
mod nmi;
mod notion;
mod nylas;
mod okta;
mod onfido;
mod onfleet;
mod openai;
mod orb;
mod orum;
mod paddle;
mod pagerduty;
mod paypal;
mod paystack;
mod persona;
mod pipedrive;
mod plaid;
mod plain;
mod pleo;
mod plivo;
mod polar;
mod portone;
mod postal;
mod postmark;
mod primer;
mod psi_fi;
mod pusher;
mod quickbooks;
mod razorpay;
mod recurly;
mod render;
mod replicate;
mod resend;
mod retell;
mod revolut;
mod rewardful;
mod safebase;
mod sanity;
mod sardine;
mod segment;
mod self_;
mod semaphore_ci;
mod sendbird;
mod sendgrid;
mod sentry;
mod shippo;
mod shopify;
mod signatureapi;
mod sinch;
mod slack;
mod smartcar;
mod smartsheet;
mod sparkpost;
mod square;
mod squarespace;
mod standard_webhooks;
mod statsig;
mod streak;
mod strike;
mod stripe;
mod stytch;
mod subtotal;
mod sumsub;
mod supabase;
mod surveymonkey;
mod svix;
mod tabapay;
mod tailscale;
mod tally;
mod telegram;
mod telnyx;
mod terra;
mod terraform_cloud;
mod tiktok;
mod travis_ci;
mod trello;
mod truelayer;
mod truepic;
mod turnkey;
mod twilio;
mod twitch;
mod typeform;
mod unit;
mod vanta;
mod vapi;
mod vercel;
mod veriff;
mod viber;
mod vonage;
mod webflow;
mod websub;
mod whatsapp;
mod whop;
mod wise;
mod woocommerce;
mod workos;
mod worldline_connect;
mod x_twitter;
mod xendit;
mod xero;
mod zendesk;
mod zoom;

use crate::provider::Provider;

/// Every provider that Landfall knows by name.
pub static PROVIDERS: &[Provider] = &[
    ably::PROVIDER,
    acuity_scheduling::PROVIDER,
    adyen::PROVIDER,
    affirm::PROVIDER,
    aftership::PROVIDER,
    agora::PROVIDER,
    airtable::PROVIDER,
    airwallex::PROVIDER,
    akeneo::PROVIDER,
    akeneo_events_api::PROVIDER,
    alchemy::PROVIDER,
    anthropic::PROVIDER,
    asana::PROVIDER,
    ashby::PROVIDER,
    attio::PROVIDER,
    auth0::PROVIDER,
    authorize_net::PROVIDER,
    autodesk_aps::PROVIDER,
    aws_sns::PROVIDER,
    beehiiv::PROVIDER,
    bigcommerce::PROVIDER,
    bitbucket::PROVIDER,
    bolt::PROVIDER,
    box_::PROVIDER,
    braintree::PROVIDER,
    brex::PROVIDER,
    btcpay::PROVIDER,
    buildkite::PROVIDER,
    cal_com::PROVIDER,
    calendly::PROVIDER,
    cashfree::PROVIDER,
    castle::PROVIDER,
    chargebee::PROVIDER,
    chargify::PROVIDER,
    checkout_com::PROVIDER,
    checkr::PROVIDER,
    circleci::PROVIDER,
    clerk::PROVIDER,
    clickup::PROVIDER,
    cloudflare_notifications::PROVIDER,
    cloudflare_stream::PROVIDER,
    coinbase_cdp::PROVIDER,
    coinbase_commerce::PROVIDER,
    configcat::PROVIDER,
    contentful::PROVIDER,
    cronofy::PROVIDER,
    cursor::PROVIDER,
    customer_io::PROVIDER,
    datadog::PROVIDER,
    datasaur::PROVIDER,
    deel::PROVIDER,
    deepgram::PROVIDER,
    discord::PROVIDER,
    documenso::PROVIDER,
    docusign::PROVIDER,
    dodopayments::PROVIDER,
    doppler::PROVIDER,
    dropbox::PROVIDER,
    dub::PROVIDER,
    dwolla::PROVIDER,
    dyte::PROVIDER,
    easypost::PROVIDER,
    elevenlabs::PROVIDER,
    etsy::PROVIDER,
    fathom::PROVIDER,
    financbase::PROVIDER,
    finch::PROVIDER,
    fingerprint::PROVIDER,
    firstpromoter::PROVIDER,
    flutterwave::PROVIDER,
    folk::PROVIDER,
    forgejo::PROVIDER,
    formbricks::PROVIDER,
    formify::PROVIDER,
    framer::PROVIDER,
    front::PROVIDER,
    frontitude::PROVIDER,
    fusionauth::PROVIDER,
    gemini::PROVIDER,
    getstream::PROVIDER,
    gitea::PROVIDER,
    github::PROVIDER,
    gitlab::PROVIDER,
    go1::PROVIDER,
    gocardless::PROVIDER,
    gogs::PROVIDER,
    google_pubsub::PROVIDER,
    grafana::PROVIDER,
    greenhouse::PROVIDER,
    guesty::PROVIDER,
    helpscout::PROVIDER,
    heroku::PROVIDER,
    hook0::PROVIDER,
    hubspot::PROVIDER,
    incident_io::PROVIDER,
    increase::PROVIDER,
    intercom::PROVIDER,
    iron::PROVIDER,
    jira::PROVIDER,
    jira_connect::PROVIDER,
    jira_oauth::PROVIDER,
    jobber::PROVIDER,
    klaviyo::PROVIDER,
    knock::PROVIDER,
    komoju::PROVIDER,
    kontent_ai::PROVIDER,
    launchdarkly::PROVIDER,
    lemon_squeezy::PROVIDER,
    line::PROVIDER,
    linear::PROVIDER,
    linkedin::PROVIDER,
    lithic::PROVIDER,
    livekit::PROVIDER,
    lob::PROVIDER,
    loops::PROVIDER,
    lusha::PROVIDER,
    mailgun::PROVIDER,
    mandrill::PROVIDER,
    meraki::PROVIDER,
    mercado_pago::PROVIDER,
    merge::PROVIDER,
    messagebird::PROVIDER,
    meta::PROVIDER,
    microsoft_graph::PROVIDER,
    microsoft_teams::PROVIDER,
    mixpanel::PROVIDER,
    moco::PROVIDER,
    modern_treasury::PROVIDER,
    mollie::PROVIDER,
    monday::PROVIDER,
    moneybird::PROVIDER,
    mongodb_atlas::PROVIDER,
    moov::PROVIDER,
    mux::PROVIDER,
    nash::PROVIDER,
    netlify::PROVIDER,
    nmi::PROVIDER,
    notion::PROVIDER,
    nylas::PROVIDER,
    okta::PROVIDER,
    onfido::PROVIDER,
    onfleet::PROVIDER,
    openai::PROVIDER,
    orb::PROVIDER,
    orum::PROVIDER,
    paddle::PROVIDER,
    pagerduty::PROVIDER,
    paypal::PROVIDER,
    paystack::PROVIDER,
    persona::PROVIDER,
    pipedrive::PROVIDER,
    plaid::PROVIDER,
    plain::PROVIDER,
    pleo::PROVIDER,
    plivo::PROVIDER,
    polar::PROVIDER,
    portone::PROVIDER,
    postal::PROVIDER,
    postmark::PROVIDER,
    primer::PROVIDER,
    psi_fi::PROVIDER,
    pusher::PROVIDER,
    quickbooks::PROVIDER,
    razorpay::PROVIDER,
    recurly::PROVIDER,
    render::PROVIDER,
    replicate::PROVIDER,
    resend::PROVIDER,
    retell::PROVIDER,
    revolut::PROVIDER,
    rewardful::PROVIDER,
    safebase::PROVIDER,
    sanity::PROVIDER,
    sardine::PROVIDER,
    segment::PROVIDER,
    self_::PROVIDER,
    semaphore_ci::PROVIDER,
    sendbird::PROVIDER,
    sendgrid::PROVIDER,
    sentry::PROVIDER,
    shippo::PROVIDER,
    shopify::PROVIDER,
    signatureapi::PROVIDER,
    sinch::PROVIDER,
    slack::PROVIDER,
    smartcar::PROVIDER,
    smartsheet::PROVIDER,
    sparkpost::PROVIDER,
    square::PROVIDER,
    squarespace::PROVIDER,
    standard_webhooks::PROVIDER,
    statsig::PROVIDER,
    streak::PROVIDER,
    strike::PROVIDER,
    stripe::PROVIDER,
    stytch::PROVIDER,
    subtotal::PROVIDER,
    sumsub::PROVIDER,
    supabase::PROVIDER,
    surveymonkey::PROVIDER,
    svix::PROVIDER,
    tabapay::PROVIDER,
    tailscale::PROVIDER,
    tally::PROVIDER,
    telegram::PROVIDER,
    telnyx::PROVIDER,
    terra::PROVIDER,
    terraform_cloud::PROVIDER,
    tiktok::PROVIDER,
    travis_ci::PROVIDER,
    trello::PROVIDER,
    truelayer::PROVIDER,
    truepic::PROVIDER,
    turnkey::PROVIDER,
    twilio::PROVIDER,
    twitch::PROVIDER,
    typeform::PROVIDER,
    unit::PROVIDER,
    vanta::PROVIDER,
    vapi::PROVIDER,
    vercel::PROVIDER,
    veriff::PROVIDER,
    viber::PROVIDER,
    vonage::PROVIDER,
    webflow::PROVIDER,
    websub::PROVIDER,
    whatsapp::PROVIDER,
    whop::PROVIDER,
    wise::PROVIDER,
    woocommerce::PROVIDER,
    workos::PROVIDER,
    worldline_connect::PROVIDER,
    x_twitter::PROVIDER,
    xendit::PROVIDER,
    xero::PROVIDER,
    zendesk::PROVIDER,
    zoom::PROVIDER,
];

impl Provider {
    /// The entry of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        PROVIDERS
            .binary_search_by(|provider| provider.name.cmp(name))
            .ok()
            .map(|at| &PROVIDERS[at])
    }
}
