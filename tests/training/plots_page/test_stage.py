import subprocess

import pytest
from dvc_render import VegaRenderer, render_html
from lxml import html

from labels.pipeline.errors import ConfigError
from tests.chromium import CHROMIUM, NEEDS_CHROMIUM


@pytest.fixture(scope="module")
def template(tmp_path_factory, composer):
    path = tmp_path_factory.mktemp("plots") / "plots.html"
    composer.run("embed_vega", f"output={path}", "configure=false")
    return path


@pytest.fixture(scope="module")
def page(template):
    """Draw two epochs as dvc plots does."""
    points = [{"epoch": str(i), "f_polar": i / 4, "rev": "workspace"} for i in (1, 2)]
    chart = VegaRenderer(points, "history.csv", x="epoch", y="f_polar", anchor_y_defn=[])
    return render_html([chart], template.with_name("index.html"), str(template))


def test_the_page_asks_for_nothing_from_elsewhere(page):
    document = html.fromstring(page.read_text(encoding="utf-8"))
    assert document.xpath("//@src | //link/@href") == []
    assert len(document.xpath("//script")) == 2  # the library and the chart
    assert document.xpath("//h1")[0].text == "Plots"


@NEEDS_CHROMIUM
@pytest.mark.slow
@pytest.mark.browser
def test_a_browser_without_a_network_draws_the_chart(page, tmp_path):
    done = subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--virtual-time-budget=8000",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    drawn = html.fromstring(done.stdout)
    assert drawn.xpath("//canvas | //*[local-name()='svg']")


def test_dvc_is_told_where_the_template_is(tmp_path, composer, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for command in (["git", "init", "-q"], ["dvc", "init", "-q"]):
        subprocess.run(command, check=True)
    composer.run("embed_vega", "output=.dvc/tmp/plots.html")
    told = ["dvc", "config", "plots.html_template"]
    found = subprocess.run(told, capture_output=True, text=True, check=True).stdout
    assert found.strip() == "tmp/plots.html"
    assert (tmp_path / ".dvc" / found.strip()).is_file()


def test_a_version_that_nobody_has_is_refused(tmp_path, composer):
    with pytest.raises(ConfigError, match=r"expected one of 5\.8, .*got 4"):
        composer.run("embed_vega", f"output={tmp_path / 'x'}", "vega_lite='4'", "configure=false")
