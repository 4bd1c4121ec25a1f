"""Short invented articles in every language, and pages around them."""

ARTICLES = {
    "en": (
        "Harbour tunnel gets its money",
        (
            "The city council voted late on Monday to pay for a tunnel under the old harbour.",
            "Shopkeepers fear two summers of dust and detours, their spokesman told the session.",
            "Work starts in March, and the first trams should pass in four years, planners said.",
        ),
    ),
    "ru": (
        "Город нашёл деньги на тоннель",
        (
            "Городской совет в понедельник вечером проголосовал за тоннель под старой гаванью.",
            "Торговцы опасаются двух летних сезонов пыли и объездов, заявил их представитель.",
            "Работы начнутся в марте, а первые трамваи пойдут через четыре года, сказали в совете.",
        ),
    ),
    "id": (
        "Dana terowongan pelabuhan disetujui",
        (
            "Dewan kota pada Senin malam menyetujui dana terowongan di bawah pelabuhan lama.",
            "Para pedagang khawatir dua musim panas penuh debu, kata juru bicara mereka di sidang.",
            "Pekerjaan dimulai pada Maret dan trem pertama lewat empat tahun lagi, kata perencana.",
        ),
    ),
    "ar": (
        "المدينة تمول نفق الميناء",
        (
            "صوت مجلس المدينة مساء الاثنين لصالح تمويل نفق تحت الميناء القديم في وسط المدينة.",
            "ويخشى أصحاب المتاجر من صيفين من الغبار كما قال المتحدث باسمهم أمام المجلس.",
            "وتبدأ الأشغال في شهر مارس ومن المقرر أن تمر أول عربات الترام بعد أربع سنوات من الآن.",
        ),
    ),
}
LANGS = tuple(ARTICLES)


def title(lang):
    return ARTICLES[lang][0]


def lines(lang):
    return list(ARTICLES[lang][1])


def paragraphs(lang, tag="p"):
    return "".join(f"<{tag}>{line}</{tag}>" for line in lines(lang))


def page(lang, body, head="", declared=None, name=None):
    name = f"<title>{title(lang)}</title>" if name is None else name
    return (
        f'<!DOCTYPE html><html lang="{declared or lang}"><head><meta charset="utf-8">'
        f"{name}{head}</head><body>{body}</body></html>"
    ).encode()


def article(lang, before="", after=""):
    return (
        f"<main><article><h1>{title(lang)}</h1>{before}{paragraphs(lang)}{after}</article></main>"
    )
