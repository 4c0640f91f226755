"""The command line takes credentials from wherever people log in: a test for each kind of profile. The environment holds
those of somebody who may do nothing."""

import hashlib
import http.server
import json
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from harness import CONFIGURATION, serving

POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
START_URL = "https://example.awsapps.com/start"
LOGIN = "arn:aws:iam::000000000000:user/operator"
# Of aws-config's own tests: it is used only to have the session renewed.
DPOP_KEY = (
    "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIFDZHUzOG1Pzq+6F0mjMlOSp1syN9LRPBuHMoCFXTcXhoAoGCCqGSM49\n"
    "AwEHoUQDQgAE9qhj+KtcdHj1kVgwxWWWw++tqoh7H7UHs7oXh8jBbgF47rrYGC+t\n"
    "djiIaHK3dBvvdE7MGj5HsepzLm3Kj91bqA==\n-----END EC PRIVATE KEY-----\n"
)


@dataclass
class Home:
    folder: Path
    environment: dict


def role(bench, name, *policies):
    """A role, and credentials of it."""
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
    iam = bench.client("iam")
    try:
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    except iam.exceptions.EntityAlreadyExistsException:
        arn = iam.get_role(RoleName=name)["Role"]["Arn"]
    for policy in policies:
        iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=json.dumps(policy))
    return arn, bench.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]


@pytest.fixture(scope="module")
def operator(session_bench):
    return role(session_bench, "operator", POLICY)


@pytest.fixture
def home(bench, tmp_path):
    """A home folder, in whose environment the credentials of a stranger are."""
    _, stranger = role(bench, "stranger")
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "LANDFALL_CONFIG": str(CONFIGURATION),
        "AWS_ENDPOINT_URL": bench.note["endpoint"],
        "AWS_ACCESS_KEY_ID": stranger["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": stranger["SecretAccessKey"],
        "AWS_SESSION_TOKEN": stranger["SessionToken"],
    }
    (tmp_path / ".aws").mkdir()
    return Home(tmp_path, environment)


def listed(bench, home, profile, *more, check=True):
    """Whether the command line, with this profile, may look into the ledger."""
    (home.folder / ".aws" / "config").write_text(profile)
    chosen = ["--profile", "work"] if profile else []
    result = subprocess.run(
        [
            bench.command_folder / "landfall",
            "events",
            "list",
            "--stack",
            bench.name,
            "--region",
            "us-east-1",
            *chosen,
            *more,
        ],
        # No note of a stack is above it.
        cwd=home.folder,
        env=home.environment,
        capture_output=True,
        text=True,
    )
    assert not check or result.returncode == 0, result.stderr
    return result


def in_an_hour():
    return (datetime.now(timezone.utc) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_who_may_do_nothing_is_told_so(bench, home):
    refused = listed(bench, home, "", check=False)

    assert refused.returncode == 1
    assert "you may not do that" in refused.stderr and "AccessDenied" not in refused.stderr
    assert "AccessDenied" in listed(bench, home, "", "--verbose", check=False).stderr


def test_keys_in_a_profile(bench, home, operator):
    _, keys = operator
    listed(
        bench,
        home,
        f"[profile work]\naws_access_key_id = {keys['AccessKeyId']}\naws_secret_access_key = {keys['SecretAccessKey']}\n"
        f"aws_session_token = {keys['SessionToken']}\n",
    )


def test_a_role_that_another_profile_assumes(bench, home, operator):
    arn, keys = operator
    listed(
        bench,
        home,
        f"[profile work]\nrole_arn = {arn}\nsource_profile = base\nregion = us-east-1\n[profile base]\n"
        f"aws_access_key_id = {keys['AccessKeyId']}\naws_secret_access_key = {keys['SecretAccessKey']}\n"
        f"aws_session_token = {keys['SessionToken']}\n",
    )


def test_a_credential_process(bench, home, operator):
    _, keys = operator
    told = {name: keys[name] for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")}
    (home.folder / "keys.json").write_text(json.dumps({"Version": 1, "Expiration": in_an_hour()} | told))
    listed(bench, home, f"[profile work]\ncredential_process = cat {home.folder}/keys.json\n")


def test_single_sign_on(bench, home, operator):
    """The portal is a stand-in that answers GetRoleCredentials:
    https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html"""
    _, keys = operator

    class Portal(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.seen.append((self.path, self.headers.get("x-amz-sso_bearer_token")))
            expires = int((datetime.now() + timedelta(hours=1)).timestamp() * 1000)
            credentials = {"accessKeyId": keys["AccessKeyId"], "secretAccessKey": keys["SecretAccessKey"]}
            credentials |= {"sessionToken": keys["SessionToken"], "expiration": expires}
            body = json.dumps({"roleCredentials": credentials}).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with serving(0, Portal) as server:
        home.environment["AWS_ENDPOINT_URL_SSO"] = f"http://127.0.0.1:{server.server_port}"
        cache = home.folder / ".aws" / "sso" / "cache"
        cache.mkdir(parents=True)
        token = {"startUrl": START_URL, "region": "us-east-1", "accessToken": "a token", "expiresAt": in_an_hour()}
        # By the session's name: https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
        (cache / f"{hashlib.sha1(b'office').hexdigest()}.json").write_text(json.dumps(token))
        listed(
            bench,
            home,
            "[profile work]\nsso_session = office\nsso_account_id = 000000000000\nsso_role_name = operator\n"
            f"[sso-session office]\nsso_region = us-east-1\nsso_start_url = {START_URL}\n",
        )
    asked, token = server.seen[0]
    assert token == "a token" and "role_name=operator" in asked


def test_aws_login(bench, home, operator):
    _, keys = operator
    cache = home.folder / ".aws" / "login" / "cache"
    cache.mkdir(parents=True)
    session = {
        "accessToken": {
            "accessKeyId": keys["AccessKeyId"],
            "secretAccessKey": keys["SecretAccessKey"],
            "sessionToken": keys["SessionToken"],
            "accountId": "000000000000",
            "expiresAt": in_an_hour(),
        },
        "tokenType": "aws_sigv4",
        "refreshToken": "a token",
        "idToken": "a token",
        "clientId": "arn:aws:signin:::devtools/same-device",
        "dpopKey": DPOP_KEY,
    }
    (cache / f"{hashlib.sha256(LOGIN.encode()).hexdigest()}.json").write_text(json.dumps(session))
    listed(bench, home, f"[profile work]\nlogin_session = {LOGIN}\nregion = us-east-1\n")


def test_a_profile_that_is_not_there_is_named(bench, home):
    refused = listed(bench, home, "[profile home]\n", check=False)

    assert refused.returncode == 1
    assert "work" in refused.stderr and "AccessDenied" not in refused.stderr
