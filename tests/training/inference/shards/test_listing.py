import gzip
import json
from pathlib import Path

from labels.ingest import read_inputs
from labels.pipeline.schema import Reject
from training.inference.shards.listing import items_of, list_shards

PAGE = "<html><body><p>Rain fell all day long in the city of Port Ellis.</p></body></html>"


def read(shards, settings):
    found = []
    for shard in sorted(shards, key=lambda shard: shard.where):
        one = settings.of_one(shard.path, Path("x.jsonl"))
        with items_of(shard, one) as items:
            found += items
    return found


def test_the_largest_shards_come_first_and_what_is_no_file_is_a_reject(folder):
    (folder / "nowhere").symlink_to(folder / "gone")
    (folder / ".hidden.jsonl").write_text("{}", encoding="utf-8")
    shards, rejects = list_shards(str(folder))
    assert {shard.name for shard in shards} == {
        *("2024/a.parquet", "b.parquet", "c.jsonl", "README.md")
    }
    assert [shard.size for shard in shards] == sorted((s.size for s in shards), reverse=True)
    assert [reject.reason for reject in rejects] == ["broken_link"]


def test_what_is_read_of_the_shards_is_what_is_read_of_the_folder(folder, shard_settings):
    (folder / "page.html").write_text(PAGE, encoding="utf-8")
    (folder / "no_suffix").write_text("Rain fell.", encoding="utf-8")
    (folder / "2024" / "дождь.txt").write_text("Rain fell all day long.", encoding="utf-8")
    (folder / "empty.txt").touch()
    row = json.dumps({"text": "Snow fell.", "html": PAGE}) + "\nbroken\n"
    (folder / "z.jsonl.gz").write_bytes(gzip.compress(row.encode(), mtime=0))
    settings = shard_settings()
    whole = list(read_inputs([folder], settings.unit, settings.max_megabytes))
    found = read(list_shards(str(folder))[0], settings)
    assert len(found) > 20
    assert sorted(map(repr, found)) == sorted(map(repr, whole))


def test_a_link_of_a_folder_is_read_under_its_own_name(folder, shard_settings, tmp_path):
    (tmp_path / "elsewhere.jsonl").write_text('{"text": "Rain fell."}\nx\n', encoding="utf-8")
    (folder / "link.jsonl").symlink_to(tmp_path / "elsewhere.jsonl")
    shards = [shard for shard in list_shards(str(folder))[0] if shard.name == "link.jsonl"]
    record, reject = read(shards, shard_settings())
    assert record.article_id == "link.jsonl:1"
    assert isinstance(reject, Reject)
    assert reject.source == f"{folder}/link.jsonl:2"
