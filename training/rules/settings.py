"""Settings of ``export_rules``."""

from dataclasses import dataclass
from typing import ClassVar

from labels.label_model.settings import LearningSettings


@dataclass(kw_only=True)
class ExportRulesSettings(LearningSettings):
    """Settings of ``export_rules``."""

    SECTION: ClassVar[str] = "export_rules"
