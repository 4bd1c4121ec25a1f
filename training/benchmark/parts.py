"""Read the parts of a public set: its files, in whatever layout they are, as examples."""

from pathlib import Path

from labels.pipeline.schema import Reject
from labels.pipeline.tables import Row
from training.benchmark.examples import ExampleMaker
from training.benchmark.layouts import Layout, find_part, layout_of
from training.benchmark.settings import PARTS, SuiteSettings


def read_parts(
    suite: SuiteSettings, folder: Path, test_file: Path | None = None, target_blind: bool = False
) -> tuple[dict[str, list[Row]], list[Reject]]:
    """Read train and dev of a set, and test where its file is given.

    Args:
        suite: The set.
        folder: Of its files, or of a folder for each set.
        test_file: Of a part that is to be scored.
        target_blind: Hide the targets, see `ExampleMaker`.

    Returns:
        The examples of each part, and a reject for each record that is none.

    Raises:
        ConfigError: A file is missing, or has other columns.
        DataError: A file cannot be read.
    """
    layouts = [Layout.of(values) for values in suite.layouts]
    files = {part: find_part(suite.key, folder, layouts, part) for part in PARTS}
    if test_file is not None:
        files["test"] = test_file, layout_of(test_file, layouts)
    maker = ExampleMaker(suite, target_blind)
    parts, rejects = {}, []
    for part, (path, layout) in files.items():
        parts[part], wrong = maker.make(part, layout.read(path))
        rejects += wrong
    return parts, rejects
