"""Which variant of an export is the right one on this processor."""

import re
from enum import StrEnum
from functools import cache
from pathlib import Path

from labels.pipeline.errors import ConfigError, DataError
from training.export.artifact import (
    EXPORT_FILE,
    MODEL_PART,
    VARIANT_FILES,
    AnyDescription,
    ExportKind,
    Variant,
    kind_of,
)

# What makes products of 8 bits faster than those of float32. Of avx2 alone this was measured, and
# that its sums in 16 bits change no more answers: docs/export.md.
_FAST_INT8 = {"amx_int8", "avx512_vnni", "avx_vnni", "avx2", "asimddp"}
_IN_8_BITS = (Variant.int8, Variant.small)  # the one with the whole vocabulary first
_CPU_INFO = Path("/proc/cpuinfo")  # of Linux; elsewhere nothing is known


class AskedVariant(StrEnum):
    """A variant that may be asked for."""

    fp32 = Variant.fp32.value
    int8 = Variant.int8.value
    small = Variant.small.value
    auto = "auto"  # whichever this processor is made for


def choose_variant(description: AnyDescription, asked: str) -> Variant:
    """Choose a variant of an export.

    Args:
        description: Of the export.
        asked: Its name; ``auto`` takes int8, or else small, where it is there and the processor
            gains by it, else the first that is there.

    Raises:
        ConfigError: The export holds no such variant.
        DataError: It holds none.
    """
    held = variants_of(description)
    if not held:
        raise DataError(f"{EXPORT_FILE}: expected the checksums of a variant's files, found none")
    if asked == AskedVariant.auto:
        quick = [variant for variant in _IN_8_BITS if variant in held and multiplies_int8()]
        return (quick or held)[0]
    if asked not in held:
        why = description["refused"].get(asked, "it was not asked for when the model was exported")
        raise ConfigError(
            f"variant: expected {' or '.join(held)}, which the export holds, got {asked} ({why})"
        )
    return Variant(asked)


def variants_of(description: AnyDescription) -> list[Variant]:
    """List the variants whose graph an export holds, in their order; rules are exact."""
    if kind_of(description) is ExportKind.rules:
        return [Variant.fp32]
    files = description.get("sha256", {})
    folder = f"{MODEL_PART}/" if kind_of(description) is ExportKind.pool else ""
    return [variant for variant in Variant if folder + VARIANT_FILES[variant].graph in files]


@cache
def multiplies_int8() -> bool:
    """Tell whether this processor multiplies numbers of 8 bits at once."""
    try:
        text = _CPU_INFO.read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    found = re.search(r"^(?:flags|Features)\s*:(.*)$", text, re.MULTILINE)
    return found is not None and not _FAST_INT8.isdisjoint(found[1].split())
