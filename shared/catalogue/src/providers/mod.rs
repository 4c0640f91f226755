//! The table of providers, sorted by name: a file each, readable beside the provider's own page.

mod prelude;
#[cfg(test)]
mod tests;

mod adyen;
mod affirm;
mod airtable;
mod asana;
mod auth0;
mod authorize_net;
mod aws_sns;
mod bitbucket;
mod box_;
mod braintree;
mod brex;
mod buildkite;
mod calendly;
mod chargebee;
mod checkr;
mod circleci;
mod clerk;
mod cloudflare_notifications;
mod cloudflare_stream;
mod coinbase_cdp;
mod coinbase_commerce;
mod contentful;
mod datadog;
mod discord;
mod docusign;
mod dropbox;
mod easypost;
mod elevenlabs;
mod etsy;
mod financbase;
mod formify;
mod front;
mod frontitude;
mod fusionauth;
mod github;
mod gitlab;
mod gocardless;
mod google_pubsub;
mod heroku;
mod hook0;
mod hubspot;
mod incident_io;
mod increase;
mod intercom;
mod jira;
mod jira_connect;
mod jira_oauth;
mod klaviyo;
mod lemon_squeezy;
mod line;
mod linear;
mod linkedin;
mod lithic;
mod lob;
mod mailgun;
mod mercado_pago;
mod meta;
mod microsoft_graph;
mod microsoft_teams;
mod modern_treasury;
mod mollie;
mod monday;
mod mux;
mod netlify;
mod notion;
mod okta;
mod onfleet;
mod openai;
mod orum;
mod paddle;
mod pagerduty;
mod paypal;
mod paystack;
mod persona;
mod plaid;
mod plivo;
mod polar;
mod postmark;
mod razorpay;
mod recurly;
mod render;
mod replicate;
mod resend;
mod sanity;
mod self_;
mod sendgrid;
mod sentry;
mod shippo;
mod shopify;
mod sinch;
mod slack;
mod square;
mod squarespace;
mod standard_webhooks;
mod stripe;
mod supabase;
mod svix;
mod telnyx;
mod tiktok;
mod trello;
mod truelayer;
mod twilio;
mod twitch;
mod typeform;
mod vanta;
mod vercel;
mod vonage;
mod webflow;
mod websub;
mod whatsapp;
mod wise;
mod woocommerce;
mod workos;
mod x_twitter;
mod xero;
mod zendesk;
mod zoom;

use crate::provider::Provider;

/// Every provider that Landfall knows by name.
pub static PROVIDERS: &[Provider] = &[
    adyen::PROVIDER,
    affirm::PROVIDER,
    airtable::PROVIDER,
    asana::PROVIDER,
    auth0::PROVIDER,
    authorize_net::PROVIDER,
    aws_sns::PROVIDER,
    bitbucket::PROVIDER,
    box_::PROVIDER,
    braintree::PROVIDER,
    brex::PROVIDER,
    buildkite::PROVIDER,
    calendly::PROVIDER,
    chargebee::PROVIDER,
    checkr::PROVIDER,
    circleci::PROVIDER,
    clerk::PROVIDER,
    cloudflare_notifications::PROVIDER,
    cloudflare_stream::PROVIDER,
    coinbase_cdp::PROVIDER,
    coinbase_commerce::PROVIDER,
    contentful::PROVIDER,
    datadog::PROVIDER,
    discord::PROVIDER,
    docusign::PROVIDER,
    dropbox::PROVIDER,
    easypost::PROVIDER,
    elevenlabs::PROVIDER,
    etsy::PROVIDER,
    financbase::PROVIDER,
    formify::PROVIDER,
    front::PROVIDER,
    frontitude::PROVIDER,
    fusionauth::PROVIDER,
    github::PROVIDER,
    gitlab::PROVIDER,
    gocardless::PROVIDER,
    google_pubsub::PROVIDER,
    heroku::PROVIDER,
    hook0::PROVIDER,
    hubspot::PROVIDER,
    incident_io::PROVIDER,
    increase::PROVIDER,
    intercom::PROVIDER,
    jira::PROVIDER,
    jira_connect::PROVIDER,
    jira_oauth::PROVIDER,
    klaviyo::PROVIDER,
    lemon_squeezy::PROVIDER,
    line::PROVIDER,
    linear::PROVIDER,
    linkedin::PROVIDER,
    lithic::PROVIDER,
    lob::PROVIDER,
    mailgun::PROVIDER,
    mercado_pago::PROVIDER,
    meta::PROVIDER,
    microsoft_graph::PROVIDER,
    microsoft_teams::PROVIDER,
    modern_treasury::PROVIDER,
    mollie::PROVIDER,
    monday::PROVIDER,
    mux::PROVIDER,
    netlify::PROVIDER,
    notion::PROVIDER,
    okta::PROVIDER,
    onfleet::PROVIDER,
    openai::PROVIDER,
    orum::PROVIDER,
    paddle::PROVIDER,
    pagerduty::PROVIDER,
    paypal::PROVIDER,
    paystack::PROVIDER,
    persona::PROVIDER,
    plaid::PROVIDER,
    plivo::PROVIDER,
    polar::PROVIDER,
    postmark::PROVIDER,
    razorpay::PROVIDER,
    recurly::PROVIDER,
    render::PROVIDER,
    replicate::PROVIDER,
    resend::PROVIDER,
    sanity::PROVIDER,
    self_::PROVIDER,
    sendgrid::PROVIDER,
    sentry::PROVIDER,
    shippo::PROVIDER,
    shopify::PROVIDER,
    sinch::PROVIDER,
    slack::PROVIDER,
    square::PROVIDER,
    squarespace::PROVIDER,
    standard_webhooks::PROVIDER,
    stripe::PROVIDER,
    supabase::PROVIDER,
    svix::PROVIDER,
    telnyx::PROVIDER,
    tiktok::PROVIDER,
    trello::PROVIDER,
    truelayer::PROVIDER,
    twilio::PROVIDER,
    twitch::PROVIDER,
    typeform::PROVIDER,
    vanta::PROVIDER,
    vercel::PROVIDER,
    vonage::PROVIDER,
    webflow::PROVIDER,
    websub::PROVIDER,
    whatsapp::PROVIDER,
    wise::PROVIDER,
    woocommerce::PROVIDER,
    workos::PROVIDER,
    x_twitter::PROVIDER,
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
