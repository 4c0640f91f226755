"""What the pages name is there: links and their anchors, files, the template's parameters, outputs and alarms, metrics.

What their blocks say to `landfall` and `make` is parsed by the command line's own tests, and what they say to other programs
looked up by test_readme.py."""

import json
import re

import pytest
from harness import ROOT
from samcli.yamlhelper import yaml_parse
from test_template import ALARMS, TEMPLATE, watched

FRONT = yaml_parse((ROOT / "infra" / "front.yaml").read_text())
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("shared/*/README.md"), ROOT / "fuzz/README.md"]
)
# Whose files are called as they were when its runs were made, as it says.
AS_IT_WAS = ROOT / "docs/evidence/mutants.md"

# What makes something of a word: a name that whoever reads chooses.
CHOSEN = re.compile(r"\b(?:NAME|TARGET)\b")
# Made by what the page speaks of.
MADE = {"fuzz/artifacts"}
# A project's own, in which the examples may be no more.
OWN = "functions/consumer/src/handlers"


def called(page):
    return str(page.relative_to(ROOT))


def text_of(page):
    """A page without its code blocks."""
    return re.sub(r"^ *```.*?^ *```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)


def quoted(page):
    """What stands between backquotes in a page's sentences."""
    return re.findall(r"`([^`\n]+)`", text_of(page))


def anchors(page):
    """The names that GitHub gives a page's headings."""
    headings = re.findall(r"^#+ (.*)$", text_of(page), re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w -]", "", heading.strip()).replace(" ", "-") for heading in plain}


def table(page, head):
    """The rows below this head, cell by cell."""
    lines = (ROOT / page).read_text().split(f"\n{head}\n")[1].splitlines()[1:]
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))])
    assert rows
    return rows


@pytest.mark.parametrize("page", PAGES, ids=called)
def test_every_link_within_the_repository_leads_somewhere(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or target.suffix != ".md" or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=called)
def test_every_file_that_a_page_names_is_there(page):
    made = ("target", ".tools", ".landfall", ".aws-sam")
    folders = {entry.name for entry in ROOT.iterdir() if entry.is_dir() and entry.name not in made}
    for word in quoted(page):
        path = word.rstrip("/")
        if not re.fullmatch(r"[\w./-]+", path) or path.split("/")[0] not in folders or "/" not in path:
            continue
        if path not in MADE and not path.startswith(OWN):
            assert list(ROOT.glob(CHOSEN.sub("*", path))), word


@pytest.mark.parametrize("page", [page for page in PAGES if page != AS_IT_WAS], ids=called)
def test_every_program_that_a_page_names_by_its_file_is_there(page):
    names = [word for word in quoted(page) if re.fullmatch(r"[\w-]+\.(?:py|rs|yaml|yml|mjs|tf)", word)]
    some = ("bench", "cli", "docs", "functions", "fuzz", "infra", "local", "shared", "tests", ".github")
    for name in names:
        assert any(any((ROOT / folder).rglob(name)) for folder in some), name


@pytest.mark.parametrize("page", PAGES, ids=called)
def test_parameters_and_outputs_that_a_page_names_are_the_templates(page):
    text, words = text_of(page), quoted(page)
    parameters = {word.split("=")[0] for word in words if re.match(r"[A-Z][A-Za-z]+=", word)}
    parameters |= set(re.findall(r"parameters? `([A-Z]\w+)`", text))
    # What `make` is told stands in capitals.
    parameters = {name for name in parameters if not name.isupper()}
    assert parameters <= TEMPLATE["Parameters"].keys() | FRONT["Parameters"].keys()
    outputs = set(re.findall(r"outputs? `([A-Z]\w+)`", text))
    assert outputs <= TEMPLATE["Outputs"].keys() | FRONT["Outputs"].keys()


@pytest.mark.parametrize("page", PAGES, ids=called)
def test_alarms_and_metrics_that_a_page_names_are_there(page):
    alarms = {word for word in quoted(page) if re.fullmatch(r"[A-Z]\w+Alarm", word)}
    assert alarms <= ALARMS.keys()
    code = (ROOT / "shared" / "aws" / "src" / "metrics" / "mod.rs").read_text()
    ours = re.findall(r'= "([\w.]+)", "(?:Count|Milliseconds)"', code)
    families = "|".join({name.split(".")[0] for name in ours} - {"body", "ingest"})
    metrics = {word for word in quoted(page) if re.fullmatch(rf"(?:{families})\.\w+", word)}
    assert metrics <= set(ours)


def test_the_table_of_alarms_has_each_of_them_with_what_it_watches():
    rows = table("docs/alarms.md", "| alarm | metric | raised by | what to do |")
    assert sorted(row[0].strip("`") for row in rows) == sorted(ALARMS)
    for name, metric, _, what_to_do in rows:
        for _, watches, _ in watched(name.strip("`")):
            assert f"`{watches}`" in metric, name
        assert re.fullmatch(r"\[.*\]\(#.*\)", what_to_do), name


