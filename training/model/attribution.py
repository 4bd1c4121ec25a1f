"""A head that says whose stance it is, and in which voice."""

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from labels.pipeline.schema import VOICES
from training.data.attribution import HOLDER, LONGEST, VOICE
from training.model.settings import ClassifierSettings

_PAIR_WIDTH = 64  # of what the ends of a span are compared by


class AttributionHead(nn.Module):
    """Scores every short span of tokens as a holder, and every voice.

    The score of a span has three parts: what a target's features ask of its first token, what they
    ask of its last one, and how well both go together. The first token of all, which frames the
    sentence, stands for its author, as it does for "no answer" in reading comprehension (Devlin et
    al. 2019, BERT, sections 4.2 and 4.3; https://aclanthology.org/N19-1423).
    """

    def __init__(self, width: int, hidden: int, settings: ClassifierSettings) -> None:
        """Build the head.

        Args:
            width: Of the features of a target.
            hidden: Width of a token state.
            settings: Width and dropout of what stands between features and voices.
        """
        super().__init__()
        self.asked = nn.Linear(width, 2 * hidden)
        self.offered = nn.Linear(hidden, hidden)
        self.first = nn.Linear(hidden, _PAIR_WIDTH)
        self.last = nn.Linear(hidden, _PAIR_WIDTH)
        self.voice = nn.Sequential(
            nn.Dropout(settings.dropout),
            nn.Linear(width, settings.head_width),
            nn.GELU(),
            nn.Dropout(settings.dropout),
            nn.Linear(settings.head_width, len(VOICES)),
        )

    def forward(self, features: Tensor, states: Tensor) -> dict[str, Tensor]:
        """Score holders and voices.

        Args:
            features: Of each target, shape ``(n, targets, width)``.
            states: Of the tokens, shape ``(n, targets, length, hidden)``; one for all targets, or
                one for each.

        Returns:
            Float32 logits: ``holder``, shape ``(n, targets, length, LONGEST)``, by the first token
            of a span and the number of tokens that follow it, and ``voice``, shape ``(n, targets,
            voices)``.
        """
        asked = torch.stack(self.asked(features).chunk(2, dim=-1), dim=-1)
        ends = self.offered(states) @ asked / math.sqrt(states.shape[-1])
        first, last = self.first(states) / math.sqrt(_PAIR_WIDTH), self.last(states)
        spans = [
            ends[..., 0]
            + _later(ends[..., 1:], steps)[..., 0]
            + (first * _later(last, steps)).sum(-1)
            for steps in range(LONGEST)
        ]
        return {
            HOLDER: torch.stack(spans, dim=-1).float(),
            VOICE: self.voice(features).float(),
        }


def _later(values: Tensor, steps: int) -> Tensor:
    """Put in the place of each token what belongs to the one so many steps later, or zeros.

    Args:
        values: Shape ``(n, targets, length, width)``.
        steps: Any number; a row may be shorter.
    """
    return pad(values, (0, 0, 0, steps))[:, :, steps:]
