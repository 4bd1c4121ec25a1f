"""Check every rule of the built-in corpus, and show its figures beside those of real news.

    python scripts/check_corpus.py                  # after `dvc repro split_examples`
    python scripts/check_corpus.py write=true       # make the published table and page anew
    python scripts/check_corpus.py reference=DIR    # measure real news anew, look for its text
                                                    # and for what tells the corpus from it

Every broken rule is told with its file and line; then the exit status is 1.
"""

from labels.corpus.settings import CorpusSettings
from labels.pipeline.command import Stage

STAGE = Stage(__file__, CorpusSettings, "labels.corpus.check")

if __name__ == "__main__":
    STAGE.main(__doc__)
