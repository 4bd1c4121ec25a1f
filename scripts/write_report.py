"""Write the report card of a model: one page that says how far to trust it, and how it errs.

    python scripts/write_report.py                           # reports/default/report.html
    python scripts/write_report.py experiment=real_news split=test
    python scripts/write_report.py charts=[reports/shares/oic.svg]

Needs what score_model, calibrate_model and export_model wrote. Open the page in any browser: it
loads nothing from elsewhere. docs/report.md says how to read it.
"""

from labels.pipeline.command import Stage
from training.report_card.settings import CardSettings

STAGE = Stage(__file__, CardSettings, "training.report_card.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
