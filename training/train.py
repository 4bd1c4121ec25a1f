"""Fine-tune a classifier on silver and gold labels; choose the checkpoint on gold dev."""

import json
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from datasets import Dataset
from rich.console import Console
from rich.progress import Progress as ProgressBar
from rich.table import Table
from torch import Tensor, nn

from labels.config import PathsConfig
from labels.errors import ConfigError, DataError
from labels.files import atomic_folder, write_json
from labels.schema import Split
from labels.tables import read_table
from training.checkpoint import (
    CheckpointFolder,
    Progress,
    optimizer_tensors,
    restore_optimizer,
)
from training.config import Precision, TrainConfig
from training.data import (
    Batch,
    batches,
    sorted_order,
    take_share,
    tokenize_examples,
    training_order,
)
from training.losses import class_weights, soft_cross_entropy
from training.metrics import score_sentiment, score_stance
from training.model.backbone import load_backbone
from training.model.classifier import build_classifier
from training.model.store import plain, save_model
from training.precision import prepare_runtime


def train_model(config: TrainConfig) -> None:
    """Train, resume where a killed run stopped, and write the model folder.

    Raises:
        DataError: The splits lack train or dev examples, or dev lacks a polar class.
    """
    console = Console(stderr=True)
    precision = prepare_runtime(config.runtime)
    set_seed(config.seed)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    defined = json.loads(Path(config.targets).read_text(encoding="utf-8"))
    targets = {target["key"]: target for target in defined}
    backbone = load_backbone(config.backbone)
    rows = read_table(Path(config.splits), "splits")
    parts = {
        split: [row for row in rows if row["split"] == split.value]
        for split in (Split.train, Split.dev)
    }
    parts[Split.train] = take_share(
        parts[Split.train], config.train_share, np.random.default_rng(config.seed)
    )
    data = {
        split: tokenize_examples(
            part,
            list(targets),
            backbone.tokenizer,
            config.backbone.prefix,
        )
        for split, part in parts.items()
    }
    for split, part in data.items():
        if not len(part):
            raise DataError(f"{config.splits}: expected examples of {split.value}, found none")
    classifier = build_classifier(
        config.classifier,
        backbone,
        [target["description"] for target in targets.values()],
        config.backbone.prefix,
    )
    set_dropout(backbone.model, config.encoder_dropout, config.frozen_layers)
    if not config.train_word_embeddings:
        backbone.model.get_input_embeddings().weight.requires_grad_(False)
    freeze_layers(backbone.model, config.frozen_layers)
    checkpoints = CheckpointFolder(
        Path(config.checkpoints),
        inputs={"splits": Path(config.splits), "targets": Path(config.targets)},
        settings=plain(
            replace(config, output="", checkpoints="", splits="", targets="", paths=PathsConfig())
        )
        | {"precision": precision.value},
    )
    run = Training(config, classifier, data, backbone.pad_id, precision, console)
    progress = run.fit(checkpoints)
    output = Path(config.output)
    training = {
        "seed": config.seed,
        "epochs": config.epochs,
        "best_epoch": progress.best_epoch,
        "precision": precision.value,
        "train_sentences": len(data[Split.train]),
        "dev_sentences": len(data[Split.dev]),
    }
    with atomic_folder(output) as folder:
        save_model(
            folder, run.best, backbone, config.backbone, config.classifier, targets, training
        )
        write_json(
            folder / "history.json",
            [{k: v for k, v in epoch.items() if k != "seconds"} for epoch in progress.history],
        )
    checkpoints.remove()
    console.print(f"model: {output} (epoch {progress.best_epoch})", highlight=False)


