r"""Ask a language model about sentences; its answers are one more votes table.

    python scripts/annotate_sentences.py endpoint=ollama endpoint.model=qwen3:8b dry_run=true
    python scripts/annotate_sentences.py endpoint=ollama endpoint.model=qwen3:8b
    python scripts/label_sentences.py \
        votes='[data/default/votes/votes.parquet,data/default/annotator/votes.parquet]'

The endpoint is any that speaks the chat completions of OpenAI: vLLM, Ollama, llama.cpp, a hosted
service. configs/endpoint/ and configs/prompt/ have its settings and those of the prompt. A run
that was stopped goes on from its cache. docs/annotator.md says more.
"""

from labels.annotator.settings import AnnotateSettings
from labels.pipeline.command import Stage

STAGE = Stage(__file__, AnnotateSettings, "labels.annotator.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
