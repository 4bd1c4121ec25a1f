"""What makes an export work alone: the code that scores sentences, copied from this program.

``stance.py`` is the door, and the package `PACKAGE` holds all modules that it imports. They are
copied as they are, but for the names of our packages, which lie in `PACKAGE` and hide nobody's own
``labels`` or ``training``; and with the data of the languages as JSON, which needs no PyYAML.
"""

import ast
import json
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from labels.pipeline.data_file import read_data

PACKAGE = "sikap_runtime"
_ROOT = Path(__file__).parents[2]
_OURS = ("labels", "training")
_DOOR = "training.inference.stance"
_LATE = ("training.inference.mentions",)  # imported when the first sentence is read
_LETTERS = ("labels/letters", "letters", ())
_OF_A_LANGUAGE = (  # name of a file that a language may have, and the keys kept; none: all
    ("abbreviations", ()),
    ("cleaning", ("datelines",)),
    ("morphology", ()),
)


def write_runtime(folder: Path) -> None:
    """Write ``stance.py`` and the package that it imports into a folder."""
    package = folder / PACKAGE
    for name, file in modules().items():
        copy = folder / file.name if name == _DOOR else package / file.relative_to(_ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(relocate(file.read_text(encoding="utf-8")), encoding="utf-8")
    for place, name, keys in data():
        found = read_data(_ROOT / place, name)
        kept = {key: found[key] for key in keys} if keys else found
        copy = package / place / f"{name}.json"
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(json.dumps(kept, ensure_ascii=False) + "\n", encoding="utf-8")
    (package / "LICENSE").write_text(_licence(), encoding="utf-8")
    about = f"The part of sikap {metadata.version('sikap')} that scores sentences (Apache-2.0)."
    (package / "__init__.py").write_text(f'"""{about}"""\n', encoding="utf-8")


def _licence() -> str:
    """Read the licence of this program: beside its code, or where an installer put it."""
    beside = _ROOT / "LICENSE"
    if beside.is_file():
        return beside.read_text(encoding="utf-8")
    found = metadata.distribution("sikap").read_text("licenses/LICENSE")
    assert found is not None  # every distribution of this project holds it
    return found


def relocate(source: str) -> str:
    """Make the absolute imports of our packages in a module imports from `PACKAGE`."""
    lines = source.splitlines(keepends=True)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and _is_ours(node.module):
            line, begin = lines[node.lineno - 1], node.col_offset
            assert line.isascii()  # offsets of the tree count bytes
            written = line[begin:].replace("from ", f"from {PACKAGE}.", 1)
            lines[node.lineno - 1] = line[:begin] + written
        elif isinstance(node, ast.Import):
            assert not any(_is_ours(alias.name) for alias in node.names), ast.unparse(node)
    return "".join(lines)


def _is_ours(module: str | None) -> bool:
    return module is not None and module.partition(".")[0] in _OURS


def data() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """List the data that scoring reads: folder, name of the file, and the keys kept; none: all."""
    yield _LETTERS
    languages = "labels/languages"
    for folder in sorted(path for path in (_ROOT / languages).iterdir() if path.is_dir()):
        for name, keys in _OF_A_LANGUAGE:
            if (folder / f"{name}.yaml").is_file():
                yield f"{languages}/{folder.name}", name, keys


def modules() -> dict[str, Path]:
    """List the modules that are imported, directly or through others, with their files."""
    found: dict[str, Path] = {}
    waiting = [_DOOR, *_LATE]
    while waiting:
        name = waiting.pop()
        file = _file_of(name)
        if name in found or file is None:  # no module, but something in one
            continue
        found[name] = file
        waiting.append(name.rpartition(".")[0])
        waiting.extend(_imported(ast.parse(file.read_text(encoding="utf-8"))))
    return found


def _file_of(name: str) -> Path | None:
    place = _ROOT.joinpath(*name.split("."))
    files = (place / "__init__.py", place.with_suffix(".py"))
    return next((file for file in files if name and file.is_file()), None)


def _imported(tree: ast.AST) -> Iterator[str]:
    """Name what of ours a module imports while it is imported itself."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ImportFrom) and node.module and _is_ours(node.module):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif not isinstance(node, ast.FunctionDef) and not _is_for_types(node):
            yield from _imported(node)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
