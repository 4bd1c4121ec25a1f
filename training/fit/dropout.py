"""Dropout whose masks cost little on a processor."""

import torch
from torch import Tensor, nn

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
