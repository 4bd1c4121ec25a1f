"""The check of the corpus: every rule, the table of its figures, the pages made of them."""

from itertools import groupby

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from labels.corpus.agreement import agreements
from labels.corpus.pages import agreement_page, publish, table_rows, with_table
from labels.corpus.read import Problem, read_corpus
from labels.corpus.reference import measure_reference, read_reference
from labels.corpus.rules import RULES
from labels.corpus.settings import CorpusSettings
from labels.pipeline.errors import DataError
from labels.pipeline.markdown import markdown_table

_SHOWN = 200  # problems


def check_corpus(settings: CorpusSettings) -> None:
    """Check every rule of the corpus and show its figures beside those of real news.

    With ``write`` the table of the data card and the page on agreement are made anew; without, one
    that is not up to date is a problem. With ``reference`` real news is measured first.

    Raises:
        DataError: A rule is broken (the problems are printed), or a file is missing.
    """
    console = Console(stderr=True)
    with console.status("reading the corpus"):
        corpus = read_corpus(settings.corpus, settings.targets)
    problems = list(corpus.problems)
    if settings.reference is not None:
        with console.status("measuring real news"):
            problems += measure_reference(corpus, settings.reference, settings)
    real = read_reference(settings.reference_figures)
    for rule in RULES:
        with console.status(f"checking: {rule.__name__}"):
            problems += rule(corpus, settings)
    header, rows = table_rows(corpus, real, settings)
    card = with_table(settings.card, markdown_table(header, rows))
    problems += publish(settings.card, card, settings.write)
    page = agreement_page(corpus, agreements(corpus))
    problems += publish(settings.agreement_page, page, settings.write)
    _show_table(header, rows)
    _show_problems(problems, console)
    if problems:
        raise DataError(f"{settings.corpus}: {len(problems):,} problems")
    rules = f"{len(RULES)} rules, {len(corpus.gold):,} gold sentences"
    console.print(f"[bold green]ok[/]  {rules}, {len(corpus.articles):,} articles", highlight=False)


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
