"""Look for leaks in a table of splits: does anything that trains stand in what is scored?

    python scripts/check_splits.py
    python scripts/check_splits.py splits=runs/mine/splits.parquet output=runs/mine/leaks.json

Compares articles, near-duplicate groups, near copies found anew, and sentences, between every two
splits; says what is scored of later days and other outlets than any that trains. Writes the report,
shows it, and fails where something leaks.
"""

from labels.leak_report.settings import LeakSettings
from labels.pipeline.command import Stage

STAGE = Stage(__file__, LeakSettings, "labels.leak_report.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
