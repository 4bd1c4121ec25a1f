"""The training loop, the same on one processor, on GPUs and in several processes."""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import gather_object
from rich.console import Console
from torch import Tensor, nn

from labels.metrics.f1 import Scores, score
from labels.pipeline.errors import DataError
from labels.pipeline.progress import meter
from labels.pipeline.schema import SCHEMES, SENTIMENT, STANCE, Scheme, Split
from training.data.attribution import HOLDER, UNKNOWN, VOICE
from training.data.batches import Batch, batches, training_order
from training.data.examples import Examples
from training.fit.auxiliary.heads import LearningTogether
from training.fit.auxiliary.tasks import AuxiliaryTask
from training.fit.checkpoint import (
    CheckpointFolder,
    optimizer_tensors,
    random_states,
    restore_optimizer,
    restore_random,
)
from training.fit.dropout import hide_tokens
from training.fit.history import (
    DevScores,
    Epoch,
    Losses,
    Progress,
    dev_scores,
    epoch_line,
    history_table,
)
from training.fit.losses import (
    attribution_loss,
    author_shift,
    class_weights,
    prior_shifts,
    soft_cross_entropy,
    total_weight,
)
from training.fit.mishaps import check_loss, explained_lack_of_memory
from training.fit.optimiser import parameter_groups, rate_factor
from training.fit.settings import TrainSettings
from training.model.predict import Logits, predict
from training.model.settings import Precision


