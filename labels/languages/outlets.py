"""The outlet that an article's dateline names, as in ``IHRAM.CO.ID, JEDDAH -- The minister``."""

import re
from functools import cache
from urllib.parse import urlsplit

from labels.languages import LANGUAGES, load
from labels.letters import normalize

_WINDOW = 100  # characters that a dateline with an outlet may have
_TOP = (
    "com|co|net|org|info|news|tv|online|id|my|sg|ru|su|by|kz|ua|uk|us|eu|sa|ae|qa|eg|lb|ps|jo|ma|tr"
    "|ir|il|pk|in|io|me|рф|نت"
)
_ADDRESS = rf"(?i:(?:www\.)?[^\W_][\w-]{{1,30}}(?:\.(?:{_TOP})){{1,2}})(?![\w.])"
_DASH = r"\s?[-–—]{1,2}(?=\s|[\"“«‘']|[^\W\d_])"
_CAPITALS = r"[^\W\d_a-zа-яё][\w’'.-]*"
_PLACE = rf"{_CAPITALS}(?: {_CAPITALS}){{0,3}}"
_DATE = r"(?:[,.]? \(?\d{1,2}[ ./][\w.]{1,10}(?:[ ./]\d{4})?\)?)?"
# Addresses under which many outlets are read.
_SHARED = frozenset(
    "google.com googleusercontent.com ampproject.org archive.org archive.is archive.ph t.me"
    " telegram.me telegram.org twitter.com x.com t.co facebook.com fb.com instagram.com youtube.com"
    " youtu.be vk.com ok.ru dzen.ru tiktok.com reddit.com linkedin.com whatsapp.com bit.ly msn.com"
    " yahoo.com feedburner.com feedproxy.com medium.com".split()
)
_VIEWS = re.compile(r"^(?:(?:www\d?|m|amp|mobile|wap)\.)+(?=[^.]+\.)")
_HOST = re.compile(r"[^\W_][\w-]*(?:\.[\w-]+)*\.[^\W\d_][\w-]+")


def outlet_of(paragraph: str) -> str | None:
    """Name the outlet in the dateline that opens a paragraph; None without one.

    An outlet named by its address gives the address in small letters, as `outlet_of_url` does. An
    agency in a dateline is none: ``GAZA (Reuters) -`` stands in many outlets.
    """
    head = normalize(paragraph.strip()[:_WINDOW])
    for pattern in _datelines():
        if match := pattern.match(head):
            return _name(match["outlet"])
    return None


def outlet_of_url(url: str | None) -> str | None:
    """Name the outlet by its host, without ``www.`` and ``m.``; None where many share the host."""
    if not url:
        return None
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:  # brackets that hold no address
        return None
    host = _VIEWS.sub("", host.rstrip("."))
    site = host.split(".")
    if not _HOST.fullmatch(host) or {".".join(site[-2:]), ".".join(site[-3:])} & _SHARED:
        return None
    return host


def _name(written: str) -> str:
    known = _outlets().get(written.casefold())
    return known or written.casefold().removeprefix("www.")


@cache
def _outlets() -> dict[str, str]:
    return {
        name.casefold(): name for lang in LANGUAGES for name in load(lang, "outlets")["outlets"]
    }


@cache
def _datelines() -> tuple[re.Pattern[str], ...]:
    names = sorted(_outlets().values(), key=lambda name: (-len(name), name))
    known = "|".join(map(re.escape, names)) + "|" + "|".join(re.escape(n.upper()) for n in names)
    address = f"(?P<outlet>{_ADDRESS})"
    outlet = f"(?P<outlet>{_ADDRESS}|(?:{known})(?!\\w))"
    place = f"{_PLACE}(?:, ?{_PLACE})?{_DATE}"
    end = rf"(?:{_DASH}|\s?:|$)"
    forms = (
        rf"{outlet}\s?[,:|/-]\s?{place}(?:{_DASH}|:)",
        rf"{address}\s{place}{_DASH}",
        rf"{outlet}(?:{_DASH}|$)",
        rf"{place}(?:\s?[,.:/–—-]\s?|\s)?[(«\"]{outlet}[)»\"]{end}",
        rf"{place}\s?[,.:/–—-]\s?{outlet}{end}",
    )
    return tuple(map(re.compile, forms))
