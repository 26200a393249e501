"""`croissant.json`, as mlcroissant reads it: no error, and the records of the Parquet files."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from builder.publish.features import CLASS_NAMES, CONFIGS


@pytest.fixture(scope="module")
def dataset(good_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CROISSANT_CACHE", str(tmp_path_factory.mktemp("croissant")))
        import mlcroissant

        yield mlcroissant.Dataset(str(good_release / "croissant.json"))


def test_it_is_valid_croissant(dataset: Any) -> None:
    issues = dataset.metadata.ctx.issues
    assert not issues.errors
    # A build knows no clock, so whoever publishes states the date.
    assert all("datePublished" in warning for warning in issues.warnings)
    assert dataset.metadata.ctx.is_v1_1()


def test_it_has_every_config_and_column(dataset: Any) -> None:
    sets = {record_set.id: record_set for record_set in dataset.metadata.record_sets}
    assert list(sets) == [*(f"{column}-classes" for column in CLASS_NAMES), *(config.name for config in CONFIGS)]
    for config in CONFIGS:
        assert [field.name for field in sets[config.name].fields] == ["split", *config.schema.names]


def plain(value: Any) -> Any:
    """A value of mlcroissant as that of Arrow: text is bytes there, and members bear the names of their fields."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name.rpartition("/")[2]: plain(item) for name, item in value.items()}
    return value


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.name)
def test_records_are_those_of_the_files(dataset: Any, good_release: Path, config: Any) -> None:
    paths = sorted((good_release / config.name).iterdir())
    first = pq.read_table(paths[0]).slice(0, 3).to_pylist()
    for record, row in zip(islice(dataset.records(config.name), len(first)), first, strict=True):
        found = plain({key: value for key, value in record.items() if not key.endswith("/split")})
        assert record[f"{config.name}/split"].decode() == paths[0].name.partition("-")[0]
        for name, value in row.items():
            if value is None or (isinstance(value, list) and not value):
                continue  # mlcroissant gives a null or an empty list of structs as one struct of nulls
            assert found[name] == value, name


def test_classes_are_named_by_number(dataset: Any) -> None:
    names = [plain(record)["name"] for record in dataset.records("role-classes")]
    assert tuple(names) == CLASS_NAMES["role"]


def test_the_responsible_fields_state_figures_of_this_release(good_release: Path) -> None:
    described = json.loads((good_release / "croissant.json").read_text("utf-8"))
    assert "3 of 33 pages were left out" in described["rai:dataPreprocessingProtocol"][1]
    assert "by rule 240" in described["rai:dataAnnotationProtocol"]
    assert described["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert {key for key in described if key.startswith("rai:")} >= {
        "rai:dataCollection",
        "rai:dataBiases",
        "rai:dataLimitations",
        "rai:dataUseCases",
        "rai:personalSensitiveInformation",
        "rai:dataSocialImpact",
    }
