"""A sample of what `make patterns` asks a hundred thousand times, always the same."""

import json
import subprocess
import sys
from urllib.parse import urlsplit

from harness import ROOT

sys.path += [str(ROOT / "tests" / "patterns")]

from testeventpattern import Asker, drawn_event


def test_conditions_are_answered_as_by_test_event_pattern(session_bench):
    asker = Asker(urlsplit(session_bench.note["endpoint"]).port)
    drawn = subprocess.run(
        [ROOT / ".tools" / "bin" / "patterns", "1", "300"], capture_output=True, text=True, check=True
    )
    for line in drawn.stdout.splitlines():
        pair = json.loads(line)
        assert asker.matches(pair["pattern"], drawn_event(line)) == pair["matches"], line
