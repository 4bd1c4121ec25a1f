"""The contract of ``serve_annotation``: a page to label on, until told to stop."""

from rich.console import Console

try:
    from training.annotation_page.app import build_app
    from training.serve.server import address_of, listen, serve
except ModuleNotFoundError as error:
    needed = "the page needs: pip install --editable '.[serve,service]'"
    raise ModuleNotFoundError(f"{error}; {needed}") from error
from labels.people.items import questions_of, read_items
from labels.pipeline.schema import SENTIMENT_TASK, tasks_for
from labels.targets.read import load_targets
from training.annotation_page.settings import AnnotationSettings
from training.annotation_page.store import Store
from training.serve.limits import read_secret

_LEAVING_SECONDS = 5


def serve_annotation(settings: AnnotationSettings) -> None:
    """Show sentences to label and keep each answer at once, until SIGINT or SIGTERM.

    Raises:
        ConfigError: A target has no file, the secret cannot be read, or another page keeps its
            answers in the same folder.
        DataError: The tasks cannot be read, or the folder holds answers to others.
        OSError: The address is not this machine's, or is taken.
    """
    tasks = tasks_for(settings.targets)
    targets = load_targets(settings.target_folder, settings.targets)
    items = read_items(settings.tasks, tasks)
    questions = questions_of(tasks)
    store = Store(settings.answers, items, questions)
    secret = read_secret(settings.token_file)
    app = build_app(
        store,
        items,
        questions,
        {target.key: target.name for target in targets} | {SENTIMENT_TASK.key: "Sentiment"},
        settings.guidelines.read_text(encoding="utf-8"),
        settings.allowed_hosts,
        secret,
    )
    console = Console(stderr=True)
    with store.opened(), listen(settings.host, settings.port) as listener:
        told = f"{len(items)} sentences to label: open {address_of(listener)}; stop with Ctrl-C"
        console.print(told, highlight=False, markup=False, soft_wrap=True)
        serve(app, listener, _LEAVING_SECONDS)
    kept = f"answers are kept in {settings.answers}; read_annotations reads them"
    console.print(kept, highlight=False, markup=False, soft_wrap=True)
