"""Libraries that providers publish for Python, asked by run.py: a JSON object per line in, {"ok": …} or {"error": …} per
line out. `sign` answers with headers, and the body where the signature stands there; `check` with a truth.

    adapters.py PACKAGE     the library to ask, which is on the path
"""

import base64
import importlib.metadata
import json
import sys
import types
import urllib.parse
from datetime import datetime, timezone


class Case:
    """A delivery, and what its sender and its receiver hold."""

    def __init__(self, asked):
        self.secret = asked["secret"]
        self.signing = asked["signing"]
        self.body = base64.b64decode(asked["body"])
        self.pairs = asked["headers"]
        self.url = asked["url"]
        self.now = asked["now"]

    @property
    def text(self):
        return self.body.decode()

    @property
    def headers(self):
        return {name.lower(): value for name, value in self.pairs}

    def header(self, name):
        return self.headers.get(name.lower(), "")

    def query(self, name):
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.url).query)).get(name)


def accepts(check, *refusals):
    """Whether a check passes, which refuses by raising one of these."""
    try:
        check()
    except json.JSONDecodeError:
        return True  # verified, and then read as JSON
    except refusals:
        return False
    return True


def standard_webhooks(webhook, prefix, refusal):
    def sign(case):
        at = datetime.fromtimestamp(case.now, tz=timezone.utc)
        signature = webhook(case.secret).sign("msg_1", at, case.text)
        return {f"{prefix}-id": "msg_1", f"{prefix}-timestamp": str(case.now), f"{prefix}-signature": signature}

    return sign, lambda case: accepts(lambda: webhook(case.secret).verify(case.text, case.headers), refusal)


def adyen():
    from Adyen.util import generate_payload_sig, is_valid_hmac_payload

    def sign(case):
        signature = generate_payload_sig(case.body, case.signing)
        return {"HmacSignature": signature.decode() if isinstance(signature, bytes) else signature}

    return sign, lambda case: is_valid_hmac_payload(case.header("HmacSignature"), case.secret, case.body)


def braintree():
    import braintree
    from braintree.exceptions.invalid_challenge_error import InvalidChallengeError
    from braintree.exceptions.invalid_signature_error import InvalidSignatureError

    def gateway(secret):
        configuration = braintree.Configuration(braintree.Environment.Sandbox, "merchant", "public_key_1", secret)
        return braintree.BraintreeGateway(configuration)

    def sign(case):
        kind = braintree.WebhookNotification.Kind.SubscriptionWentPastDue
        made = gateway(case.signing).webhook_testing.sample_notification(kind, f"id_{len(case.body)}")
        fields = {name: value.decode() if isinstance(value, bytes) else value for name, value in made.items()}
        return {}, urllib.parse.urlencode(fields)

    def check(case):
        fields = dict(urllib.parse.parse_qsl(case.text))
        given = fields.get("bt_signature", ""), fields.get("bt_payload", "")
        return accepts(
            lambda: gateway(case.secret).webhook_notification.parse(*given),
            InvalidSignatureError,
            InvalidChallengeError,
        )

    return sign, check


def coinbase_commerce():
    from coinbase_commerce.error import SignatureVerificationError
    from coinbase_commerce.webhook import WebhookSignature

    def check(case):
        given = case.text, case.header("X-CC-Webhook-Signature"), case.secret
        return accepts(lambda: WebhookSignature.verify_sig_header(*given), SignatureVerificationError)

    return None, check


def discord_interactions():
    from discord_interactions import verify_key

    def check(case):
        return verify_key(
            case.body, case.header("X-Signature-Ed25519"), case.header("X-Signature-Timestamp"), case.secret
        )

    return None, check


def easypost():
    from easypost.errors.general.signature_verification_error import SignatureVerificationError
    from easypost.util import validate_webhook

    def check(case):
        headers = {"X-Hmac-Signature": case.header("X-Hmac-Signature")}
        return accepts(lambda: validate_webhook(case.body, headers, case.secret), SignatureVerificationError)

    return None, check


def elevenlabs():
    from elevenlabs.client import ElevenLabs
    from elevenlabs.errors import BadRequestError

    webhooks = ElevenLabs(api_key="x").webhooks

    def check(case):
        header = case.header("ElevenLabs-Signature")
        return accepts(lambda: webhooks.construct_event(case.text, header, case.secret), BadRequestError)

    return None, check


def gocardless():
    from gocardless_pro import webhooks
    from gocardless_pro.errors import InvalidSignatureError

    def check(case):
        header = case.header("Webhook-Signature")
        return accepts(lambda: webhooks.parse(case.text, case.secret, header), InvalidSignatureError)

    return None, check


