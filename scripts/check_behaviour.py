"""Ask models for the behavioural suite: of how many minimal pairs are both sentences right?

    python scripts/check_behaviour.py                                       # exports/default
    python scripts/check_behaviour.py 'models=[exports/default,exports/real_news]'
    python scripts/check_behaviour.py minimum=0.5                           # exit 1 below it

A pair is two sentences that differ in one thing, such as a negation. Writes the pass rates by
capability and language, with intervals, and the pairs that were failed, to be read.
"""

from labels.pipeline.command import Stage
from training.behaviour.settings import BehaviourSettings

STAGE = Stage(__file__, BehaviourSettings, "training.behaviour.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
