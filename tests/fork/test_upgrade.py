"""A project takes a later release without a conflict, though the release changes every file that isn't the project's."""

import subprocess

import pytest
from project import HANDLERS, OWN, ROOT, SOURCES, copy, make_own

# A project says in which account and region it lives, in the sections of its own stacks.
STACKS = "samconfig.toml"


@pytest.fixture
def git(tmp_path):
    """Runs git in a repository whose branch `main` is Landfall's, with a first release."""
    folder = tmp_path / "project"

    def git(*arguments, check=True):
        by = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
        return subprocess.run(["git", *by, *arguments], cwd=folder, capture_output=True, text=True, check=check)

    copy(folder)
    git("init", "--quiet", "--initial-branch", "main")
    commit(git, "The first release")
    git.folder = folder
    return git


def commit(git, message):
    git("add", "--all")
    git("commit", "--quiet", "--message", message)


def change(folder, name, old, new):
    file = folder / name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def release(git):
    """Changes the first and the last line of every file that isn't a project's, and adds and removes some."""
    for name in git("ls-files").stdout.splitlines():
        file = git.folder / name
        if name in (SOURCES, STACKS) or name.startswith(f"{HANDLERS}/"):
            continue
        try:
            text = file.read_text()
        except UnicodeDecodeError:
            continue
        file.write_text(f"changed\n{text}\nchanged\n")
    # Of this one only the stacks on AWS are a project's.
    change(git.folder, STACKS, "version = 0.1", "version = 0.2")
    change(git.folder, STACKS, "SecretTtlSeconds=2", "SecretTtlSeconds=3")
    (git.folder / "docs" / "new.md").write_text("new\n")
    (git.folder / "CHANGELOG.md").unlink()
    commit(git, "A later release")


def test_a_later_release_is_merged_without_a_conflict(git):
    git("switch", "--quiet", "--create", "ours")
    make_own(git.folder)
    change(git.folder, STACKS, 'stack_name = "landfall-live"', 'stack_name = "acme-webhooks"')
    change(
        git.folder,
        STACKS,
        '"Environment=live", "ConsumerConcurrency=50", "Dashboard=true", "GradualDeployment=true"]',
        '"Environment=live", "ConsumerConcurrency=50", "Dashboard=true", "GradualDeployment=true", "LogDays=30"]',
    )
    change(git.folder, STACKS, 'HandlerSettings="{}"', 'HandlerSettings="{\\"greeting\\": \\"hello\\"}"')
    commit(git, "Two sources, a route and a handler of our own")
    git("switch", "--quiet", "main")
    release(git)
    git("switch", "--quiet", "ours")

    merged = git("merge", "--no-edit", "main", check=False)

    assert merged.returncode == 0, merged.stdout + merged.stderr
    for name, text in OWN.items():
        assert (git.folder / name).read_text() == text
    assert git("ls-files", HANDLERS).stdout.splitlines() == sorted(name for name in OWN if name.startswith(HANDLERS))
    assert (git.folder / "infra" / "template.yaml").read_text().startswith("changed\n")
    stacks = (git.folder / STACKS).read_text()
    assert all(
        part in stacks for part in ("version = 0.2", "SecretTtlSeconds=3", '"acme-webhooks"', "LogDays=30", "hello")
    )


def test_what_is_the_projects_is_said_on_the_page(git):
    page = (ROOT / "docs" / "upgrading.md").read_text()

    assert all(f"`{name}`" in page for name in (SOURCES, f"{HANDLERS}/", STACKS))
