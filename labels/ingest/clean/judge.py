"""Judge a line of an article piece by piece: its sentences, its brackets and what ends it."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from labels.ingest.clean.boilerplate import Boilerplate
from labels.ingest.clean.evidence import is_clutter, speaks
from labels.ingest.clean.lines import (
    BLANK,
    LINE_LIMIT,
    Line,
    Piece,
    bare_forms,
    match_line,
    plain_of,
)
from labels.ingest.clean.literals import Held
from labels.ingest.clean.pieces import Span, sentence_spans
from labels.ingest.clean.rules import Rule, Rules, candidates
from labels.ingest.clean.teasers import labels_in, teasers

_TAIL_WINDOW = 250  # characters; tail rules see the end of a line only,
_LINK_WINDOW = 600  # or more where there is a link among them
_SIGNS = re.compile(r"[^\w\s,-]\s*")
_TERMS = ("consent", "copyright", "disclaimer")  # kinds that run over several sentences
_SCAN_LIMIT = 4_000  # characters; in longer lines every rule is tried on every sentence
_REFERENCE = "link"  # in brackets, a link is a sentence's own reference
_CREDIT = "photo_credit"
_LEADING = "/|:»>•–—"
_FEW_WORDS = 3
_NEAR = 20  # characters beside brackets
_LINE_LIMIT = 100_000  # characters; a longer line is no prose, and only its end is looked at
_BRACKETS = re.compile(r"\([^()\n]{3,240}\)\.?|\[[^\[\]\n]{3,240}\]\.?")
_ENDS = '.!?؟…:"”»)]'
_STOPS = ".!…"


Cut = tuple[Span, str, str]  # what is cut out, its kind and what found it


@dataclass(frozen=True, kw_only=True)
class Judge:
    """What is known of an article while its lines are judged."""

    text: str
    lang: str
    rules: Rules
    boilerplate: Boilerplate | None = None
    source: str | None = None

    def recurs(self, start: int, end: int) -> bool:
        """Whether a piece is known to stand in many articles of the source."""
        if self.boilerplate is None or self.source is None:
            return False
        return self.boilerplate.holds(self.source, self.text[start:end])

    def _may_recur(self, start: int, end: int) -> bool:
        if self.boilerplate is None or self.source is None:
            return False
        return self.boilerplate.may_hold_part(self.source, self.text[start:end])

    def speaks(self, piece: str) -> bool:
        """Whether a piece has a mark of the article's own voice."""
        return speaks(piece, self.lang)

    def pieces(self, line: Line) -> list[Piece]:
        """Cut a line into pieces, in order: those that are kept and those that are not."""
        start, end = whole = line.start, line.end
        is_long = end - start > _LINE_LIMIT
        named = [] if is_long else self._named(line)
        if piece := self._whole_line(line, named):
            return [piece]
        cuts = list(tails_of(self.text, start, end, self.rules.tails, line.held))
        if is_long:
            return list(arranged(self.text, whole, cuts, [whole]))
        stop = min((span[0] for span, *_ in cuts), default=end)
        for rule in candidates(self.rules.inline, line.held):
            cuts.extend(
                (match.span(), rule.kind, rule.name)
                for match in rule.pattern.finditer(self.text, start, stop)
                if not self._credits_line(rule, match.span(), whole)
            )
        labels = labels_in(self.text, (start, stop), candidates(self.rules.teasers, line.held))
        if not (named or labels or self._may_recur(start, stop)):
            return list(arranged(self.text, whole, cuts, [whole]))
        spans = self._sentences(start, stop)
        if labels:
            teased = teasers(self.text, (start, stop), spans, labels, self.lang)
            cuts.extend((span, rule.kind, rule.name) for span, rule in teased)
        pieces: list[Piece] = []
        for piece in arranged(self.text, whole, cuts, spans):
            self._judge(piece, whole, named)
            pieces.extend(self._without_brackets(piece, whole, named))
        if len(pieces) > 1:
            self._judge_by_neighbours(pieces, whole)
        return pieces

    def _named(self, line: Line) -> list[Rule]:
        """Find the rules for lines that match what stands behind any sign, as sentences do."""
        rules = self.rules.sentence_rules(line.held)
        if not rules or line.held is None or line.end - line.start > _SCAN_LIMIT:
            return list(rules)
        signs = _SIGNS.finditer(self.text, line.start, line.end)
        starts = [line.start, *(place for sign in signs for place in sign.span())]
        return [rule for rule in rules if self._begins_at(rule, starts, line.end)]

    def _begins_at(self, rule: Rule, starts: Iterable[int], end: int) -> bool:
        match, text = rule.pattern.match, self.text
        for start in starts:
            if match(text, start, end):
                return True
        return False

    def _sentences(self, start: int, end: int) -> list[Span]:
        spans = sentence_spans(self.text[start:end], self.lang)
        return [(start + first, start + last) for first, last in spans]

    def _is_one(self, line: Span, rule: Rule) -> bool:
        """Whether a line is one sentence, one with a few words beside it, or terms in several."""
        sentences = [self.text[start:end] for start, end in self._sentences(*line)]
        if len(sentences) == 1:
            return True
        n_long = sum(len(sentence.split()) > _FEW_WORDS for sentence in sentences)
        is_terms = rule.kind in _TERMS and not rule.weak
        return (n_long <= 1 or is_terms) and not self.speaks(self.text[line[0] : line[1]])

    def _whole_line(self, line: Line, named: list[Rule]) -> Piece | None:
        """Judge a line that a rule matches whole, if it is one sentence."""
        if line.end - line.start > LINE_LIMIT:
            return None
        forms = bare_forms(line.plain)
        rule = _first_match(named, _with_and_without_stop(forms))
        if rule is None and any(self.rules.any_form.fullmatch(form) for form in forms):
            rule = _first_match(self.rules.forms, forms)
        span = (line.start, line.end)
        if rule is None or not self._is_one(span, rule):
            return None
        piece = Piece(start=line.start, end=line.end, waits_for=rule)
        self._settle(piece, span)
        return piece

    def _without_brackets(self, piece: Piece, line: Span, rules: list[Rule]) -> Iterable[Piece]:
        """Cut brackets that hold clutter out of a piece that is kept."""
        if not piece.is_kept or not rules:
            return [piece]
        cuts = []
        for match in _BRACKETS.finditer(self.text, piece.start, piece.end):
            inside = match.start() + 1, match.end() - 1 - match.group().endswith(".")
            rule = self._matching(rules, *inside) or self._matching(rules, *match.span())
            if rule is None or rule.kind == _REFERENCE:
                continue
            if not self._stands_alone(match.span(), line):
                continue
            if self._credits_line(rule, match.span(), line):
                continue
            if is_clutter(rule, match.group(), self.lang, is_line=False, is_closing=False):
                cuts.append((match.span(), rule.kind, rule.name))
        span = (piece.start, piece.end)
        return arranged(self.text, span, cuts, [span]) if cuts else [piece]

    def _credits_line(self, rule: Rule, span: Span, line: Span) -> bool:
        """Whether a credit ends a line without a full stop, a caption, to which it belongs."""
        before = self.text[max(line[0], span[0] - _NEAR) : span[0]].rstrip(BLANK)
        after = self.text[span[1] : min(line[1], span[1] + _NEAR)]
        is_last = rule.kind == _CREDIT and not any(map(str.isalnum, after))
        return is_last and before != "" and before[-1] not in _ENDS

    def _stands_alone(self, span: Span, line: Span) -> bool:
        """Whether brackets stand between sentences; inside one, they cannot be cut out."""
        before = self.text[max(line[0], span[0] - _NEAR) : span[0]].rstrip(BLANK)
        after = self.text[span[1] : min(line[1], span[1] + _NEAR)].lstrip(BLANK)
        if after[:1] == "(" or before[-1:] == "]":
            return False  # a link, in brackets after its words
        return not before or not after or before[-1] in _ENDS or after[0].isupper()

    def _judge(self, piece: Piece, line: Span, rules: list[Rule]) -> None:
        if not piece.is_kept:
            return
        if self.recurs(piece.start, piece.end):
            piece.kind, piece.found_by = "recurring", "recurrence"
        elif rule := self._matching(rules, piece.start, piece.end):
            piece.waits_for = rule
            self._settle(piece, line)

    def _matching(self, rules: list[Rule], start: int, end: int) -> Rule | None:
        """Find the rule for lines that matches a piece, with or without its stop."""
        if end - start > LINE_LIMIT or not rules:
            return None
        forms = bare_forms(plain_of(self.text[start:end]))
        return _first_match(rules, _with_and_without_stop(forms))

    def _settle(self, piece: Piece, line: Span, n_signs: int = 0) -> bool:
        """Remove a piece that waits for signs if it has enough of them."""
        rule = piece.waits_for
        if rule is None or not piece.is_kept:
            return False
        words = self.text[piece.start : piece.end]
        is_line, is_closing = (piece.start, piece.end) == line, piece.end == line[1]
        if is_clutter(
            rule, words, self.lang, is_line=is_line, is_closing=is_closing, n_signs=n_signs
        ):
            piece.remove(rule)
        return not piece.is_kept

    def _judge_by_neighbours(self, pieces: list[Piece], line: Span) -> None:
        """Let clutter be a sign against the pieces that stand beside it, in both directions."""
        for row in (pieces, pieces[::-1]):
            beside: Piece | None = None
            for piece in row:
                if beside:
                    self._settle(piece, line, 1)
                    if piece.is_kept and self._is_scrap(piece):
                        piece.kind, piece.found_by = beside.kind, beside.found_by
                beside = None if piece.is_kept else piece

    def _is_scrap(self, piece: Piece) -> bool:
        """Whether a piece is a few words that lead to the clutter beside them."""
        words = self.text[piece.start : piece.end].split()
        return len(words) <= _FEW_WORDS and words[-1][-1] in _LEADING

    def settle_at_edge(self, piece: Piece, line: Span) -> bool:
        """Remove a piece at the edge of the article that waited for a sign; tell whether it did."""
        return self._settle(piece, line, 1)

    def cut_end(self, pieces: list[Piece], line: Span, *, is_only: bool) -> None:
        """Cut from the last line of the article what is clutter only there.

        Args:
            pieces: The pieces of the line, changed in place.
            line: Where the line stands.
            is_only: Whether no other line is left, so that something of this one must stay.
        """
        while kept := [piece for piece in pieces if piece.is_kept]:
            last = kept[-1]
            may_go = not is_only or len(kept) > 1
            if may_go and self.settle_at_edge(last, line):
                continue
            cuts = list(tails_of(self.text, last.start, last.end, self._end_rules()))
            if cuts and (may_go or min(span[0] for span, *_ in cuts) > last.start):
                place = pieces.index(last)
                span = (last.start, last.end)
                pieces[place : place + 1] = arranged(self.text, span, cuts, [span])
                continue
            if not self._cut_signature(pieces, last, may_go):
                return

    def _end_rules(self) -> tuple[Rule, ...]:
        return self.rules.tails + self.rules.end_tails

    def _cut_signature(self, pieces: list[Piece], last: Piece, may_go: bool) -> bool:
        """Cut off the last sentence where it has no end and is what stands after an article."""
        if self.text[last.end - 1] in _STOPS:
            return False
        start = self._sentences(last.start, last.end)[-1][0]
        if not (start > last.start or (may_go and len(pieces) > 1)):
            return False
        plain = plain_of(self.text[start : last.end])
        rule = match_line(self.rules.endings, plain)
        if rule is None:
            return False
        place = pieces.index(last)
        span = (last.start, last.end)
        cut = ((start, last.end), rule.kind, rule.name)
        pieces[place : place + 1] = arranged(self.text, span, [cut], [span])
        return True


