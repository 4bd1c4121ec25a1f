"""The check of the corpus: every rule, the table of its figures, the pages made of them."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from labels.corpus.agreement import agreements
from labels.corpus.gauge import compare, gauge, gauge_rows, out_of_bounds, read_kept
from labels.corpus.hub_card import hub_card, read_files
from labels.corpus.pages import agreement_page, publish, table_rows, with_table
from labels.corpus.read import Problem, read_corpus
from labels.corpus.reference import measure_reference, read_real_news, read_reference
from labels.corpus.rules import RULES
from labels.corpus.settings import CorpusSettings
from labels.pipeline.errors import DataError
from labels.pipeline.markdown import markdown_table
from labels.targets import Matcher
from labels.targets.read import load_targets

_SHOWN = 200  # problems


def check_corpus(settings: CorpusSettings) -> None:
    """Check every rule of the corpus and show its figures beside those of real news.

    With ``write`` the table of the data card, the page on agreement and the card for a hub are made
    anew; without, one that is not up to date is a problem. With ``reference`` real news is measured
    first, and what tells the corpus from it is shown.

    Raises:
        DataError: A rule is broken (the problems are printed), or a file is missing.
    """
    console = Console(stderr=True)
    with console.status("reading the corpus"):
        corpus = read_corpus(settings.corpus, settings.targets)
    problems = list(corpus.problems)
    matcher = Matcher(load_targets(settings.target_folder, settings.targets))
    if settings.reference is not None:
        with console.status("reading real news"):
            news = read_real_news(settings.reference)
        with console.status("measuring real news"):
            problems += measure_reference(corpus, news, settings)
        with console.status("telling the corpus from real news"):
            _show_features(compare(corpus, news, matcher, settings))
    real, kept = read_reference(settings.reference_figures), read_kept(settings.gauge_figures)
    for rule in RULES:
        with console.status(f"checking: {rule.__name__}"):
            problems += rule(corpus, settings)
    with console.status("measuring the corpus"):
        ours = gauge(corpus.pieces_by_language(), corpus.gold, matcher, settings)
        header, rows = table_rows(corpus, real, settings)
    langs = [name.partition(" ")[0] for name in header[1::2]]
    rows += gauge_rows(langs, ours, kept, matcher)
    problems += out_of_bounds(ours, settings)
    card = with_table(settings.card, markdown_table(header, rows))
    problems += publish(settings.card, card, settings.write)
    page = agreement_page(corpus, agreements(corpus))
    problems += publish(settings.agreement_page, page, settings.write)
    for_hub = hub_card(read_files(settings.corpus), settings.targets)
    problems += publish(settings.hub_card, for_hub, settings.write)
    _show_table(header, rows)
    _show_problems(problems, console)
    if problems:
        raise DataError(f"{settings.corpus}: {len(problems):,} problems")
    rules = f"{len(RULES)} rules, {len(corpus.gold):,} gold sentences"
    console.print(f"[bold green]ok[/]  {rules}, {len(corpus.articles):,} articles", highlight=False)


def _show_features(features: Mapping[str, Sequence[str]]) -> None:
    table = Table(title="What gives the corpus away, the strongest first")
    for name in ("language", "letters"):
        table.add_column(name, overflow="fold")
    for lang, strings in features.items():
        table.add_row(lang, escape("  ".join(repr(one) for one in strings)))
    Console(width=max(120, Console().width)).print(table)


def _show_table(header: list[str], rows: list[list[str]]) -> None:
    table = Table(title="The corpus beside real news")
    for number, name in enumerate(header):
        table.add_column(name, justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(width=max(120, Console().width)).print(table)


def _show_problems(problems: list[Problem], console: Console) -> None:
    for problem in problems[:_SHOWN]:
        console.print(escape(str(problem)), highlight=False, soft_wrap=True)
    if len(problems) > _SHOWN:
        files = groupby(sorted(problem.where.rpartition(":")[0] for problem in problems[_SHOWN:]))
        more = ", ".join(f"{escape(name) or 'counts'} {len(list(of))}" for name, of in files)
        console.print(f"and {len(problems) - _SHOWN:,} more: {more[:500]}", highlight=False)
