"""One index, several processes: one writes, others read, one is killed."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.whoosh.clauses import Everything
from search.whoosh.folder import Folder

ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import itertools, sys
from pathlib import Path
from search.whoosh import words
from search.whoosh.folder import Folder

def read(keys):
    return [{"key": key, "labels": {"x": 1.0}, "t_title": words.weighed(f"路灯 {key} 号")} for key in keys]

folder, count = Folder(Path(sys.argv[1])), int(sys.argv[2])
for turn in itertools.count() if count < 0 else range(count):
    folder.replace([str(turn * 10 + place) for place in range(10)], read)
    print(turn, flush=True)
"""


@contextlib.contextmanager
def writer(path: Path, turns: int) -> Iterator[subprocess.Popen[str]]:
    """A process that commits ten documents at a time, and says so; it is killed if it still runs at the end."""
    command = [sys.executable, "-c", WRITER, str(path), str(turns)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_another_process_sees_a_commit_at_once(tmp_path):
    folder = Folder(tmp_path)
    with writer(tmp_path, 3) as process:
        assert process.stdout
        seen = [(int(line) + 1) * 10 <= len(folder.find(Everything())) for line in process.stdout]
    assert seen == [True] * 3


def test_a_writer_killed_while_it_commits_leaves_what_was_committed(tmp_path):
    for attempt in range(4):
        with writer(tmp_path, -1) as process:
            assert process.stdout
            while int(process.stdout.readline()) < 2:
                pass
            time.sleep(0.013 * attempt)
        found = len(Folder(tmp_path).find(Everything()))
        assert (found >= 30, found % 10) == (True, 0)
    with writer(tmp_path, 1) as process:
        assert process.wait(20) == 0


def test_two_writers_take_turns(tmp_path):
    with writer(tmp_path, 8) as one, writer(tmp_path, 8) as other:
        assert [one.wait(60), other.wait(60)] == [0, 0]
    assert len(Folder(tmp_path).find(Everything())) == 80


def test_a_rebuild_that_died_leaves_the_index_as_it_was(tmp_path):
    with writer(tmp_path, 1) as process:
        process.wait(20)
    folder = Folder(tmp_path)
    rebuild = folder.rebuilding(lambda keys: [])
    rebuild.__enter__()
    del rebuild
    assert len(folder.find(Everything())) == 10

    with folder.rebuilding(lambda keys: []):
        pass
    assert folder.find(Everything()) == {}
    assert sorted(place.name for place in tmp_path.iterdir()) == ["2", "current", "rebuilding.lock", "writing.lock"]


def test_a_segment_whose_files_are_being_removed_is_never_half_read(tmp_path):
    with writer(tmp_path, 1) as process:
        process.wait(20)
    for column in tmp_path.glob("*/*.col"):
        column.unlink()
    with pytest.raises(FileNotFoundError):
        Folder(tmp_path).find(Everything())
