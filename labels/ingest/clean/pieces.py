"""Cut a line into the pieces that cleaning judges one by one: its sentences."""

from labels.languages.splitting import split_text

Span = tuple[int, int]


def sentence_spans(line: str, lang: str) -> list[Span]:
    """Cut a line into sentences; what its writer forgot to close is one with what follows.

    Args:
        line: One line of a text, without a line break in it.
        lang: Language code.

    Returns:
        Spans ``(start, end)`` in code points of the line, in order and without overlap, without
        white space at their ends; together they cover everything but white space.
    """
    return split_text(line, lang)
