"""Score sentences and articles with an export alone.

>>> from training.inference import StanceModel
>>> model = StanceModel("exports/default")  # doctest: +SKIP
>>> model(["The OIC welcomed the ceasefire in Gaza."])[0]["stance"]["oic"]  # doctest: +SKIP
"""

from training.inference.model import StanceModel

__all__ = ["StanceModel"]