def hubspot():
    from hubspot.utils.signature import Signature

    def check(case):
        return Signature.is_valid(
            signature=case.header("X-HubSpot-Signature-v3"),
            client_secret=case.secret,
            request_body=case.text,
            http_uri=case.url,
            signature_version="v3",
            timestamp=case.header("X-HubSpot-Request-Timestamp"),
        )

    def sign(case):
        now = str(case.now * 1000)
        signature = Signature.get_signature(
            client_secret=case.signing, request_body=case.text, http_uri=case.url, signature_version="v3", timestamp=now
        )
        return {"X-HubSpot-Signature-v3": signature, "X-HubSpot-Request-Timestamp": now}

    return sign, check


def increase():
    from increase import Increase
    from standardwebhooks import WebhookVerificationError

    events = Increase(api_key="x").events

    def check(case):
        given = {"headers": case.headers, "key": case.secret}
        return accepts(lambda: events.unwrap(case.text, **given), WebhookVerificationError)

    return None, check


def line():
    from linebot.v3.webhook import SignatureValidator

    return None, lambda case: SignatureValidator(case.secret).validate(case.text, case.header("x-line-signature"))


def lithic():
    from lithic import Lithic

    webhooks = Lithic(api_key="x").webhooks

    def check(case):
        from standardwebhooks import WebhookVerificationError

        given = case.text, case.headers
        return accepts(
            lambda: webhooks.verify_signature(*given, secret=case.secret), ValueError, WebhookVerificationError
        )

    return None, check


def mercadopago():
    from mercadopago.webhook import validator

    def check(case):
        given = case.header("x-signature"), case.header("x-request-id"), case.query("data.id"), case.secret
        return accepts(
            lambda: validator.WebhookSignatureValidator.validate(*given), validator.InvalidWebhookSignatureError
        )

    return None, check


def modern_treasury():
    from modern_treasury import ModernTreasury

    webhooks = ModernTreasury(api_key="x", organization_id="x").webhooks

    def sign(case):
        return {"X-Signature": webhooks.get_signature(case.text, key=case.signing)}

    def check(case):
        return webhooks.validate_signature(case.text, {"X-Signature": case.header("X-Signature")}, key=case.secret)

    return sign, check


def openai():
    from openai import InvalidWebhookSignatureError, OpenAI

    webhooks = OpenAI(api_key="x").webhooks

    def check(case):
        given = case.text, case.headers
        return accepts(
            lambda: webhooks.verify_signature(*given, secret=case.secret), InvalidWebhookSignatureError, ValueError
        )

    return None, check


def paddle():
    from paddle_billing.Notifications import Secret, Verifier

    def check(case):
        request = types.SimpleNamespace(headers={"Paddle-Signature": case.header("Paddle-Signature")}, body=case.body)
        return Verifier(60).verify(request, Secret(case.secret))

    return None, check


def plivo():
    from plivo.utils import validate_v3_signature

    def check(case):
        fields = urllib.parse.parse_qs(case.text, keep_blank_values=True)
        params = {name: values[0] if len(values) == 1 else values for name, values in fields.items()}
        nonce, signature = case.header("X-Plivo-Signature-V3-Nonce"), case.header("X-Plivo-Signature-V3")
        return validate_v3_signature("POST", case.url, nonce, case.secret, signature, params)

    return None, check


def polar():
    from polar.webhooks import PolarWebhookVerificationError, validate_event

    def check(case):
        given = case.text, case.headers, case.secret, frozenset([""]), lambda data: data
        try:
            validate_event(*given)
        except PolarWebhookVerificationError:
            return False
        except Exception as error:
            # Its other errors are about what is read from a body that has been verified.
            if type(error).__module__ != "polar.webhooks":
                raise
        return True

    return None, check


def razorpay():
    import razorpay

    utility = razorpay.Client(auth=("x", "x")).utility

    def check(case):
        given = case.text, case.header("X-Razorpay-Signature"), case.secret
        return accepts(lambda: utility.verify_webhook_signature(*given), razorpay.errors.SignatureVerificationError)

    return None, check


def replicate():
    from replicate.webhook import InvalidSignatureError, Webhooks, WebhookSigningSecret

    def check(case):
        secret = WebhookSigningSecret(key=case.secret)
        return accepts(
            lambda: Webhooks.validate(headers=case.headers, body=case.text, secret=secret), InvalidSignatureError
        )

    return None, check


def resend():
    import resend

    def check(case):
        names = {"id": "svix-id", "timestamp": "svix-timestamp", "signature": "svix-signature"}
        headers = {short: case.header(name) for short, name in names.items()}
        given = {"payload": case.text, "headers": headers, "webhook_secret": case.secret}
        return accepts(lambda: resend.Webhooks.verify(given), ValueError)

    return None, check


def sendgrid():
    from sendgrid.helpers.eventwebhook import EventWebhook

    def check(case):
        webhook = EventWebhook()
        name = "X-Twilio-Email-Event-Webhook"
        given = case.text, case.header(f"{name}-Signature"), case.header(f"{name}-Timestamp")
        return webhook.verify_signature(*given, webhook.convert_public_key_to_ecdsa(case.secret))

    return None, check