class Training:
    """One training run: the loop, its state, and the best weights so far.

    A batch is the same however many processes there are: each has a slice of it, and the loss, its
    gradient and the step are those of the whole. All processes hold the same weights, average and
    history; the main one alone writes.
    """

    def __init__(
        self,
        settings: TrainSettings,
        accelerator: Accelerator,
        model: LearningTogether,
        data: Mapping[Split, Examples],
        auxiliary: Sequence[AuxiliaryTask],
        targets: Sequence[str],
        pad_id: int,
        precision: Precision,
        console: Console,
    ) -> None:
        """Prepare optimizer, schedule and class weights; ``targets`` are keys as in the labels."""
        self.settings = settings
        self.accelerator = accelerator
        self.classifier = model.classifier
        self.data = data
        self.auxiliary = auxiliary
        self.pad_id = pad_id
        self.precision = precision
        self.console = console
        self.trained = model.learning()
        groups = [dict(group) for group in parameter_groups(self.trained, settings)]
        optimizer = torch.optim.AdamW(groups, fused=True)
        train = data[Split.train]
        self.lengths = train.lengths
        self.total_steps = settings.epochs * math.ceil(len(train) / settings.batch_size)
        self.warmup_steps = max(1, round(settings.warmup_share * self.total_steps))
        self.peak_rates = [group["lr"] for group in optimizer.param_groups]
        self.steps_done = 0
        # Wrapped, the model answers in the run's precision and joins the gradients.
        self.wrapped, self.optimizer = accelerator.prepare(model, optimizer)
        self.average = {n: p.detach().clone() for n, p in self.trained.items()}
        self.before = {n: p.detach().clone() for n, p in self.trained.items() if _of_encoder(n)}
        self.best: dict[str, Tensor] = {}
        self.class_weights = {
            name: class_weights(
                labels.flatten(0, 1), train.weights[name].flatten(), settings.class_weight_power
            ).to(accelerator.device)
            for name, labels in train.labels.items()
        }
        expected = {STANCE.name: settings.expected_stances(targets)}
        train.shifts = {
            name: prior_shifts(
                labels,
                train.weights[name],
                train.langs,
                self.class_weights[name],
                expected.get(name, {}),
            )
            for name, labels in train.labels.items()
        }
        self.author_shift = author_shift(train.holders, settings.author_share)
        self.scheme_weights = {STANCE.name: 1.0, SENTIMENT.name: settings.sentiment_weight}

    def fit(
        self, checkpoints: CheckpointFolder, on_epoch: Callable[[Epoch], None] | None = None
    ) -> Progress:
        """Train all epochs, going on from a checkpoint when there is one.

        Args:
            checkpoints: Where the state is kept after each epoch.
            on_epoch: Called with each finished epoch, those of a checkpoint first.

        Raises:
            ConfigError: Memory does not suffice.
            DataError: The checkpoint is damaged, processes see different ones, or the loss is no
                number.
        """
        progress = self._resume(checkpoints)
        told = on_epoch or _untold
        for epoch in progress.history:
            told(epoch)
        processes = self.accelerator.num_processes
        self.console.print(
            f"train {len(self.data[Split.train])} sentences, dev {len(self.data[Split.dev])}, "
            f"{self.precision.value} on {self.accelerator.device}"
            + (f", {processes} processes" if processes > 1 else ""),
            highlight=False,
        )
        for task in self.auxiliary:
            self.console.print(task.describe(), highlight=False)
        n_examples = len(self.data[Split.train])
        total, done = (n_examples * n for n in (self.settings.epochs, progress.epoch))
        with meter(self.console, "training", "sentences", total, done) as shown:
            for number in range(progress.epoch + 1, self.settings.epochs + 1):
                begin = time.monotonic()
                with explained_lack_of_memory(self.settings):
                    losses = self._epoch(number, shown.advance)
                    trained = time.monotonic()
                    scores = self._dev_scores()
                epoch = Epoch(
                    epoch=number,
                    **losses,
                    **scores,
                    seconds=round(time.monotonic() - begin, 1),
                    train_seconds=round(trained - begin, 1),
                )
                self._keep(epoch, progress)
                self._save(checkpoints, progress)
                self.console.print(epoch_line(epoch, progress.best_epoch), highlight=False)
                told(epoch)
        self.console.print(history_table(progress))
        return progress

    def _epoch(self, number: int, advance: Callable[[int], None]) -> Losses:
        """Train on every example once and return the mean losses of the steps."""
        self.wrapped.train()
        process, processes = self.accelerator.process_index, self.accelerator.num_processes
        rng = np.random.default_rng([self.settings.seed, number])
        order = training_order(self.lengths, self.settings.batch_size, rng)
        beside = [
            task.beside(number, len(order), self.pad_id, process, processes)
            for task in self.auxiliary
        ]
        losses = []
        others: dict[str, list[Tensor]] = {task.own.key: [] for task in self.auxiliary}
        for batch in batches(self.data[Split.train], order, self.pad_id, process, processes):
            self._set_rates()
            loss = self._loss(batch.to(self.accelerator.device))
            losses.append(loss.detach())
            check_loss(loss, number, batch=len(losses))
            # The gradients of the processes are averaged, and the loss is the sum of its parts.
            self.accelerator.backward(loss * processes)
            for task, own in zip(self.auxiliary, map(next, beside), strict=True):
                if own is not None:
                    loss = self._auxiliary_loss(task, own.to(self.accelerator.device))
                    others[task.own.key].append(loss.detach())
                    check_loss(loss, number, batch=len(losses), suite=task.own.key)
                    self.accelerator.backward(task.own.settings.weight * loss * processes)
            self.accelerator.clip_grad_norm_(self.trained.values(), self.settings.max_gradient_norm)
            self.optimizer.step()
            self.optimizer.zero_grad()
            self.steps_done += 1
            self._update_average()
            advance(len(batch.input_ids) * processes)
        found = Losses(train_loss=self._mean(losses))
        if others:
            found["auxiliary_losses"] = {key: self._mean(own) for key, own in others.items()}
        return found

    def _mean(self, losses: Sequence[Tensor]) -> float:
        """Average the losses of some steps, whose parts the processes have."""
        total = 0.0
        for value in self._joined(torch.stack(list(losses))).tolist():
            total += value
        return total / len(losses)

    def _loss(self, batch: Batch) -> Tensor:
        """Compute the loss of a batch, or of this process's slice its part of the batch's loss."""
        totals = torch.stack(
            [
                total_weight(labels, batch.weights[name], self.class_weights[name])
                for name, labels in batch.labels.items()
            ]
            + [(known != UNKNOWN).sum() for known in (batch.holders, batch.voices)]
        )
        *by_scheme, n_holders, n_voices = self._joined(totals).unbind()
        seen = hide_tokens(batch, self.settings.token_dropout)
        with self.accelerator.autocast():
            logits = self.wrapped(seen.input_ids, seen.attention_mask, seen.mentions)
        losses = [
            self.scheme_weights[name]
            * soft_cross_entropy(
                logits[name] + batch.shifts[name],
                labels,
                batch.weights[name],
                self.class_weights[name],
                total,
            )
            for (name, labels), total in zip(batch.labels.items(), by_scheme, strict=True)
        ]
        attribution = attribution_loss(
            logits[HOLDER], logits[VOICE], batch, n_holders, n_voices, self.author_shift
        )
        losses.append(self.settings.attribution_weight * attribution)
        return torch.stack(losses).sum()

    def _auxiliary_loss(self, task: AuxiliaryTask, batch: Batch) -> Tensor:
        """Compute the loss of an auxiliary batch, without its weight, as `_loss` does."""
        seen = hide_tokens(batch, self.settings.token_dropout)
        with self.accelerator.autocast():
            logits = self.wrapped(
                seen.input_ids, seen.attention_mask, seen.mentions, suite=task.own.key
            )
        return task.loss(logits, batch, self._joined)

    def _joined(self, values: Tensor) -> Tensor:
        """Sum values over the processes."""
        if self.accelerator.num_processes == 1:
            return values
        joined: Tensor = self.accelerator.reduce(values, reduction="sum")
        return joined

    def _set_rates(self) -> None:
        factor = rate_factor(self.steps_done, self.warmup_steps, self.total_steps)
        for group, peak in zip(self.optimizer.param_groups, self.peak_rates, strict=True):
            group["lr"] = peak * factor

    def _update_average(self) -> None:
        """Move the averaged weights towards the trained ones; early on, more than later."""
        early = self.steps_done / (self.steps_done + 10)  # else the start would weigh for long
        decay = min(self.settings.average_decay, early)
        with torch.no_grad():
            for name, parameter in self.trained.items():
                self.average[name].lerp_(parameter, 1 - decay)

    def _dev_scores(self) -> DevScores:
        """Score the averaged weights on dev."""
        dev = self.data[Split.dev]
        with self._averaged():
            logits = predict(
                self.classifier, dev, self.pad_id, 2 * self.settings.batch_size, self.precision
            ).logits
        scores = {scheme.name: _score(scheme, dev, logits) for scheme in SCHEMES}
        stances = scores[STANCE.name]
        return DevScores(
            f_polar_pooled=stances["f_polar"],
            macro_f1_pooled=stances["macro_f1"],
            sentiment_macro_f1=scores[SENTIMENT.name]["macro_f1"],
        )

    def _kept(self) -> dict[str, Tensor]:
        """Return the weights that are scored and kept.

        They are the average; in the encoder ``start_share`` of the way back to where training
        began. What it knew of other texts than those of training is not all lost so (Wortsman et
        al. 2022, Robust fine-tuning of zero-shot models; https://arxiv.org/abs/2109.01903).
        """
        share = self.settings.start_share
        return {
            name: tensor.lerp(self.before[name], share) if share and name in self.before else tensor
            for name, tensor in self.average.items()
        }

    @contextmanager
    def _averaged(self) -> Iterator[None]:
        """Put the weights that are kept in place of the trained ones for a while."""
        held = {name: parameter.detach().clone() for name, parameter in self.trained.items()}
        try:
            _copy(self._kept(), self.trained)
            yield
        finally:
            _copy(held, self.trained)

    def _keep(self, epoch: Epoch, progress: Progress) -> None:
        progress.epoch = epoch["epoch"]
        progress.history.append(epoch)
        found = dev_scores(epoch)[self.settings.chosen_by.value]
        assert found is not None  # train_model has seen that dev has every class it takes
        if progress.best_score is None or found > progress.best_score:
            progress.best_score = found
            progress.best_epoch = epoch["epoch"]
            with self._averaged():
                self.best = {
                    name: tensor.detach().cpu().clone()
                    for name, tensor in self.classifier.state_dict().items()
                }

    def _save(self, checkpoints: CheckpointFolder, progress: Progress) -> None:
        # All processes take part; each has random numbers of its own.
        random = gather_object([random_states()])
        if not self.accelerator.is_main_process:
            return
        frozen = set(self.best) - set(self.trained)
        state = (
            {f"weights/{n}": p for n, p in self.trained.items()}
            | {f"average/{n}": p for n, p in self.average.items()}
            | {f"best/{n}": p for n, p in self.best.items() if n not in frozen}
            | {f"optimizer/{n}": p for n, p in optimizer_tensors(self.optimizer).items()}
        )
        for process, states in enumerate(random):
            state |= {f"random {process}/{device}": tensor for device, tensor in states.items()}
        checkpoints.save(state, progress)

    def _resume(self, checkpoints: CheckpointFolder) -> Progress:
        state = checkpoints.load()
        progress = Progress(0, None, 0, []) if state is None else self._restore(*state)
        epochs = gather_object([progress.epoch])  # none removes the folder before all have read it
        if len(set(epochs)) > 1:
            raise DataError(
                f"{checkpoints.path}: expected a folder that all processes share, found "
                f"finished epochs {epochs}"
            )
        if progress.epoch:
            self.console.print(f"resumed after epoch {progress.epoch} from {checkpoints.path}")
        return progress

    def _restore(self, tensors: Mapping[str, Tensor], progress: Progress) -> Progress:
        groups: dict[str, dict[str, Tensor]] = {}
        for key, tensor in tensors.items():
            group, _, name = key.partition("/")
            groups.setdefault(group, {})[name] = tensor
        _copy(groups["weights"], self.trained)
        _copy(groups["average"], self.average)
        restore_optimizer(self.optimizer, groups["optimizer"])
        self.best = {
            name: groups["best"].get(name, tensor).cpu()
            for name, tensor in self.classifier.state_dict().items()
        }
        self.steps_done = progress.epoch * (self.total_steps // self.settings.epochs)
        restore_random(groups[f"random {self.accelerator.process_index}"])
        return progress


def _of_encoder(name: str) -> bool:
    return name.startswith("encoder.")


def _untold(epoch: Epoch) -> None:
    """Tell nobody of an epoch."""


def _score(scheme: Scheme, examples: Examples, logits: Logits) -> Scores:
    """Score the labelled rows of a scheme."""
    labelled = examples.weights[scheme.name].numpy() > 0
    gold = examples.labels[scheme.name].numpy().argmax(-1)[labelled]
    return score(scheme, gold, logits[scheme.name].argmax(-1)[labelled])


def _copy(
    source: Mapping[str, Tensor], target: Mapping[str, Tensor] | Mapping[str, nn.Parameter]
) -> None:
    with torch.no_grad():
        for name, tensor in target.items():
            tensor.copy_(source[name])
