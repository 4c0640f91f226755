"""The harness' own arithmetic, and what it takes for granted. Nothing here is measured."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import deliveries
import figures
import flame
import goals
import instructions
import layout
import page
from blocks import FLOOR, LANDFALL
from contestants import Contestant
from standardwebhooks import Webhook, WebhookVerificationError
from stub import Unsound

# From callgrind's manual, "File Format", with a call and the compression of names that callgrind uses.
PROFILE = """\
# callgrind format
version: 1
events: Ir

fl=(1) /src/file.c
fn=(1) main
16 20
+4 400
cfn=(2) sha2::sha256::soft::compress
calls=3 20
16 300
-3 5
fn=(2)
20 300

fn=(3) memcpy
* 7
"""


def test_a_percentile_is_the_nearest_rank():
    # The nearest-rank method as NIST's handbook and others have it: of five values the third is the median.
    values = [15, 20, 35, 40, 50]
    assert [figures.percentile(values, share) for share in (0.05, 0.3, 0.4, 0.5, 1)] == [15, 20, 20, 35, 50]
    assert figures.percentile(range(1, 1_001), 0.99) == 990
    assert figures.percentile([7], 0.99) == 7


def test_a_ratio_is_taken_block_by_block():
    # A machine that is twice as slow during a block changes no ratio.
    assert figures.ratio([1, 2, 1], [4, 8, 5]) == (4, 4, 5)


def test_what_is_done_once_drops_out_of_a_difference():
    assert figures.per_event(1_000_000 + 40 * 7, 1_000_000 + 240 * 7, 40, 240) == 7


def test_a_rise_is_one_of_more_than_is_allowed():
    before = {"a": 1_000, "b": 1_000, "c": 1_000}
    found = figures.changes(before, {"a": 1_030, "b": 1_031, "c": 900, "d": 5}, 0.03)
    assert [path for path, (_, _, _, rises) in found.items() if rises] == ["b"]
    assert found["d"] == (None, 5, None, False)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.7634, "0.763"), (18.07, "18.1"), (604.4, "604"), (1_234_567, "1,234,567"), (0, "0"), (None, "-")],
)
def test_a_number_has_the_digits_that_count(value, text):
    assert figures.number(value) == text


def test_what_a_function_executes_by_itself_is_told_from_what_it_calls():
    costs = instructions.self_costs(PROFILE)
    assert costs == {"main": 425, "sha2::sha256::soft::compress": 300, "memcpy": 7}
    assert instructions.corrected(costs) == 432


def test_what_an_event_takes_is_told_by_what_it_is_about():
    few = {"malloc": 10, "<aws_smithy_types::Layer as core::fmt::Debug>::fmt": 100, "main": 7}
    many = {"malloc": 50, "<aws_smithy_types::Layer as core::fmt::Debug>::fmt": 300, "main": 7, "memcpy": 40}
    found = instructions.grouped(few, many, 1, 21)
    assert found == {
        "the SDK": 10,
        "the allocator": 2,
        "copies and comparisons": 2,
        "the standard library and others": 0,
    }


# Symbols of a release's programs, built by rustc 1.95 and by GCC and clang.
@pytest.mark.parametrize(
    ("symbol", "pattern"),
    [
        (
            "_ZN5bytes5bytes17shallow_clone_vec17h4b4a18f9f6fd268eE",
            "_ZN5bytes5bytes17shallow_clone_vec17h*",
        ),
        (
            "_ZN5tokio7runtime4task3raw7dealloc17hb21acb8ca73854e4E.2192",
            "_ZN5tokio7runtime4task3raw7dealloc17h*",
        ),
        (
            "_RNvXsZ_NtCslNYArtu3iFV_5alloc6stringNtB5_6StringNtNtCsgEmfK2I1SDS_4core3fmt5Write9write_str.2343",
            "_RNvXsZ_NtCs*_5alloc6stringNtB5_6StringNtNtCs*_4core3fmt5Write9write_str*",
        ),
        ("fill_with_entropy.constprop.0", "fill_with_entropy*"),
        ("aws_lc_0_47_0_RSA_verify", "aws_lc_*_RSA_verify"),
        ("ZSTD_buildCTable", "ZSTD_buildCTable"),
    ],
)
def test_a_function_is_known_again_in_another_build(symbol, pattern):
    assert layout.pattern(symbol) == pattern


def test_a_linker_puts_next_to_each_other_what_runs(tmp_path):
    hash, another = "17h4b4a18f9f6fd268eE", "17h0123456789abcdefE"
    listed = ["_ZN5bytes$LT$T$GT$", "_ZN6unlikely"]
    functions = {
        f"{listed[0]}{another}": "",
        f"_ZN6chilly{another}": "",
        f"{listed[1]}{another}": 'section(".text.unlikely._ZN6unlikely' + another + '"), ',
        f"_ZN4cold{another}": "",
        f"{listed[0]}{another}.7": "",
    }
    source = "".join(
        f'__attribute__(({where}noinline)) int f{at}(void) __asm__("{symbol}");\nint f{at}(void) {{ return {at}; }}\n'
        for at, (symbol, where) in enumerate(functions.items())
    )
    (tmp_path / "f.c").write_text(source + "int main(void) { return 0; }\n")
    (tmp_path / "layout.ld").write_text(layout.script({layout.pattern(name + hash) for name in listed}))
    command = ["cc", "-ffunction-sections", "-o", "program", "f.c", "-Tlayout.ld"]
    subprocess.run(command, cwd=tmp_path, check=True)
    symbols = subprocess.run(
        ["nm", "--numeric-sort", "program"], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout.split()
    in_order = [symbol for symbol in symbols if symbol in functions]
    assert sorted(in_order) == sorted(functions)
    in_order = [symbol.replace(another, "") for symbol in in_order]
    assert set(in_order[:3]) == {*listed, f"{listed[0]}.7"}
    assert in_order[3:] == ["_ZN4cold", "_ZN6chilly"]


def test_a_program_without_symbols_is_no_reason_for_an_empty_layout(tmp_path):
    (tmp_path / "f.c").write_text("int main(void) { return 0; }\n")
    subprocess.run(["cc", "-s", "-o", "program", "f.c"], cwd=tmp_path, check=True)
    stripped = Contestant("stripped", (str(tmp_path / "program"),), {}, (), "")
    with pytest.raises(Unsound, match="has no symbols"):
        layout.patterns(stripped, {"main"})


def test_the_layout_is_as_it_was_written():
    kept = (page.ROOT / "infra/package/layout.ld").read_text()
    found = re.findall(r"\*\(\.text\*\.(.*)\)", kept)
    assert len(found) > 1_000
    assert kept == layout.script(found)


@pytest.mark.parametrize(
    ("measured", "floor", "met"),
    [
        (5, 4, "yes"),
        (5, 6, "yes"),
        (6, 4, "no"),
        (6, 5, "no"),
        (7, 6, "no: the floor is 6.00"),
        (6, None, "no"),
        (None, 6, "-"),
    ],
)
def test_a_goal_is_met_or_not_or_lies_below_the_floor(measured, floor, met):
    assert goals.Goal("a figure", 5, measured, floor).met() == met


def raw(**factors):
    """A run of two blocks, of which the second is twice as slow: each contestant's figures are Landfall's so many times."""

    def block(factor):
        new = dict.fromkeys(("p50_ms", "p99_ms", "cpu_ms", "faults", "calls", "stub_cpu_ms"), factor)
        start = {"first_ms": factor, "cpu_ms": factor, "ready_ms": factor, "rss_bytes": factor}
        paths = dict.fromkeys(("new", "duplicate", "forged", "consumer"), new)
        warm = paths | {"rss_bytes": 20e6 * factor}
        return {"cold": [start], "cold_tls": [start], "warm": warm, "warm_tls": warm}

    whose = {
        "landfall": LANDFALL,
        "floor": FLOOR,
        "rust": "Rust, lambda_http",
        "python": "Python, boto3",
        "node": "Node",
    }
    factors = {whose[name]: factor for name, factor in ({"landfall": 1} | factors).items()}
    one = block(1)["warm"]["new"]
    body = {"4 MB": one | {"rss_bytes": 50e6}}
    return {
        "architecture": "x86_64",
        "contestants": list(factors),
        "blocks": [{name: block(slow * factor) for name, factor in factors.items()} for slow in (1, 2)],
        "system_calls": {name: {"read": 20 * factor} for name, factor in factors.items()},
        "package_bytes": {name: 4e6 * factor for name, factor in factors.items()},
        "bodies": body,
        "refusals": {"malformed": one},
        "sources": [{"sources": count, "cold": block(1)["cold"], "new": one} for count in (5, 1_000)],
        "sweeper": one,
        "scale": {"at_rest": [{"sources": count, "watched": {"calls": count / 20}} for count in (1, 1_000)]},
        "floor": {"bodies": {"4 MB": {"rss_bytes": 41e6}}, "refusals": {"malformed": one | {"cpu_ms": 0.25}}},
    }


def rows(table):
    return {
        cells[0]: cells[1:] for cells in ([cell.strip() for cell in row.split("|")[1:-1]] for row in table.split("\n"))
    }


def test_a_goal_shows_what_the_floor_comes_to_and_says_where_that_is_above_it():
    counted, floor = {"ingest, new event": 1_000_000, "ingest, forged": 210_000}, {"ingest, new event": 600_000}
    found = rows(goals.table(raw(floor=0.9, python=6), counted, floor | {"ingest, forged": 201_000}))
    assert found["instructions: ingest, new event"] == ["≤ 0.95 M", "1.00 M", "0.600 M", "no"]
    assert found["instructions: ingest, forged"] == ["≤ 0.2 M", "0.210 M", "0.201 M", "no: the floor is 0.201 M"]
    assert found["instructions: ingest, duplicate"] == ["≤ 1.05 M", "-", "-", "-"]
    assert found["system calls per new event"] == ["≤ 16", "20.0", "18.0", "no: the floor is 18.0"]
    assert found["peak memory with bodies of 4 MiB, MB"] == ["≤ 40", "50.0", "41.0", "no: the floor is 41.0"]
    assert found["zip of ingest, x86_64, MB"] == ["≤ 3.5", "4.00", "3.60", "no: the floor is 3.60"]
    assert found["calls of a sweep at rest, 1,000 watched sources"] == ["≤ 100", "50.0", "-", "yes"]
    assert found["start with 1,000 sources, more than with 5, ms"] == ["≤ 3", "0", "-", "yes"]
    # Six times Landfall's is 6.7 times the floor's.
    assert found["p50, against the best of Python and Node"] == ["≤ 1/5", "1/6.0", "1/6.7", "yes"]
    name = "processor per event, http, against the best of Python and Node"
    assert found[name] == ["≤ 1/7", "1/6.0", "1/6.7", "no: the floor is 1/6.7"]


def test_the_goals_are_held_against_the_best_of_python_and_node_and_not_against_rust():
    found = rows(goals.table(raw(floor=0.5, rust=2, python=9, node=8), {}, {}))
    assert found["p99, against the best of Python and Node"] == ["≤ 1/5", "1/8.0", "1/16", "yes"]
    assert not any("best" in name for name in rows(goals.table(raw(floor=0.5, rust=2), {}, {})))


def test_a_run_without_a_floor_shows_none():
    found = rows(goals.table(raw(python=6), {"ingest, forged": 210_000}, {}))
    assert {cells[2] for cells in found.values()} == {"floor", "--:", "-"}
    assert found["system calls per new event"][3] == "no"


def test_the_floor_stands_beside_landfall_and_is_none_of_the_receivers_of_the_readme():
    found = raw(floor=0.5, rust=2)
    assert rows(page.ratios(found))[FLOOR][0] == "0.50 (0.50 to 0.50)"
    assert rows(page.ratios(found))["Rust, lambda_http"][0] == "2.0 (2.0 to 2.0)"
    assert [cells[2] for path, cells in rows(page.paths(found)).items() if path.startswith("ingest, ")] == [
        *["0.750"] * 3,
        "0.250",
    ]
    assert [name for name in rows(page.summary(found)) if name in (LANDFALL, FLOOR)] == [LANDFALL]


def test_the_tables_can_be_made_of_what_the_repository_keeps():
    kept = json.loads((page.ROOT / "docs" / "evidence" / "performance.json").read_text())
    parts = page.tables(kept, instructions.kept(), instructions.kept(instructions.FLOOR_COUNTS))
    assert {*parts, "instructions", "groups"} == set(page.PARTS)


def test_every_delivery_is_as_large_as_is_asked_and_the_same_again():
    for size in (200, 2_048, 20_480, 204_800):
        assert len(deliveries.body(7, size)) == size
        assert json.loads(deliveries.body(7, size))["type"] == "invoice.paid"
    assert deliveries.body(7) == deliveries.body(7) != deliveries.body(8)


def test_deliveries_are_signed_as_the_official_library_has_it_and_refusals_are_not():
    def is_taken(delivery):
        try:
            Webhook(deliveries.SECRET).verify(delivery.body, delivery.headers)
        except WebhookVerificationError:
            return False
        return True

    assert is_taken(deliveries.delivery(1))
    assert is_taken(deliveries.delivery(1, signatures=4))
    for made in (deliveries.forged, deliveries.corrupted, deliveries.malformed):
        assert not is_taken(made(1)), made


def test_batches_are_full_but_for_the_last():
    batches = deliveries.batches([{"messageId": str(number)} for number in range(25)])
    assert [len(json.loads(batch)["Records"]) for batch in batches] == [10, 10, 5]


def test_a_part_of_the_page_is_replaced_between_its_marks_and_nothing_else():
    before = "A\n<!-- bench: paths -->\nold\n<!-- end -->\nB\n<!-- bench: lag -->\nkept\n<!-- end -->\n"
    after = page.update(before, {"paths": "| new |"})
    assert after == before.replace("old", "| new |")


def test_a_part_must_have_a_place_in_one_of_the_pages(tmp_path):
    one, other = tmp_path / "one.md", tmp_path / "other.md"
    one.write_text("<!-- bench: paths -->\n<!-- end -->\n")
    other.write_text("<!-- bench: lag -->\n<!-- end -->\n")
    page.write([one, other], {"paths": "p", "lag": "l"})
    assert one.read_text() == "<!-- bench: paths -->\np\n<!-- end -->\n"
    assert other.read_text() == "<!-- bench: lag -->\nl\n<!-- end -->\n"
    with pytest.raises(ValueError, match="nowhere"):
        page.write([one, other], {"nowhere": ""})


def test_the_pages_have_a_place_for_every_part():
    text = (page.ROOT / "docs" / "performance.md").read_text() + (page.ROOT / "README.md").read_text()
    for part in page.PARTS:
        assert f"<!-- bench: {part} -->" in text


PERF_SCRIPT = """ingest 1 1.0: 1 cpu-clock:
\t  10 core::fmt::write+0x1 (/x/ingest)
\t  11 ingest::receive::receive::{{closure}}+0x9 (/x/ingest)
\t  12 <tracing::instrument::Instrumented<T> as core::future::future::Future>::poll::h0123456789abcdef+0x2 (/x/ingest)
\t  13 _start+0x2 (/x/ingest)

ingest 1 1.0: 1 cpu-clock:
\t  14 tcp_sendmsg+0x1 ([kernel.kallsyms])
\t  11 ingest::receive::receive::{{closure}}+0x9 (/x/ingest)
"""


def test_a_sample_is_who_called_whom_without_what_stands_between():
    assert list(flame.stacks(PERF_SCRIPT)) == [
        ["ingest::receive::receive", "core::fmt::write"],
        ["ingest::receive::receive", "tcp_sendmsg [k]"],
    ]


def test_a_frame_is_as_wide_as_its_share_of_the_samples():
    root = flame.Frame("a new event")
    for stack in flame.stacks(PERF_SCRIPT):
        root.add(stack)
    drawn = flame.draw(root, "a note")
    widths = re.findall(r"<title>([^<]+): ([\d.]+)%</title><rect [^>]*width=\"([\d.]+)\"", drawn)
    assert widths == [
        ("a new event", "100.0", "1200.0"),
        ("ingest::receive::receive", "100.0", "1200.0"),
        ("core::fmt::write", "50.0", "600.0"),
        ("tcp_sendmsg [k]", "50.0", "600.0"),
    ]
    assert "a note" in drawn
