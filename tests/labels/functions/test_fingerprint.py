from labels.functions import fingerprint


def test_the_edition_changes_with_the_code_and_with_the_words(monkeypatch, tmp_path):
    here = fingerprint.fingerprint()
    assert here == fingerprint.fingerprint()
    functions, languages = tmp_path / "functions", tmp_path / "languages"
    functions.mkdir()
    (functions / "actor.py").write_text("1")
    (functions / "stage.py").write_text("1")
    for lang in fingerprint.LANGUAGES:
        (languages / lang).mkdir(parents=True)
        (languages / lang / "stance.yaml").write_text("praise: []")
    monkeypatch.setattr(fingerprint, "_HERE", functions)
    found = [fingerprint.fingerprint()]
    for path in (functions / "actor.py", languages / "ar" / "stance.yaml"):
        path.write_text("2")
        found.append(fingerprint.fingerprint())
    assert len({here, *found}) == 4
    (functions / "stage.py").write_text("2")
    assert fingerprint.fingerprint() == found[-1]