class Training:
    """One training run: the loop, its state, and the best weights so far."""

    def __init__(
        self,
        config: TrainConfig,
        classifier: nn.Module,
        data: dict[Split, Dataset],
        pad_id: int,
        precision: Precision,
        console: Console,
    ) -> None:
        """Prepare optimizer, schedule and class weights."""
        self.config = config
        self.data = data
        self.pad_id = pad_id
        self.console = console
        self.accelerator = Accelerator(
            mixed_precision="bf16" if precision is Precision.bf16 else "no"
        )
        optimizer = torch.optim.AdamW(parameter_groups(classifier, config), fused=True)
        train = data[Split.train]
        self.lengths = [len(ids) for ids in train["input_ids"]]
        self.total_steps = config.epochs * math.ceil(len(train) / config.batch_size)
        self.warmup_steps = max(1, round(config.warmup_share * self.total_steps))
        self.peak_rates = [group["lr"] for group in optimizer.param_groups]
        self.steps_done = 0
        self.classifier, self.optimizer = self.accelerator.prepare(classifier, optimizer)
        self.trained = {n: p for n, p in classifier.named_parameters() if p.requires_grad}
        self.average = {n: p.detach().clone() for n, p in self.trained.items()}
        self.best: dict[str, Tensor] = {}
        stance = torch.tensor(train["stance"]).flatten(0, 1)
        weights = torch.tensor(train["stance_weight"]).flatten()
        device = self.accelerator.device
        self.stance_weights = class_weights(stance, weights, config.class_weight_power).to(device)
        self.sentiment_weights = class_weights(
            torch.tensor(train["sentiment"]),
            torch.tensor(train["sentiment_weight"]),
            config.class_weight_power,
        ).to(device)

    def fit(self, checkpoints: CheckpointFolder) -> Progress:
        """Train all epochs, going on from a checkpoint when there is one."""
        progress = Progress(0, None, 0, [])
        state = checkpoints.load()
        if state is not None:
            progress = self._restore(*state)
            self.console.print(f"resumed after epoch {progress.epoch} from {checkpoints.path}")
        device = self.accelerator.device
        self.console.print(
            f"train {len(self.data[Split.train])} sentences, dev {len(self.data[Split.dev])}, "
            f"{self.accelerator.mixed_precision.replace('no', 'fp32')} on {device}",
            highlight=False,
        )
        steps_an_epoch = self.total_steps // self.config.epochs
        with ProgressBar(console=self.console) as bar:
            task = bar.add_task(
                "training", total=self.total_steps, completed=progress.epoch * steps_an_epoch
            )
            for epoch in range(progress.epoch + 1, self.config.epochs + 1):
                begin = time.monotonic()
                loss = self._epoch(epoch, lambda: bar.advance(task))
                scores = self._dev_scores() | {"epoch": epoch, "train_loss": loss}
                scores["seconds"] = round(time.monotonic() - begin, 1)
                self._keep(scores, progress)
                checkpoints.save(self._state(), progress)
                bar.console.print(_line(scores, progress.best_epoch), highlight=False)
        self.console.print(_history_table(progress))
        return progress

    def _epoch(self, epoch: int, advance: Any) -> float:  # noqa: ANN401 - a callback
        self.classifier.train()
        rng = np.random.default_rng([self.config.seed, epoch])
        order = training_order(self.lengths, self.config.batch_size, rng)
        total = 0.0
        for batch in batches(self.data[Split.train], order, self.pad_id):
            self._set_rates()
            loss = self._loss(batch)
            self.accelerator.backward(loss)
            self.accelerator.clip_grad_norm_(self.trained.values(), self.config.max_gradient_norm)
            self.optimizer.step()
            self.optimizer.zero_grad()
            self.steps_done += 1
            self._update_average()
            total += float(loss.detach())
            advance()
        return total / len(order)

    def _update_average(self) -> None:
        """Move the averaged weights towards the trained ones; early on, more than later."""
        early = self.steps_done / (self.steps_done + 10)  # else the start would weigh for long
        decay = min(self.config.average_decay, early)
        with torch.no_grad():
            for name, parameter in self.trained.items():
                self.average[name].lerp_(parameter, 1 - decay)

    def _set_rates(self) -> None:
        """Set the learning rates of this step: linear warm-up, then linear to 0."""
        left = (self.total_steps - self.steps_done) / max(1, self.total_steps - self.warmup_steps)
        factor = min((self.steps_done + 1) / self.warmup_steps, left)
        for group, peak in zip(self.optimizer.param_groups, self.peak_rates, strict=True):
            group["lr"] = peak * factor

    def _loss(self, batch: Batch) -> Tensor:
        device = self.accelerator.device
        with self.accelerator.autocast():
            stance, sentiment = self.classifier(
                batch.input_ids.to(device), batch.attention_mask.to(device)
            )
        return soft_cross_entropy(
            stance, batch.stance.to(device), batch.stance_weight.to(device), self.stance_weights
        ) + self.config.sentiment_weight * soft_cross_entropy(
            sentiment,
            batch.sentiment.to(device),
            batch.sentiment_weight.to(device),
            self.sentiment_weights,
        )

    def _dev_scores(self) -> dict[str, Any]:
        """Score the averaged weights on dev."""
        self.classifier.eval()
        dev = self.data[Split.dev]
        order = sorted_order([len(ids) for ids in dev["input_ids"]], 2 * self.config.batch_size)
        gold, predicted, tones, predicted_tones = [], [], [], []
        with self._averaged(), torch.no_grad(), self.accelerator.autocast():
            for batch in batches(dev, order, self.pad_id):
                device = self.accelerator.device
                stance, sentiment = self.classifier(
                    batch.input_ids.to(device), batch.attention_mask.to(device)
                )
                labelled, toned = batch.stance_weight > 0, batch.sentiment_weight > 0
                gold.append(batch.stance.argmax(-1)[labelled])
                predicted.append(stance.cpu().argmax(-1)[labelled])
                tones.append(batch.sentiment.argmax(-1)[toned])
                predicted_tones.append(sentiment.cpu().argmax(-1)[toned])
        stances = score_stance(torch.cat(gold).numpy(), torch.cat(predicted).numpy())
        if stances["f_polar"] is None:
            raise DataError(f"dev cannot choose a checkpoint: {stances['f_polar_reason']}")
        sentiments = score_sentiment(torch.cat(tones).numpy(), torch.cat(predicted_tones).numpy())
        return {
            "f_polar_pooled": stances["f_polar"],
            "macro_f1_pooled": stances["macro_f1"],
            "sentiment_macro_f1": sentiments["sentiment_macro_f1"],
        }

    @contextmanager
    def _averaged(self) -> Iterator[None]:
        """Put the averaged weights in place of the trained ones for a while."""
        held = {name: parameter.detach().clone() for name, parameter in self.trained.items()}
        try:
            _copy(self.average, self.trained)
            yield
        finally:
            _copy(held, self.trained)

    def _keep(self, scores: dict[str, Any], progress: Progress) -> None:
        progress.epoch = scores["epoch"]
        progress.history.append(scores)
        if progress.best_score is None or scores["f_polar_pooled"] > progress.best_score:
            progress.best_score = scores["f_polar_pooled"]
            progress.best_epoch = scores["epoch"]
            with self._averaged():
                model = self.accelerator.unwrap_model(self.classifier)
                self.best = {
                    name: tensor.detach().cpu().clone()
                    for name, tensor in model.state_dict().items()
                }

    def _state(self) -> dict[str, Tensor]:
        frozen = set(self.best) - set(self.trained)
        return (
            {f"weights/{n}": p for n, p in self.trained.items()}
            | {f"average/{n}": p for n, p in self.average.items()}
            | {f"best/{n}": p for n, p in self.best.items() if n not in frozen}
            | {f"optimizer/{n}": p for n, p in optimizer_tensors(self.optimizer).items()}
            | {"random": torch.get_rng_state()}
        )

    def _restore(self, tensors: dict[str, Tensor], progress: Progress) -> Progress:
        parts: dict[str, dict[str, Tensor]] = {}
        for key, tensor in tensors.items():
            part, _, name = key.partition("/")
            parts.setdefault(part, {})[name] = tensor
        _copy(parts["weights"], self.trained)
        _copy(parts["average"], self.average)
        restore_optimizer(self.optimizer, parts["optimizer"])
        model = self.accelerator.unwrap_model(self.classifier)
        self.best = {
            name: parts["best"].get(name, tensor).cpu()
            for name, tensor in model.state_dict().items()
        }
        self.steps_done = progress.epoch * (self.total_steps // self.config.epochs)
        torch.set_rng_state(tensors["random"])
        return progress


def parameter_groups(classifier: nn.Module, config: TrainConfig) -> list[dict[str, Any]]:
    """Group the trained parameters by learning rate and weight decay.

    The heads learn at ``head_learning_rate``; the top layer of the encoder at ``learning_rate``,
    each layer below slower by ``layer_decay``. Biases and norms do not decay.
    """
    layers = [_layer(name) for name, _ in classifier.named_parameters()]
    top = max((layer for layer in layers if layer is not None), default=0)
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in classifier.named_parameters():
        if not parameter.requires_grad:
            continue
        layer = _layer(name)
        if layer is None:
            rate = config.head_learning_rate
        else:
            rate = config.learning_rate * config.layer_decay ** (top - layer)
        decay = config.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return [
        {"params": parameters, "lr": rate, "weight_decay": decay}
        for (rate, decay), parameters in groups.items()
    ]


def _layer(name: str) -> int | None:
    """Return an encoder parameter's layer number, -1 for embeddings, None outside the encoder."""
    return _layer_below(name) if name.startswith("encoder.") else None


def _layer_below(name: str) -> int:
    """Return the number of the layer that a part of an encoder belongs to, -1 for embeddings."""
    parts = name.split(".")
    numbers = [
        int(part)
        for part, before in zip(parts[1:], parts, strict=False)
        if part.isdigit()
        if before in ("layer", "layers")
    ]
    return numbers[0] if numbers else -1


def set_dropout(encoder: nn.Module, share: float, frozen_layers: int) -> None:
    """Set the dropout of the hidden states of the layers that learn; switch all other off.

    Drawing the attention's mask took a quarter of a training step on a processor.
    """
    for name, module in encoder.named_modules():
        if isinstance(module, nn.Dropout):
            frozen = frozen_layers and _layer_below(name) < frozen_layers
            module.p = 0.0 if "attention.self" in name or frozen else share


def freeze_layers(encoder: nn.Module, count: int) -> None:
    """Stop the lowest layers from learning, and all embeddings with them if there is any.

    Raises:
        ConfigError: The encoder has fewer layers.
    """
    if not count:
        return
    layers = {_layer_below(name) for name, _ in encoder.named_parameters()}
    if count > max(layers) + 1:
        raise ConfigError(f"frozen_layers: expected at most {max(layers) + 1}, got {count}")
    for name, parameter in encoder.named_parameters():
        if _layer_below(name) < count:
            parameter.requires_grad_(False)


def _copy(source: dict[str, Tensor], target: dict[str, Tensor] | dict[str, nn.Parameter]) -> None:
    with torch.no_grad():
        for name, tensor in target.items():
            tensor.copy_(source[name])


def _line(scores: dict[str, Any], best_epoch: int) -> str:
    mark = " *" if best_epoch == scores["epoch"] else ""
    return (
        f"epoch {scores['epoch']:>2}  loss {scores['train_loss']:.3f}  dev f_polar_pooled "
        f"{scores['f_polar_pooled']:.3f}  macro_f1_pooled {scores['macro_f1_pooled'] or 0:.3f}  "
        f"{scores['seconds']:.0f} s{mark}"
    )


def _history_table(progress: Progress) -> Table:
    table = Table(title=f"Training (best epoch {progress.best_epoch})")
    names = ("epoch", "train_loss", "f_polar_pooled", "macro_f1_pooled", "sentiment_macro_f1")
    for name in names:
        table.add_column(name, justify="right")
    for epoch in progress.history:
        cells = ("-" if epoch[n] is None else f"{epoch[n]:.3f}" for n in names[1:])
        table.add_row(str(epoch["epoch"]), *cells)
    return table
