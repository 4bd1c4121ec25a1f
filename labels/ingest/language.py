"""Which language a record is in: its source's word against what the text shows."""

from labels.ingest.read.record import RawRecord
from labels.languages import LANGUAGES
from labels.languages.detect import Verdict, is_transliterated, judge, normalize, script_of_language
from labels.pipeline.schema import Reject, rejected

_SAMPLE_CHARACTERS = 2_000


def language_of(record: RawRecord, title: str | None) -> str | Reject:
    """Take the source's word, unless the text clearly shows another language; else detect."""
    sample = f"{title or ''}\n{record.text[:_SAMPLE_CHARACTERS]}"
    declared = normalize(record.lang)
    verdict = judge(sample, declared)
    lang = _settle(declared, verdict, sample)
    if lang in LANGUAGES:
        return str(lang)
    named = f"detected {verdict.lang}" if verdict.lang else "too few letters to tell"
    if declared is not None:
        named = f"declared {record.lang}, {named}"
    return rejected(
        record.where, "unknown_language", f"expected one of {', '.join(LANGUAGES)}, found {named}"
    )


def _settle(declared: str | None, verdict: Verdict, sample: str) -> str | None:
    """Weigh a declared language against the text's; a language that is none of ours is a reject."""
    found = verdict.lang
    if declared is None or found == declared:
        return found
    if declared not in LANGUAGES:
        return found if found in LANGUAGES and verdict.is_clear else declared
    if found is None or is_transliterated(sample, declared):
        return declared
    same_script = found not in LANGUAGES or script_of_language(found) == script_of_language(
        declared
    )
    return declared if same_script and not verdict.is_clear else found
