"""Deciding on a Dask cluster: a real one, of two worker processes on this machine."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

import checker
from checker import batches, dask_cluster
from checker.cli import main
from checker.errors import NoExecutor
from checker.progress import Progress
from tests.test_bad_inputs import judged
from tests.test_workers import RICH

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        worker_dashboard_address=None,
        silence_logs=50,
        local_directory=str(tmp_path_factory.mktemp("dask")),
    ) as made:
        yield made


@pytest.fixture(scope="module")
def address(cluster: Any) -> str:
    return "dask://" + str(cluster.scheduler_address).removeprefix("tcp://")


@pytest.fixture(scope="module")
def usual() -> str:
    return checker.check_text(RICH, today=TODAY).to_json()


def test_the_report_is_the_same_as_without_it(address: str, usual: str) -> None:
    assert checker.check_text(RICH, today=TODAY, executor=address).to_json() == usual


def test_an_executor_that_a_caller_has_is_used_and_left_open(cluster: Any, usual: str) -> None:
    with cluster.get_client() as client, client.get_executor() as executor:
        assert checker.check_text(RICH, today=TODAY, executor=executor).to_json() == usual
        assert executor.submit(abs, -1).result(timeout=60) == 1


def test_a_worker_that_dies_has_its_work_done_again(cluster: Any, address: str, usual: str) -> None:
    killed: list[int] = []

    def kill(progress: Progress) -> None:
        if progress.done >= 1 and not killed:
            killed.extend(worker.process.pid for worker in cluster.workers.values())
            os.kill(killed[0], signal.SIGKILL)

    report = checker.check_text(RICH, today=TODAY, executor=address, progress=kill)
    assert killed
    assert report.to_json() == usual


def test_the_command(address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.case"
    path.write_text(judged(""))
    printed = []
    for where in (["--executor", address], ["--jobs", "1"]):
        assert main(["check", str(path), "--today", "2026-11-24", *where]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]


def test_workers_of_another_version_decide_nothing(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_version", lambda _: "9.9")
    batches.versions.cache_clear()
    try:
        with pytest.raises(NoExecutor, match=r"has version .* of the checker and .* of Z3; 9\.9 and 9\.9 are wanted"):
            checker.check_text(RICH, today=TODAY, executor=address)
    finally:
        batches.versions.cache_clear()


def test_where_there_is_no_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    monkeypatch.setattr(dask_cluster, "PATIENCE", 0.5)
    with pytest.raises(NoExecutor, match="there is no Dask cluster at"):
        checker.check_text(RICH, today=TODAY, executor=f"dask://127.0.0.1:{port}")
