"""Runs Landfall's own template on this machine: MiniStack stands in for AWS, `sam deploy` puts the stack there.

    stack.py up NAME [--port N]     start MiniStack, deploy, make the sources' secrets
    stack.py down NAME              stop it
    stack.py logs NAME              print what its functions have logged

NAME is a section of samconfig.toml: `local`, the stack of `make up`, `e2e`, the stack of `make e2e`, or `chaos`, the stack
of `make chaos`.
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import sync
import tomlkit

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = {
    "local": ROOT / ".landfall",
    "e2e": ROOT / ".landfall" / "test",
    "chaos": ROOT / ".landfall" / "chaos",
    "patterns": ROOT / ".landfall" / "patterns",
    "listing": ROOT / ".landfall" / "listing",
}
# The stacks of the tests have sources and handlers of their own, whatever a project has.
BUILDS = {"local": "local", "e2e": "test", "chaos": "test", "patterns": "test", "listing": "test"}
TESTS_CONFIGURATION = ROOT / "tests" / "stack" / "landfall.toml"
PORTS = {"local": 4566, "e2e": 4567, "chaos": 4568, "patterns": 4569, "listing": 4574}
OTHER_PORTS = {
    "local": "make up PORT=4570",
    "e2e": "make e2e TEST_PORT=4571",
    "chaos": "make chaos CHAOS_PORT=4572",
    "patterns": "make patterns PATTERNS_PORT=4573",
    "listing": "make bench-listing LISTING_PORT=4575",
}


class Trouble(Exception):
    """What went wrong, and what to do about it."""


class Stack:
    def __init__(self, name):
        self.name = name
        self.folder = FOLDERS[name]
        self.build = ROOT / ".aws-sam" / BUILDS[name]
        local = ROOT / os.environ.get("LANDFALL_CONFIG", "infra/landfall.toml")
        self.configuration = local if name == "local" else TESTS_CONFIGURATION
        self.note = self.folder / "local.json"
        self.pid_file = self.folder / "ministack.pid"
        self.log = self.folder / "ministack.log"

    # ---- MiniStack ----

    def running(self):
        """The process id and port of this stack's MiniStack, or None."""
        try:
            pid, port = map(int, self.pid_file.read_text().split())
        except (FileNotFoundError, ValueError):
            return None
        # The id may have gone to another process since.
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return None
        return (pid, port) if b"ministack" in command else None

    def start(self, port, functions_endpoint=None):
        """Starts MiniStack unless it runs, and returns its port and whether it was started. The functions find AWS at
        `functions_endpoint`, or else at MiniStack itself."""
        running = self.running()
        if running:
            if port and port != running[1]:
                raise Trouble(f"The stack runs on port {running[1]} already. `make down` stops it.")
            return running[1], False

        port = port or PORTS[self.name]
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                choice = OTHER_PORTS[self.name]
                raise Trouble(f"Port {port} can't be had ({error.strerror}). Choose another: {choice}") from error

        if self.name != "local":
            # No run of the tests starts with what another one left behind, secrets included.
            shutil.rmtree(self.folder, ignore_errors=True)
        for folder in (self.folder / "state", self.folder / "tmp"):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        self.note.unlink(missing_ok=True)
        # MiniStack hands its environment to the functions, so it gets none of the caller's.
        environment = {
            "PATH": os.defpath,
            "HOME": str(self.folder / "tmp"),
            "TMPDIR": str(self.folder / "tmp"),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "AWS_ENDPOINT_URL": functions_endpoint or f"http://127.0.0.1:{port}",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "STATE_DIR": str(self.folder / "state"),
            # The functions' roles are enforced, so a permission that is not in the template is missed here too.
            "AUTH": "true",
        }
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                [ROOT / ".tools" / "ministack" / "bin" / "ministack"],
                env=environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.pid_file.write_text(f"{process.pid} {port}\n")
        deadline = time.monotonic() + 30
        while not answers(f"http://127.0.0.1:{port}/_ministack/ready"):
            if process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise Trouble(f"MiniStack did not start. Its log: {self.log}")
            time.sleep(0.1)
        return port, True

    def stop(self):
        """Stops this stack's MiniStack, and nothing else. Returns whether it ran."""
        running = self.running()
        self.note.unlink(missing_ok=True)
        self.pid_file.unlink(missing_ok=True)
        if not running:
            return False
        pid = running[0]
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 10
        while alive(pid):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
                break
            time.sleep(0.1)
        return True

    # ---- The stack ----

    def deploy(self, port):
        """Deploys what `make build` has built, unless it is there already, and notes where everything is. Where nothing
        but the functions' packages has changed, only those are replaced."""
        config = tomlkit.parse((ROOT / "samconfig.toml").read_text()).unwrap()[self.name]["deploy"]["parameters"]
        architecture = "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"
        parameters = [*config["parameter_overrides"], f"Architecture={architecture}"]
        parameters += self.permissions(parameters)
        template = hashlib.sha256(
            json.dumps(parameters).encode() + (self.build / "template.yaml").read_bytes()
        ).hexdigest()
        built = sync.digests(self.build)
        endpoint = f"http://127.0.0.1:{port}"
        note = json.loads(self.note.read_text()) if self.note.exists() else None
        if note and note.get("template") == template:
            changed = {function for function in built if note["packages"][function] != built[function]}
            self.replace(note, changed, built)
            return bool(changed)

        deploy_log = self.folder / "deploy.log"
        command = [ROOT / ".tools" / "bin" / "sam", "deploy", "--template-file", self.build / "template.yaml"]
        command += ["--config-file", ROOT / "samconfig.toml", "--config-env", self.name, "--no-progressbar"]
        with deploy_log.open("w") as log:
            result = subprocess.run(
                [*command, "--parameter-overrides", *parameters],
                cwd=ROOT,
                env=caller_environment(endpoint, config["region"]),
                stdout=log,
                stderr=log,
            )
        if result.returncode:
            raise Trouble(f"sam deploy failed.\n{deploy_log.read_text()[-3000:]}\nThe whole: {deploy_log}")

        cloudformation = self.client("cloudformation", endpoint, config["region"])
        described = cloudformation.describe_stacks(StackName=config["stack_name"])
        outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Stacks"][0]["Outputs"]}
        self.let_batches_through(config, endpoint, outputs["QueueUrl"])
        # By path, since `<id>.execute-api...` names no host of this machine. The stage needs no name: it is the default.
        api = urlsplit(outputs["ApiUrl"]).hostname.split(".")[0]
        outputs["ApiUrl"] = f"{endpoint}/_aws/execute-api/{api}"
        # What MiniStack tells the function of it: some providers sign the URL.
        outputs["CalledUrl"] = f"https://{api}.execute-api.localhost"
        replaced = note.get("replaced", []) if note else []
        note = {
            "stack": config["stack_name"],
            "region": config["region"],
            "endpoint": endpoint,
            "access_key_id": "test",
            "secret_access_key": "test",
            "outputs": outputs,
            "template": template,
            "packages": built,
            "replaced": [],
        }
        # CloudFormation doesn't know of packages that were replaced, and leaves them where it sees no change.
        self.replace(note, set(replaced), built)
        self.write_functions_environment(note)
        return True

    def permissions(self, parameters):
        """What lets the consumer reach the configuration's destinations, where samconfig.toml doesn't say it."""
        check = [ROOT / ".tools" / "bin" / "landfall", "check", "--json", "--environment", "local", self.configuration]
        told = subprocess.run(check, capture_output=True, text=True)
        if told.returncode:
            raise Trouble(told.stderr)
        given = {parameter.split("=")[0] for parameter in parameters}
        needed = json.loads(told.stdout)["needed"]["local"]
        return [f"{name}={','.join(arns)}" for name, arns in sorted(needed.items()) if name not in given]

    def let_batches_through(self, config, endpoint, queue):
        """Lets the sweeper send tickets together. On AWS the permission sqs:SendMessage, which the template has, is that for
        SendMessageBatch too (docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html);
        MiniStack asks for one by the call's name, which AWS doesn't have."""
        cloudformation = self.client("cloudformation", endpoint, config["region"])
        sweeper = {"StackName": config["stack_name"], "LogicalResourceId": "SweeperRole"}
        role = cloudformation.describe_stack_resource(**sweeper)["StackResourceDetail"]["PhysicalResourceId"]
        arn = f"arn:aws:sqs:*:*:{queue.rsplit('/', 1)[-1]}"
        statement = {"Effect": "Allow", "Action": "sqs:SendMessageBatch", "Resource": arn}
        self.client("iam", endpoint, config["region"]).put_role_policy(
            RoleName=role,
            PolicyName="batches-for-ministack",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )

    def replace(self, note, functions, built):
        """Replaces these functions' packages by those that were built, and notes it."""
        sync.replace(
            self.client("lambda", note["endpoint"], note["region"]),
            {function: note["outputs"][f"{function}FunctionName"] for function in functions},
            self.build,
        )
        note |= {"packages": built, "replaced": sorted(functions | set(note["replaced"]))}
        self.note.write_text(json.dumps(note, indent=2) + "\n")

    def write_functions_environment(self, note):
        """Writes what the deployed functions have in their environment, for those that run beside the stack."""
        client = self.client("lambda", note["endpoint"], note["region"])
        variables = {}
        for function in ("Ingest", "Consumer", "Sweeper"):
            found = client.get_function_configuration(FunctionName=note["outputs"][f"{function}FunctionName"])
            variables |= found["Environment"]["Variables"]
        variables |= {
            "LANDFALL_CONFIG": str(self.configuration),
            "AWS_ENDPOINT_URL": note["endpoint"],
            "AWS_REGION": note["region"],
            "AWS_DEFAULT_REGION": note["region"],
            "AWS_ACCESS_KEY_ID": note["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": note["secret_access_key"],
        }
        # Read by nobody, and JSON, which cargo-lambda takes in quotes only.
        del variables["LANDFALL_PARAMETERS"]
        settings = "LANDFALL_HANDLER_SETTINGS"
        variables[settings] = quoted(variables[settings])
        lines = [f"{name}={value}\n" for name, value in sorted(variables.items())]
        (self.folder / "functions.env").write_text("".join(lines))

    def make_secrets(self):
        """Gives each source a secret that wants one and has none, and returns what the command line says of it."""
        command = [ROOT / ".tools" / "bin" / "landfall", "secrets", "generate"]
        environment = os.environ | {"LANDFALL_NOTE": str(self.note), "LANDFALL_CONFIG": str(self.configuration)}
        made = subprocess.run(command, env=environment, capture_output=True, text=True)
        if made.returncode:
            raise Trouble(made.stderr.strip())
        return made.stdout.strip()

    def logs(self):
        """Prints the functions' JSON lines, oldest first."""
        if not self.note.exists():
            raise Trouble("There is no stack. `make up` starts one.")
        note = json.loads(self.note.read_text())
        client = self.client("logs", note["endpoint"], note["region"])
        events = []
        for function in ("ingest", "consumer", "sweeper"):
            group = f"/aws/lambda/{note['stack']}/{function}"
            pages = client.get_paginator("filter_log_events").paginate(logGroupName=group)
            events += [event for page in pages for event in page["events"] if event["message"].startswith("{")]
        for event in sorted(events, key=lambda event: event["timestamp"]):
            print(event["message"].rstrip())

    @staticmethod
    def client(service, endpoint, region):
        return boto3.client(
            service,
            endpoint_url=endpoint,
            region_name=region,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )


def caller_environment(endpoint, region):
    """This process's environment, with every trace of a real AWS account replaced."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "SAM_CLI_TELEMETRY": "0",
    }


def quoted(json_text):
    """The text as cargo-lambda reads it in an environment file: in quotes, and written so that it has none within, nor
    what would be taken for the end of a line."""
    for text, code in (("\\\\", "\\u005c"), ("\\n", "\\u000a"), ("'", "\\u0027")):
        json_text = json_text.replace(text, code)
    return f"'{json_text}'"


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def alive(pid):
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["up", "down", "logs"])
    parser.add_argument("name", choices=list(FOLDERS))
    parser.add_argument("--port", type=int)
    arguments = parser.parse_args()
    stack = Stack(arguments.name)
    try:
        if arguments.command == "down":
            print("Stopped." if stack.stop() else "Nothing was running.")
            return
        if arguments.command == "logs":
            stack.logs()
            return
        began = time.monotonic()
        port, started = stack.start(arguments.port)
        print(f"MiniStack {'started' if started else 'runs'} on 127.0.0.1:{port}.", flush=True)
        print("Deploying infra/template.yaml ...", flush=True)
        deployed = stack.deploy(port)
        print(f"{'Deployed' if deployed else 'Nothing changed'} ({time.monotonic() - began:.0f} s).", flush=True)
        print(stack.make_secrets(), flush=True)
    except Trouble as trouble:
        sys.exit(f"{trouble}")


if __name__ == "__main__":
    main()
