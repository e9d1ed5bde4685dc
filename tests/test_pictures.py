"""The pictures are taken of a kept run alone, and are small."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.images import pictures
from docs.images.pictures import PictureError
from local.run.run_directory import RunDirectory


def test_without_a_browser_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pictures, "BROWSERS", (str(tmp_path / "chromium"),))
    with pytest.raises(PictureError, match="install one"):
        pictures.browser()


def test_without_a_kept_run_it_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="make local KEEP=1"):
        pictures.dags_page(RunDirectory(tmp_path))


def test_a_browser_that_fails_leaves_the_picture_as_it_was(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    browser, picture = tmp_path / "chromium", tmp_path / "page.png"
    browser.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    browser.chmod(0o755)
    picture.write_bytes(b"before")
    monkeypatch.setattr(pictures, "BROWSERS", (str(browser),))
    with pytest.raises(PictureError, match="exit status 3"):
        pictures.take("http://127.0.0.1/dags", picture, "1,1")
    assert picture.read_bytes() == b"before"


def test_the_pictures_are_small() -> None:
    for picture in (pictures.AIRFLOW_PAGE, pictures.RUN_PAGE):
        assert picture.stat().st_size < 150_000
