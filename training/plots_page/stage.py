"""Write the template of the page that ``dvc plots`` fills, with the drawing library inside."""

import os
import subprocess
from importlib.resources import files
from pathlib import Path

import vl_convert
from rich.console import Console

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import atomic_path
from training.plots_page.settings import PlotsPageSettings

_DVC = Path(".dvc")  # which the option is relative to
_PLACE = "{vega}"


def embed_vega(settings: PlotsPageSettings) -> None:
    """Write the template, and set ``plots.html_template`` in DVC's local configuration.

    Raises:
        ConfigError: vl-convert does not hold this version of Vega-Lite.
        DataError: DVC did not take the option.
    """
    known = vl_convert.get_vegalite_versions()
    if settings.vega_lite not in known:
        raise ConfigError(
            f"embed_vega.vega_lite: expected one of {', '.join(known)}, got {settings.vega_lite}"
        )
    # its stub asks for a snippet, which only adds to what the bundle does by itself
    library = vl_convert.javascript_bundle(vl_version=settings.vega_lite)  # type: ignore[call-arg]
    page = (files("training.plots_page") / "page.html").read_text(encoding="utf-8")
    with atomic_path(settings.output) as temporary:
        temporary.write_text(page.replace(_PLACE, _inside_a_script(library)), encoding="utf-8")
    console = Console(stderr=True)
    if settings.configure:
        place = os.path.relpath(settings.output, _DVC)
        command = ["dvc", "config", "--local", "plots.html_template", place]
        if subprocess.run(command, check=False).returncode:
            raise DataError(f"{' '.join(command)} failed, see above; is this folder a DVC project?")
    console.print(f"template: {settings.output}", highlight=False, markup=False)


def _inside_a_script(code: str) -> str:
    """Keep code from ending the element that it stands in (HTML, 4.12.1.3)."""
    return code.replace("</script", "<\\/script").replace("<!--", "<\\!--")
