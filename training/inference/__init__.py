"""Score sentences and articles with an export alone.

>>> from training.inference import Article, StanceModel
>>> model = StanceModel("exports/default")  # doctest: +SKIP
>>> found = model.predict(["The OIC welcomed the ceasefire in Gaza."])  # doctest: +SKIP
>>> found[0]["stance"]["gaza_ceasefire"]["label"]  # doctest: +SKIP
'favor'
>>> model.predict([Article(title="...", text="...")]).to_pandas()  # doctest: +SKIP
>>> rules = open_model("exports/rules")  # doctest: +SKIP
>>> model.explain("The OIC welcomed it.", "oic").strongest(3)  # doctest: +SKIP
"""

from training.inference.model import StanceModel
from training.inference.predictions import Article, Predictions
from training.inference.scorer import Scorer, open_model

__all__ = ["Article", "Predictions", "Scorer", "StanceModel", "open_model"]