def _first_match(rules: Iterable[Rule], forms: Sequence[str]) -> Rule | None:
    for rule in rules:
        match = rule.pattern.fullmatch
        for form in forms:
            if match(form):
                return rule
    return None


def _with_and_without_stop(forms: tuple[str, ...]) -> list[str]:
    stopped = [form.rstrip(_STOPS) for form in forms]
    return [*forms, *(form for form in stopped if form not in forms)]


def arranged(text: str, line: Span, cuts: list[Cut], spans: list[Span]) -> Iterator[Piece]:
    """Give what is cut out and what is left of the sentences between, in order."""
    position = line[0]
    for (start, end), kind, found_by in sorted(cuts):
        if start < position:
            continue
        yield from _left(text, position, start, spans)
        yield Piece(start=start, end=end, kind=kind, found_by=found_by)
        position = end
    yield from _left(text, position, line[1], spans)


def _left(text: str, start: int, end: int, spans: list[Span]) -> Iterator[Piece]:
    number = bisect_right(spans, start, key=lambda span: span[1])
    while number < len(spans) and spans[number][0] < end:
        first, last = spans[number]
        first, last = trim(text, max(first, start), min(last, end))
        if first < last:
            yield Piece(start=first, end=last)
        number += 1


def trim(text: str, start: int, end: int) -> Span:
    """Leave out the white space at both ends of a span; one without a letter becomes empty."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip(BLANK))
    end -= len(piece) - len(piece.rstrip(BLANK))
    return (start, end) if any(map(str.isalnum, text[start:end])) else (start, start)


def tails_of(
    text: str, start: int, end: int, rules: tuple[Rule, ...], held: Held | None = None
) -> Iterator[Cut]:
    """Find what is to be cut from the end of a line, from right to left."""
    possible = candidates(rules, held)
    found = bool(possible)
    while found and end > start:
        found = False
        has_link = "://" in text[max(start, end - _LINK_WINDOW) : end]
        window = max(start, end - (_LINK_WINDOW if has_link else _TAIL_WINDOW))
        tail = text[window:end]
        for rule in possible:
            match = rule.pattern.search(tail)
            if match and match.start() < match.end():
                yield (window + match.start(), end), rule.kind, rule.name
                end = window + match.start()
                found = True
                break
