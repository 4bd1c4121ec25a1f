"""Public sets, with rows written for the tests in the layouts in which they are published."""

import pytest

from training.benchmark.layouts import Layout

# suite -> number of the layout -> files
PUBLISHED = {
    "rusentne": {
        1: {
            "train_data.csv": (
                "sentence\tentity\tentity_tag\tentity_pos_start_rel\tentity_pos_end_rel\tlabel\n"
                "Мэр похвалил «Волну» за победу.\tВолну\tORGANIZATION\t14\t19\t1\n"
                '"Газета ""Луч"" ругает мэра."\tЛуч\tORGANIZATION\t8\t11\t0\n'
                "Суд наказал завод.\tзавод\tORGANIZATION\t12\t17\t-1\n"
            )
        }
    },
    "newsmtsc": {
        1: {
            "train.jsonl": (
                '{"id": "a", "sentence": "Voters trust Ann Reed.", "mention": "Ann Reed", '
                '"from": 13, "to": 21, "polarity": 1.0}\n'
                '{"id": "b", "sentence": "Reed lied to us.", "mention": "Reed", "from": 0, '
                '"to": 4, "polarity": -1.0}\n'
            )
        }
    },
    "mawqif": {
        1: {
            "Mawqif_AllTargets_Train.csv": (
                "ID,text,target,stance,stance:confidence,sarcasm,sarcasm:confidence,sentiment\n"
                '1,"اللقاح نعمة، خذوه",Covid Vaccine,Favor,1,No,1,Positive\n'
                "2,من قال إن الورق لا يكفي؟,Digital Transformation,,1,No,1,Neutral\n"
            )
        }
    },
    "ans": {
        1: {"train.csv": "s1,s2,stance\nارتفع النهر,انخفض النهر,disagree\nفاز أ,فاز أ,agree\n"}
    },
    "smsa": {1: {"train_preprocess.tsv": 'sop nya "enak"\tpositive\nmeja lengket\tnegative\n'}},
    "xlmt_ar": {
        1: {"train_text.txt": "يوم جميل\nملل\n", "train_labels.txt": "2\n0\n"},
    },
}


@pytest.fixture(scope="session")
def suite(composer):
    """Compose the settings of a public set."""
    return lambda key: composer.settings("run_benchmark", f"suite={key}", "data_dir=x").suite


@pytest.fixture
def published(suite, tmp_path):
    """Write the files of a set in a layout of its own; return the first one and the layout."""

    def write(key):
        ((number, files),) = PUBLISHED[key].items()
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / next(iter(files)), Layout.of(suite(key).layouts[number])

    return write
