"""Walk the files of an input, each once, whatever links lead to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from labels.pipeline.schema import Reject, rejected

STANDARD_INPUT = Path("-")


@dataclass(frozen=True)
class InputFile:
    """A file to read."""

    path: Path
    name: str  # below the folder that was given; no two files have the same
    is_given: bool = False  # named itself, not found in a folder


def walk(paths: Sequence[Path]) -> Iterator[InputFile | Reject]:
    """List the files of the given files and folders, folders recursively, sorted by name.

    Hidden files are passed over. A link to what is read anyway is passed over too; a link to a
    folder elsewhere is followed, once. What is given twice is a reject, and so is a link to a
    folder that holds the link.
    """
    yield from _Walk([path.resolve() for path in paths if path.is_dir()]).all_of(paths)


@dataclass
class _Walk:
    roots: list[Path]
    folders: set[Path] = field(default_factory=set)  # real paths of what was read
    files: set[Path] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def all_of(self, paths: Sequence[Path]) -> Iterator[InputFile | Reject]:
        """List the files of what was given, in its order."""
        for path in paths:
            if path == STANDARD_INPUT:
                yield InputFile(path, self._new_name("stdin", path), is_given=True)
            elif path.is_dir():
                real = path.resolve()
                if real in self.folders:
                    yield _twice(path)
                else:
                    yield from self._folder(path, path, real)
            else:
                yield from self._file(path, path.name, path.resolve(), is_given=True)

    def _folder(self, root: Path, folder: Path, real: Path) -> Iterator[InputFile | Reject]:
        if real in self.folders:
            return
        self.folders.add(real)
        try:
            entries = sorted(folder.iterdir())
        except OSError as error:
            found = f"cannot list the folder: {error.strerror}"
            yield rejected(str(folder), "unreadable", found)
            return
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_symlink():
                yield from self._link(root, entry, real)
            elif entry.is_dir():
                yield from self._folder(root, entry, real / entry.name)
            else:
                name = entry.relative_to(root).as_posix()
                yield from self._file(entry, name, real / entry.name)

    def _link(self, root: Path, entry: Path, folder: Path) -> Iterator[InputFile | Reject]:
        try:
            target = entry.resolve(strict=True)
        except (OSError, RuntimeError):  # it leads nowhere, or to itself
            yield rejected(str(entry), "broken_link", "expected a file or a folder, found neither")
            return
        if self._is_read_anyway(target):
            return
        if not target.is_dir():
            yield from self._file(entry, entry.relative_to(root).as_posix(), target)
        elif folder.is_relative_to(target) or any(
            given.is_relative_to(target) for given in self.roots
        ):
            found = f"expected a folder elsewhere, found {target}, which holds the link"
            yield rejected(str(entry), "linked_folder", found)
        else:
            yield from self._folder(root, entry, target)

    def _is_read_anyway(self, target: Path) -> bool:
        """Whether a path lies in a folder that was given, and not in a hidden one."""
        for given in self.roots:
            if target.is_relative_to(given):
                parts = target.relative_to(given).parts
                return not any(part.startswith(".") for part in parts)
        return False

    def _file(
        self, path: Path, name: str, real: Path, *, is_given: bool = False
    ) -> Iterator[InputFile | Reject]:
        if real in self.files:
            yield _twice(path)
            return
        self.files.add(real)
        yield InputFile(path, self._new_name(name, path), is_given)

    def _new_name(self, name: str, path: Path) -> str:
        """Give a name that no other file has: with more of its path where two share one."""
        parts = path.parts
        for length in range(len(Path(name).parts), len(parts) + 1):
            longer = name if length == len(Path(name).parts) else Path(*parts[-length:]).as_posix()
            if longer not in self.names:
                name = longer
                break
        self.names.add(name)
        return name


def _twice(path: Path) -> Reject:
    return rejected(str(path), "already_read", "expected another file or folder, found it again")
