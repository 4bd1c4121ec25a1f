"""What a machine is, for pages that say how fast something ran on it."""

import re
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

_CPU_INFO = Path("/proc/cpuinfo")  # of Linux; elsewhere nothing is known
_INSTRUCTIONS = re.compile(r"avx\w*|fma|f16c|amx_\w+|asimd\w*|sve\w*|i8mm|bf16")


def processor() -> str:
    """Name the processor and the number of its cores, where the system tells."""
    names = _values("model name")
    return f"{len(names)} cores of {names[0]}" if names else "this machine"


def instructions() -> list[str]:
    """List the instruction sets that multiply numbers, sorted, where the system tells."""
    flags = [
        flag for line in (_values("flags") or _values("Features"))[:1] for flag in line.split()
    ]
    return sorted(filter(_INSTRUCTIONS.fullmatch, flags))


def versions(packages: Sequence[str]) -> dict[str, str]:
    """Give the installed version of each package."""
    return {name: metadata.version(name) for name in packages}


def _values(field: str) -> list[str]:
    """Give what the system says under a name, once for each core."""
    text = _CPU_INFO.read_text(encoding="ascii", errors="replace") if _CPU_INFO.exists() else ""
    return [found.strip() for found in re.findall(rf"^{field}\s*:(.*)$", text, re.MULTILINE)]
