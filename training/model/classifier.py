"""The kinds of classifier: one encode for all questions, and one encode per question.

All take the token ids of a sentence and the tokens that name a target, and give the logits of every
task by scheme, so training, scoring and export do not know which of them they hold. A further kind
is one more subclass of `Classifier`, with settings of its own, in `KINDS`.
"""

from collections.abc import Mapping, Sequence

from labels.pipeline.schema import SENTIMENT, STANCE
from training.model.backbone import Backbone
from training.model.base import Classifier, Question
from training.model.cross_encoder import CrossEncoder
from training.model.encode_once import EncodeOnceClassifier
from training.model.settings import ClassifierSettings

KINDS: tuple[type[Classifier], ...] = (EncodeOnceClassifier, CrossEncoder)
CLASSIFIERS: Mapping[str, type[Classifier]] = {kind.SETTINGS.KIND: kind for kind in KINDS}


def build_classifier(
    settings: ClassifierSettings, backbone: Backbone, descriptions: Sequence[str], prefix: str
) -> Classifier:
    """Build the classifier of the chosen kind on a backbone.

    Args:
        settings: Of any kind.
        backbone: Encoder and tokenizer; the encoder is taken over, not copied.
        descriptions: What each target is, in the order of the stance logits.
        prefix: What the backbone expects before a text.
    """
    questions = [Question(description, STANCE) for description in descriptions]
    questions.append(Question(settings.sentiment_question, SENTIMENT))
    return CLASSIFIERS[settings.KIND].build(settings, backbone, questions, prefix)
