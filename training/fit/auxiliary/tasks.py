"""What a training does with an auxiliary set: its batches beside the steps, and their loss."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from training.data.batches import Batch, batches
from training.data.examples import Examples
from training.fit.auxiliary.examples import AuxiliarySet
from training.fit.auxiliary.mixture import beside_steps
from training.fit.losses import class_weights, soft_cross_entropy, total_weight
from training.fit.settings import TrainSettings
from training.model.records import AuxiliaryFacts


class AuxiliaryTask:
    """One set in a training."""

    def __init__(
        self, own: AuxiliarySet, examples: Examples, settings: TrainSettings, device: torch.device
    ) -> None:
        """Take a set, its examples, the settings of the training, and where it computes."""
        self.own = own
        self.examples = examples
        self.settings = settings
        self.class_weights = {
            name: class_weights(
                labels.flatten(0, 1), examples.weights[name].flatten(), settings.class_weight_power
            ).to(device)
            for name, labels in examples.labels.items()
        }

    @property
    def facts(self) -> AuxiliaryFacts:
        """What ``model.json`` says of the set."""
        chosen = self.own.settings
        return AuxiliaryFacts(
            suite=chosen.suite,
            share=chosen.share,
            weight=chosen.weight,
            sentences=len(self.examples),
        )

    def describe(self) -> str:
        """Say what is learned of the set, and what is not."""
        facts = self.facts
        left = self.own.n_left_out
        return (
            f"auxiliary {facts['suite']}: {facts['sentences']} sentences, in a share of "
            f"{facts['share']:g} of the steps, weight {facts['weight']:g}"
            + (f"; {left} left out, their text is in dev or test" if left else "")
        )

    def beside(
        self, epoch: int, n_steps: int, pad_id: int, process: int, n_processes: int
    ) -> Iterator[Batch | None]:
        """Yield for each step of an epoch the batch of the set that stands beside it, or None.

        Args:
            epoch: From 1.
            n_steps: Number of the steps.
            pad_id: The token that fills up short sentences.
            process: Which of the processes this is; each has its slice of every batch.
            n_processes: How many there are.
        """
        chosen = beside_steps(
            self.examples.lengths,
            self.settings.batch_size,
            self.own.settings.share,
            n_steps,
            epoch,
            self.settings.seed,
            self.own.key,
        )
        made = batches(self.examples, list(chosen.values()), pad_id, process, n_processes)
        for step in range(n_steps):
            yield next(made) if step in chosen else None

    def loss(
        self, logits: dict[str, Tensor], batch: Batch, joined: Callable[[Tensor], Tensor]
    ) -> Tensor:
        """Compute the loss of a batch of the set, or of a slice its part, without its weight.

        Args:
            logits: By scheme.
            batch: What is right.
            joined: Sums values over the processes.

        Returns:
            The mean over the set's schemes.
        """
        totals = joined(
            torch.stack(
                [
                    total_weight(labels, batch.weights[name], self.class_weights[name])
                    for name, labels in batch.labels.items()
                ]
            )
        )
        losses = [
            soft_cross_entropy(
                logits[name], labels, batch.weights[name], self.class_weights[name], total
            )
            for (name, labels), total in zip(batch.labels.items(), totals.unbind(), strict=True)
        ]
        return torch.stack(losses).mean()