def slack():
    from slack_sdk.signature import SignatureVerifier

    def sign(case):
        signature = SignatureVerifier(case.signing).generate_signature(timestamp=str(case.now), body=case.body)
        return {"X-Slack-Request-Timestamp": str(case.now), "X-Slack-Signature": signature or ""}

    return sign, lambda case: SignatureVerifier(case.secret).is_valid_request(case.body, dict(case.pairs))


def square():
    from square.utils.webhooks_helper import verify_signature

    def check(case):
        return verify_signature(
            request_body=case.text,
            signature_header=case.header("x-square-hmacsha256-signature"),
            signature_key=case.secret,
            notification_url=case.url,
        )

    return None, check


def standardwebhooks():
    import standardwebhooks

    return standard_webhooks(standardwebhooks.Webhook, "webhook", standardwebhooks.WebhookVerificationError)


def stripe():
    import stripe

    def check(case):
        given = case.text, case.header("Stripe-Signature"), case.secret, 300
        return accepts(lambda: stripe.WebhookSignature.verify_header(*given), stripe.SignatureVerificationError)

    return None, check


def svix():
    from svix import webhooks

    return standard_webhooks(webhooks.Webhook, "svix", webhooks.WebhookVerificationError)


def telnyx():
    from telnyx.lib.webhook_verification import WebhookVerificationError, verify_webhook_signature

    def check(case):
        given = case.text, case.headers, case.secret
        return accepts(lambda: verify_webhook_signature(*given), WebhookVerificationError)

    return None, check


def truelayer():
    from truelayer_signing import TlSigningException, sign_with_pem, verify_with_pem

    def path(case):
        return urllib.parse.urlsplit(case.url).path

    # Its own HttpMethod.POST is written `HttpMethod.POST` by Python 3.11 and newer, and signed so.
    method = "POST"

    def sign(case):
        headers = {name: value for name, value in case.pairs if name.startswith("X-Tl-")}
        signer = sign_with_pem("kid_1", case.signing).set_method(method).set_path(path(case))
        return {"Tl-Signature": signer.add_headers(headers).set_body(case.text).sign()}

    def check(case):
        verifier = verify_with_pem(case.secret).set_method(method).set_path(path(case))
        verifier = verifier.add_headers(dict(case.pairs)).set_body(case.text)
        return accepts(lambda: verifier.verify(case.header("Tl-Signature")), TlSigningException)

    return sign, check


class Fields(dict):
    """The fields of a form, of which a name may stand there twice."""

    def getlist(self, name):
        return self[name]


def twilio():
    from twilio.request_validator import RequestValidator

    def fields(case):
        return Fields(urllib.parse.parse_qs(case.text, keep_blank_values=True))

    def sign(case):
        return {"X-Twilio-Signature": RequestValidator(case.signing).compute_signature(case.url, fields(case))}

    def check(case):
        return RequestValidator(case.secret).validate(case.url, fields(case), case.header("X-Twilio-Signature"))

    return sign, check


def workos():
    from workos import WorkOSClient

    webhooks = WorkOSClient(api_key="x", client_id="x").webhooks

    def check(case):
        # It takes the list with a blank behind the comma, as WorkOS writes it, and no other.
        signature = case.header("WorkOS-Signature").replace(",", ", ")
        given = {"event_body": case.body, "event_signature": signature, "secret": case.secret}
        return accepts(lambda: webhooks.verify_header(**given, tolerance=180), ValueError)

    return None, check


ADAPTERS = {
    "Adyen": adyen,
    "braintree": braintree,
    "coinbase-commerce": coinbase_commerce,
    "discord-interactions": discord_interactions,
    "easypost": easypost,
    "elevenlabs": elevenlabs,
    "gocardless_pro": gocardless,
    "hubspot-api-client": hubspot,
    "increase": increase,
    "line-bot-sdk": line,
    "lithic": lithic,
    "mercadopago": mercadopago,
    "modern-treasury": modern_treasury,
    "openai": openai,
    "paddle-python-sdk": paddle,
    "plivo": plivo,
    "polar-sdk": polar,
    "razorpay": razorpay,
    "replicate": replicate,
    "resend": resend,
    "sendgrid": sendgrid,
    "slack_sdk": slack,
    "squareup": square,
    "standardwebhooks": standardwebhooks,
    "stripe": stripe,
    "svix": svix,
    "telnyx": telnyx,
    "truelayer-signing": truelayer,
    "twilio": twilio,
    "workos": workos,
}


def answered(asked, sign, check):
    case = Case(asked)
    if asked["do"] == "check":
        return bool(check(case))
    signed = sign(case)
    headers, body = signed if isinstance(signed, tuple) else (signed, None)
    return {"headers": list(headers.items()), "body": body}


def main():
    package = sys.argv[1]
    # What a library prints is not an answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    sign, check = ADAPTERS[package]()
    print(json.dumps({"ok": importlib.metadata.version(package)}), file=answers, flush=True)
    for line in sys.stdin:
        try:
            answer = {"ok": answered(json.loads(line), sign, check)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
