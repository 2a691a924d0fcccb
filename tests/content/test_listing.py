"""The listing of a repository, brought up commit by commit, is always the whole tree of its newest commit."""

from __future__ import annotations

from pathlib import Path

from dulwich.index import commit_tree
from dulwich.objects import Blob, Commit
from dulwich.refs import Ref
from dulwich.repo import Repo
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.content.sources.repository import ContentRepository
from portal.content.sources.source import RepositorySource

# Names that are now a file and now a folder are among them.
PATHS = ("a", "a/b", "a/b/c", "a/d", "ab", "faq/x/id.md", "faq/x/facts.yaml", "faq/y", "faq/y/id.md", "site.yaml")
EDITS = st.lists(st.dictionaries(st.sampled_from(PATHS), st.sampled_from((None, b"1", b"2")), min_size=1), max_size=6)


def _fits(files: dict[str, bytes]) -> bool:
    return not any(other.startswith(f"{path}/") for path in files for other in files)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS)
def test_a_listing_that_follows_commits_is_the_tree(tmp_path_factory, edits) -> None:  # type: ignore[no-untyped-def]
    path: Path = tmp_path_factory.mktemp("listing") / "content.git"
    ContentRepository.create(path)
    source, held = RepositorySource(path), dict[str, bytes]()
    with Repo(str(path)) as repo:
        for edit in edits:
            wanted = {name: text for name, text in {**held, **edit}.items() if text is not None}
            if any(other.startswith(f"{name}/") for name in wanted for other in wanted):
                continue
            held = wanted
            blobs = {name: Blob.from_string(text) for name, text in held.items()}
            _commit(repo, blobs)
            assert source.listing() == {name: blob.id.decode() for name, blob in blobs.items()}


def _commit(repo: Repo, blobs: dict[str, Blob]) -> None:
    for blob in blobs.values():
        repo.object_store.add_object(blob)
    commit = Commit()
    commit.tree = commit_tree(repo.object_store, [(name.encode(), blob.id, 0o100644) for name, blob in blobs.items()])
    commit.author = commit.committer = b"Ina <ina@example.org>"
    commit.author_time = commit.commit_time = commit.author_timezone = commit.commit_timezone = 0
    commit.message = b"Edit"
    repo.object_store.add_object(commit)
    repo.refs[Ref(b"refs/heads/main")] = commit.id
