"""Dropout of hidden states, whose masks cost little on a processor, and of whole tokens."""

from dataclasses import replace

import torch
from torch import Tensor, nn

from training.data.batches import Batch

_BYTE = 256
_WORD = 8  # bytes that one draw gives


class ByteDropout(nn.Dropout):
    """Dropout that draws eight elements of its mask at once, as the bytes of one number.

    On a processor torch draws a number for each element, one after the other: about a fifth of a
    training step in bf16. The probability is rounded to a 256th, and what is left scaled by what
    was really drawn. On other devices it is torch's own.
    """

    def forward(self, input: Tensor) -> Tensor:
        """Drop elements at random and scale the others, as `torch.nn.Dropout`."""
        dropped = round(self.p * _BYTE)
        if not self.training or not 0 < dropped < _BYTE or input.device.type != "cpu":
            return super().forward(input)
        words = torch.empty(-(-input.numel() // _WORD), dtype=torch.int64)
        words.random_(torch.iinfo(torch.int64).min, None)
        mask = words.view(torch.uint8)[: input.numel()].view(input.shape) >= dropped
        return input * mask.to(input.dtype).mul_(_BYTE / (_BYTE - dropped))


def use_byte_dropout(model: nn.Module) -> None:
    """Put a `ByteDropout` in the place of every dropout of a model."""
    for module in model.modules():
        for name, child in module.named_children():
            if type(child) is nn.Dropout:
                setattr(module, name, ByteDropout(child.p))


def hide_tokens(batch: Batch, probability: float) -> Batch:
    """Hide tokens of a batch at random, so that no word alone carries a label.

    A hidden token is masked like padding: nothing attends to it, and no mean counts it; the others
    keep their places. The first and last token of a sentence, which frame it, and tokens that name
    a target are never hidden. Word dropout (Iyyer et al. 2015, Deep unordered composition rivals
    syntactic methods, section 4; https://aclanthology.org/P15-1162), on the mask of attention.

    Args:
        batch: Not changed.
        probability: Of each other token, 0 to below 1.
    """
    if not probability:
        return batch
    mask = batch.attention_mask
    places = mask.cumsum(1)
    inner = (places > 1) & (places < mask.sum(1, keepdim=True)) & ~batch.mentions.any(-1)
    hidden = inner & (torch.rand(mask.shape, device=mask.device) < probability)
    return replace(batch, attention_mask=mask.masked_fill(hidden, 0))
