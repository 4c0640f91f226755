"""Who is measured: Landfall's functions, the floor below them, and the peers that people write in their place."""

import io
import os
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

from blocks import FLOOR, LANDFALL

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "bench" / "landfall.toml"
PEERS = ROOT / ".tools" / "bench"


@dataclass(frozen=True)
class Contestant:
    """A receiver as a process."""

    name: str
    command: tuple
    # SQS stands for the address of the stub as a queue's: Node's SDK calls a queue where its URL says.
    environment: dict
    # What its package holds: folders and files.
    package: tuple
    # The table in which it has an event.
    table: str
    # Who works on its tickets.
    consumer: "Contestant | None" = None


def functions(folder, config=CONFIG):
    """Landfall's three functions, as they were built in this folder, by name."""
    told = {
        "LANDFALL_CONFIG": str(config),
        "LANDFALL_ENVIRONMENT": "test",
        "LANDFALL_STACK": "landfall-bench",
        "LANDFALL_SOURCE_METRICS": "true",
        "LANDFALL_TABLE": "ledger",
        "LANDFALL_INDEX": "by_time",
        "LANDFALL_QUEUE_URL": "SQS/123456789012/tickets",
        "LANDFALL_DLQ_URL": "SQS/123456789012/letters",
        "LANDFALL_BUCKET": "bodies",
        "LANDFALL_ENROLMENT_TABLE": "enrolment",
        "LANDFALL_PROJECTION_TABLE": "projection",
        "LANDFALL_SECRET_ID": "stack",
        "LANDFALL_DESTINATION_SECRET_ID": "destinations",
        # Longer than any run: that secrets are read again is a call every some minutes, and belongs to no event.
        "LANDFALL_SECRET_TTL_SECONDS": "3600",
        "LANDFALL_INLINE_BODY_BYTES": "262144",
        "LANDFALL_SHARDS": "1",
        "LANDFALL_HANDLER_SETTINGS": "{}",
        "LANDFALL_TRIES": "8",
        "LANDFALL_BACKOFF_BASE_SECONDS": "5",
        "LANDFALL_BACKOFF_MAX_SECONDS": "900",
        "LANDFALL_CONCURRENCY": "10",
        "LANDFALL_VISIBILITY_TIMEOUT_SECONDS": "360",
        "LANDFALL_SWEEP_AGES_SECONDS": "120,900,7200,57600,432000",
    }
    found = {
        name: Contestant(
            name=LANDFALL if name == "ingest" else f"Landfall {name}",
            command=(str(folder / name),),
            environment=told,
            package=(folder / name, CONFIG),
            table="ledger",
        )
        for name in ("ingest", "consumer", "sweeper")
    }
    return found | {"ingest": replace(found["ingest"], consumer=found["consumer"])}


def floor(folder):
    """What Landfall's crates cost by themselves (bench/floor), built in the same folder."""
    told = {
        "TABLE": "ledger",
        "QUEUE_URL": "SQS/123456789012/tickets",
        "BUCKET": "bodies",
        "PROJECTION_TABLE": "projection",
        "SECRET_ID": "webhook",
    }
    ingest, consumer = (
        Contestant(name, (str(folder / program),), told, (folder / program,), "ledger")
        for name, program in ((FLOOR, "floor-ingest"), ("The floor of the consumer", "floor-consumer"))
    )
    return replace(ingest, consumer=consumer)


def peers():
    told = {
        "TABLE": "events",
        "QUEUE_URL": "SQS/123456789012/events",
        "SECRET_ID": "webhook",
        "PYTHONPATH": str(PEERS / "python"),
        "POWERTOOLS_SERVICE_NAME": "webhooks",
        "POWERTOOLS_LOG_LEVEL": "INFO",
        # What Lambda's Python runtime sets.
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    def python(name, module, *packages):
        site = next((PEERS / "python" / "lib").glob("python3*")) / "site-packages"
        return Contestant(
            name=name,
            command=(str(PEERS / "python" / "bin" / "python"), "-m", "awslambdaric", f"{module}.lambda_handler"),
            environment=told,
            package=(PEERS / "python" / f"{module}.py", *(site / package for package in packages)),
            table="events",
        )

    def node(name, module):
        bundle = PEERS / "node" / "bundle" / f"{module}.mjs"
        return Contestant(
            name=name,
            command=("node", str(PEERS / "node" / "runtime.mjs"), str(bundle)),
            environment=told,
            package=(bundle,),
            table="events",
        )

    sdk = ("boto3", "botocore", "s3transfer", "urllib3", "dateutil", "jmespath", "six.py")
    models = ("aws_lambda_powertools", "pydantic", "pydantic_core", "annotated_types", "typing_inspection")
    return [
        python("Python, boto3", "plain", *sdk),
        python("Python, Powertools", "powertools", *sdk, *models, "typing_extensions.py"),
        node("Node, SDK v3 bundled", "plain"),
        node("Node, Powertools", "powertools"),
    ]


def package_bytes(contestant):
    """The size of its package as a zip file."""
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
            for path in contestant.package:
                for found in sorted(path.rglob("*")) if path.is_dir() else [path]:
                    if found.is_file() and "__pycache__" not in found.parts:
                        package.write(found, os.path.relpath(found, path.parent))
        return file.tell()