def test_what_the_first_day_says_of_the_smoke_test_is_about_steps_that_it_has():
    code = (ROOT / "local" / "smoke.py").read_text()
    steps = re.findall(r'^    \("([^"]+)", "[^"]*", Smoke\.\w+\),$', code, re.MULTILINE)
    assert len(steps) > 20
    for line, _ in table("docs/first-day.md", "| line | if it says otherwise |"):
        for part in line.split(", "):
            assert any(step.startswith(part) for step in steps), line


def test_every_provider_that_proves_the_endpoint_is_on_the_page_of_handshakes():
    said = " ".join(row[1] for row in table("docs/handshakes.md", "| what must be proven | providers | else |"))
    for provider in json.loads((ROOT / "docs" / "catalogue.json").read_text())["providers"]:
        if provider["handshakes"]:
            first = re.escape(provider["title"].split(" ")[0])
            assert re.search(rf"(?<!\w){first}(?!\w)", said), provider["title"]


def test_every_word_that_the_configuration_takes_is_in_the_reference():
    def words(schema):
        if isinstance(schema, dict):
            yield from (word for word in schema.get("enum", []) if isinstance(word, str))
            schema = list(schema.values())
        if isinstance(schema, list):
            for inner in schema:
                yield from words(inner)

    taken = set(words(json.loads((ROOT / "infra" / "landfall.schema.json").read_text())))
    providers = json.loads((ROOT / "docs" / "catalogue.json").read_text())["providers"]
    taken -= {provider["name"] for provider in providers}
    pages = "".join((ROOT / "docs" / page).read_text() for page in ("configuration.md", "handshakes.md"))
    assert len(taken) > 40
    assert not [word for word in taken if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", pages)]


def test_the_readme_leads_to_every_page():
    readme = (ROOT / "README.md").read_text()
    assert not [page for page in ROOT.glob("docs/**/*.md") if f"({called(page)}" not in readme]


def test_the_glossary_is_in_order_and_has_each_word_once():
    words = [row[0].lower() for row in table("docs/glossary.md", "| word | what it means |")]
    assert words == sorted(set(words))


def test_the_readme_asks_for_the_oldest_rust_and_python_that_will_do():
    readme = (ROOT / "README.md").read_text()
    rust = re.search(r'^rust-version = "(.*)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]
    assert f"Rust ({rust} or newer)" in readme
    python = re.search(r"Python (3\.\d+), the oldest", (ROOT / "local" / "requirements-sam.txt").read_text())[1]
    for page in ("README.md", "CONTRIBUTING.md"):
        assert f"Python {python} or newer" in (ROOT / page).read_text()


def written(kind, folder, name):
    """Whether a crate has this program, example or file of tests."""
    places = {"--test": "tests", "--example": "examples", "--bin": "src/bin"}
    named = f'name = "{name}"' in (folder / "Cargo.toml").read_text()
    place = folder / places[kind]
    return named or (place / f"{name}.rs").is_file() or (place / name).is_dir()


@pytest.mark.parametrize("page", PAGES, ids=called)
def test_what_a_page_says_to_cargo_names_crates_programs_and_tests_that_are_there(page):
    manifests = [
        file
        for place in ("bench", "cli", "functions", "shared", "tests")
        for file in (ROOT / place).rglob("Cargo.toml")
    ]
    crates = {re.search(r'^name = "(.*)"', file.read_text(), re.MULTILINE)[1]: file.parent for file in manifests}
    for words in re.findall(r"\bcargo ((?:test|run|build|clippy) [^`\n#|>&]*)", page.read_text()):
        words = words.split(" -- ")[0].split()
        after = dict(zip(words, words[1:]))
        crate = after.get("-p") or after.get("--package")
        assert crate is None or crate in crates, words
        some = [crates[crate]] if crate else crates.values()
        for kind in ("--test", "--example", "--bin"):
            assert kind not in after or any(written(kind, folder, after[kind]) for folder in some), words
        last = words[-1] if words[0] == "test" and crate and re.fullmatch(r"[a-z]\w+", words[-1]) else ""
        if last and last not in (crate, after.get("--test")):
            assert any(
                last in file.read_text() or last == file.stem or last in file.parts
                for file in crates[crate].rglob("*.rs")
            ), words


def test_every_requirement_is_shown_by_something():
    page = (ROOT / "docs" / "requirements.md").read_text()
    rows = re.findall(r"^\| (R\d+) \|.*\| ([^|]*) \|$", page, re.MULTILINE)
    assert [name for name, _ in rows] == [f"R{number}" for number in range(1, len(rows) + 1)]
    for name, shown in rows:
        assert "`" in shown or "not tried" in shown, name
