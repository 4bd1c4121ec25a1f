"""Heads of auxiliary sets, which read sentences through the classifier that they teach."""

from collections.abc import Mapping

from torch import Tensor, nn

from labels.pipeline.schema import STANCE
from training.fit.auxiliary.examples import AuxiliarySet
from training.model.backbone import Backbone
from training.model.base import Classifier, Question, answers, heads_of, spans_of
from training.model.settings import ClassifierSettings

_MAIN = "classifier."  # what the names of its weights begin with


class AuxiliaryHeads(nn.Module):
    """The heads of one set, and what stands for its questions.

    All that comes before a head is the classifier's own: the encoder, the marks of mentions and
    what attends to them. The classes are the set's.
    """

    def __init__(
        self,
        own: AuxiliarySet,
        classifier: Classifier,
        settings: ClassifierSettings,
        backbone: Backbone,
        prefix: str,
    ) -> None:
        """Build the heads, as those of the classifier are.

        Args:
            own: The set.
            classifier: What the heads stand on; it is not kept.
            settings: Of the classifier.
            backbone: The same, before any training.
            prefix: What the backbone expects before a text.
        """
        super().__init__()
        schemes = [task.scheme for task in own.tasks]
        questions = [
            Question(text, scheme)
            for text, scheme in zip(
                own.questions(settings.sentiment_question), schemes, strict=True
            )
        ]
        self.spans = spans_of(schemes)
        self.heads = heads_of(classifier.width, schemes, settings)
        self.asked = list(classifier.asked)
        for name, words in classifier.words(backbone, questions, prefix).items():
            self.register_buffer(name, words)

    def forward(
        self, classifier: Classifier, input_ids: Tensor, attention_mask: Tensor, mentions: Tensor
    ) -> dict[str, Tensor]:
        """Classify sentences of the set; see `Classifier.forward`."""
        asked = {name: self.get_buffer(name) for name in self.asked}
        targets = self.spans.get(STANCE.name, slice(0, 0))
        features, _ = classifier.read(input_ids, attention_mask, mentions, asked, targets)
        return answers(self.heads, self.spans, features)


class LearningTogether(nn.Module):
    """A classifier, and beside it the heads of auxiliary sets that leave with the training."""

    def __init__(self, classifier: Classifier, heads: Mapping[str, AuxiliaryHeads]) -> None:
        """Take the classifier and the heads by the key of their set; there may be none."""
        super().__init__()
        self.classifier = classifier
        self.auxiliary = nn.ModuleDict(heads)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, mentions: Tensor, suite: str | None = None
    ) -> dict[str, Tensor]:
        """Classify sentences of the training, or of an auxiliary set; see `Classifier.forward`."""
        if suite is None:
            logits: dict[str, Tensor] = self.classifier(input_ids, attention_mask, mentions)
        else:
            logits = self.auxiliary[suite](self.classifier, input_ids, attention_mask, mentions)
        return logits

    def learning(self) -> dict[str, nn.Parameter]:
        """Name the parameters that learn: those of the classifier by its own names, first."""
        return {
            name.removeprefix(_MAIN): parameter
            for name, parameter in self.named_parameters()
            if parameter.requires_grad
        }
