r"""Serve an exported model over HTTP, with a page to try it on an article.

    python scripts/serve_model.py
    python scripts/serve_model.py model=exports/real_news port=8080
    python scripts/serve_model.py host=0.0.0.0 allowed_hosts=[stance.example] token_file=secret.txt

Open http://127.0.0.1:8000/ for the page, or ask for records, as predict_stance makes them:

    curl -H 'Content-Type: application/json' http://127.0.0.1:8000/v1/predict \
        -d '{"sentences": ["The OIC welcomed the ceasefire in Gaza."]}'

Only this machine can reach it unless host= says otherwise. docs/service.md explains the routes.
Stop it with Ctrl-C or SIGTERM: what it has taken is answered first. Exit status: 0 stopped, 1
failed, 2 wrong usage.
"""

from labels.pipeline.command import Stage
from training.serve.settings import ServeSettings

STAGE = Stage(__file__, ServeSettings, "training.serve.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
