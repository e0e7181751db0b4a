"""One index on disk: numbered generations in a folder, of which the file `current` names the one that is read.

One writer at a time, whichever process it is in; readers never wait for it. A rebuild fills the next generation while
the present one goes on being read and written, takes over what was written meanwhile, and then moves `current`.
"""

import contextlib
import functools
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from whoosh.index import _DEF_INDEX_NAME, TOC, EmptyIndexError, FileIndex, LockError
from whoosh.query import Or, Term
from whoosh.util.filelock import FileLock, try_for

from .clauses import Clause
from .documents import KEY, Document, schema
from .snapshot import Mapped, Scores, Snapshot

Read = Callable[[Sequence[str]], Iterable[Document]]

PATIENCE = 5.0
MEMORY_MB = 64
ATTEMPTS = 5


@functools.cache
def folder(path: Path, process: int) -> "Folder":
    """The one Folder of a path in this process (pass os.getpid(): a fork must not share open files)."""
    return Folder(path)


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._guard = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._stamp = (0, 0)

    # ── reading ──

    def find(self, clause: Clause) -> Scores:
        """Key and score of every document that a clause matches, as the index stands now."""
        with self._guard:
            for _ in range(ATTEMPTS):
                # a merge or a rebuild may remove what we are about to open
                with contextlib.suppress(FileNotFoundError, EmptyIndexError):
                    return self._find(clause)
                self._close()
            return self._find(clause)

    def _find(self, clause: Clause) -> Scores:
        number = self._number()
        if number is None:
            return {}
        stamp = (number, TOC._latest_generation(self._files(number), _DEF_INDEX_NAME))
        if self._snapshot is None or stamp != self._stamp:
            self._snapshot, self._stamp = self._fresh(number), stamp
        return self._snapshot.find(clause)

    def _fresh(self, number: int) -> Snapshot:
        """Opened anew: Whoosh's own refresh keeps segments that a merge has already replaced."""
        known = self._snapshot.keys_of_segment if self._snapshot else {}
        self._close()
        return Snapshot(self._index(number), known)

    def _close(self) -> None:
        if self._snapshot:
            self._snapshot.close()
        self._snapshot = None

    # ── writing ──

    def replace(self, keys: Sequence[str], read: Read) -> None:
        """Take out the documents of these keys and put in what `read(keys)` gives, in one commit.

        `read` is called when the writer is ours, so that of two processes the later one also has read later.
        """
        with self._lock("writing", PATIENCE):
            number = self._begun()
            self._note(keys)
            self._write(number, keys, read)

    def empty(self) -> None:
        with self._lock("rebuilding", 0), self._lock("writing", PATIENCE):
            self._point(self._make(self._begun() + 1))

    def _write(self, number: int, keys: Sequence[str], read: Read) -> None:
        writer = self._index(number).writer(limitmb=MEMORY_MB, compound=False)
        try:
            writer.delete_by_query(Or([Term(KEY, key) for key in keys]))
            for content in read(keys):
                writer.add_document(**content)
        except BaseException:
            writer.cancel()
            raise
        writer.commit()

    @contextlib.contextmanager
    def _lock(self, name: str, patience: float) -> Iterator[None]:
        self.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(self.path / f"{name}.lock"))
        if not try_for(lock.acquire, timeout=patience, delay=0.02):
            raise LockError(f"Another process is {name} the index {self.path.name}.")
        try:
            yield
        finally:
            lock.release()

    # ── rebuilding ──

    @contextlib.contextmanager
    def rebuilding(self, read: Read) -> Iterator[Callable[[Document], None]]:
        """Yields what takes the documents of the next generation, which is current when the block has ended well."""
        with self._lock("rebuilding", 0):
            with self._lock("writing", PATIENCE):
                number = self._make(self._begun() + 1)
                self._changed.touch()
            writer = self._index(number).writer(limitmb=MEMORY_MB, compound=False)
            try:
                yield lambda content: writer.add_document(**content)
            except BaseException:
                writer.cancel()
                self._changed.unlink()
                raise
            writer.commit()
            with self._lock("writing", 10 * PATIENCE):
                if changed := self._changed.read_text().splitlines():
                    self._write(number, list(dict.fromkeys(changed)), read)
                self._point(number)
                self._changed.unlink()

    @property
    def _changed(self) -> Path:
        return self.path / "changed"

    def _note(self, keys: Sequence[str]) -> None:
        """Write down for a rebuild what has changed since it began; a rebuild that died leaves nothing to do."""
        if not self._changed.exists():
            return
        try:
            with self._lock("rebuilding", 0):
                self._changed.unlink(missing_ok=True)
        except LockError:
            with self._changed.open("a") as notes:
                notes.writelines(f"{key}\n" for key in keys)

    # ── generations ──

    def _number(self) -> int | None:
        try:
            return int((self.path / "current").read_text())
        except FileNotFoundError:
            return None

    def _begun(self) -> int:
        """The current generation, an empty one if this is the first that is written."""
        number = self._number()
        if number is None:
            number = self._make(1)
            self._point(number)
        return number

    def _files(self, number: int) -> Mapped:
        return Mapped(str(self.path / str(number)))

    def _index(self, number: int) -> FileIndex:
        return FileIndex(self._files(number), schema())

    def _make(self, number: int) -> int:
        place = self.path / str(number)
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        FileIndex.create(self._files(number), schema())
        return number

    def _point(self, number: int) -> None:
        """Move `current` at once, and remove every other generation: a reader inside one opens the new one."""
        passing = self.path / f"current.{os.getpid()}"
        passing.write_text(str(number))
        passing.replace(self.path / "current")
        for place in self.path.iterdir():
            if place.name.isdecimal() and int(place.name) != number:
                shutil.rmtree(place, ignore_errors=True)
