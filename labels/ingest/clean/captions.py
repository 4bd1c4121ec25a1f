"""Photo captions: which lines they are, and their labels and credits, which are clutter."""

from labels.ingest.clean.judge import Cut, arranged, tails_of
from labels.ingest.clean.lines import CLOSERS, LINE_LIMIT, Line, Piece, match_line
from labels.ingest.clean.rules import Rule, Rules, candidates
from labels.pipeline.schema import SentenceKind

_CREDIT = "photo_credit"
_CAPTION_WORDS = 3  # words in small letters that a caption has and a credit has not


def caption_kind(line: Line, rules: Rules) -> tuple[SentenceKind, Rule | None]:
    """Tell whether a line is a caption; if it is nothing but a credit, name the rule as well."""
    plain = line.plain
    if len(plain) > LINE_LIMIT:
        return SentenceKind.body, None
    for rule in candidates(rules.labels, line.held):
        if label := rule.pattern.match(plain):
            is_text = rule.kind == "caption" or _says_something(plain[label.end() :], rules)
            return (SentenceKind.caption, None) if is_text else (SentenceKind.body, rule)
    found = match_line(rules.captions, plain, line.held)
    if found and found.kind == _CREDIT:
        return SentenceKind.body, found
    return (SentenceKind.caption if found else SentenceKind.body), None


def _says_something(plain: str, rules: Rules) -> bool:
    """Whether a caption is more than names, as credits are; scripts without case always say."""
    for rule in rules.credits:
        plain = rule.pattern.sub("", plain)
    words = [word for word in plain.split() if len(word) > 1 and word[0].isalpha()]
    is_sentence = plain.rstrip(CLOSERS)[-1:] in ".!?؟…" and plain != ""
    return sum(not word[0].isupper() for word in words) >= _CAPTION_WORDS - is_sentence


def cut_caption(text: str, start: int, end: int, rules: Rules) -> list[Piece]:
    """Cut off what introduces a caption and the credit at its end."""
    cuts: list[Cut] = []
    position = start
    for rule in rules.labels:
        label = rule.pattern.match(text, position, end)
        if label:
            cuts.append((label.span(), rule.kind, rule.name))
            position = label.end()
    tails = tuple(rule for rule in rules.tails if rule.kind == _CREDIT) + rules.credits
    cuts.extend(tails_of(text, position, end, tails))
    return list(arranged(text, (start, end), cuts, [(start, end)]))
