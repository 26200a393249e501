"""
`croissant.json`: the release in the words of MLCommons Croissant 1.1 with the responsible-AI vocabulary.

https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html, https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html

Written by hand, so that a build needs no more packages; a test reads it, and records through it, with mlcroissant.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from builder.publish.configs import Column, Config
from builder.publish.features import CLASS_NAMES, CONFIGS
from builder.publish.frontmatter import TAGS

#: Addresses of the licences that are most used; others are given by the Hub's identifier.
LICENCE_URLS = {
    "cc0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "cc-by-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "cc-by-sa-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "cc-by-nc-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "cc-by-nc-sa-4.0": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    "cc-by-nc-nd-4.0": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
    "odc-by": "https://opendatacommons.org/licenses/by/1-0/",
    "odbl": "https://opendatacommons.org/licenses/odbl/1-0/",
}

_TERMS = (
    *("arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field", "fileProperty"),
    *("fileObject", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5"),
    *("parentField", "path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate", "separator"),
    *("source", "subField", "transform"),
)

CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "sc": "https://schema.org/",
    **{term: f"cr:{term}" for term in _TERMS},
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
}


def render_croissant(manifest: Mapping[str, Any], stats: Mapping[str, Any]) -> dict[str, Any]:
    """Return the description of a release as a JSON value."""
    name, version = manifest["name"], manifest["version"]
    present = [config for config in CONFIGS if stats["rows"][config.name]]
    pages, articles = stats["pages"]["in"], stats["pages"]["published"]
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": name,
        "description": {
            "en": f"{articles} deduplicated articles from {pages} Chinese news pages, cut into sentences, with the "
            "role of every line of their pages.",
            "zh": f"由 {pages} 个中文新闻页面得到的 {articles} 篇去重文章，逐句切分，并给出页面每一行的角色。",
        },
        "version": version,
        "license": LICENCE_URLS.get(manifest["licence"], manifest["licence"]),
        "inLanguage": "zh",
        "keywords": list(TAGS),
        "citeAs": f"@misc{{{name}, title={{{name} {version}}}}}",
        **_responsible(manifest, stats),
        "distribution": [_files(config) for config in present],
        "recordSet": [*_class_sets(), *(_record_set(config) for config in present)],
    }


def _responsible(manifest: Mapping[str, Any], stats: Mapping[str, Any]) -> dict[str, Any]:
    """Give the responsible-AI fields, with the figures of this release."""
    pipeline, labels = manifest["pipeline"], manifest["measured"]["labels"]
    published, origins = stats["published"], stats["blocks"]["origins"]
    by_f1 = sorted(labels["html"]["line_f1"].items(), key=lambda item: item[1])
    weak = ", ".join(f"{role} {f1:.2f}" for role, f1 in by_f1[:4])
    masked = sum(stats["privacy"]["blocks"].values())
    frame = {"rai:dataCollectionTimeFrame": [published["first"], published["last"]]} if published["first"] else {}
    return {
        "rai:dataCollection": "Pages of news, as HTML, WARC or text dumps, that the publisher of this dataset "
        "gathered; manifest.json lists the inputs with their hashes.",
        "rai:dataCollectionType": ["Web Scraping"],
        **frame,
        "rai:dataPreprocessingProtocol": [
            "Decoding, parsing into visible lines, NFC and folding of white space; punctuation is never changed.",
            f"Exact and near-duplicates are left out, one article of a cluster is kept: {stats['pages']['dropped']} of "
            f"{stats['pages']['in']} pages were left out, each with its reason in the config dropped.",
        ],
        "rai:dataAnnotationProtocol": "Each visible line of a page has one of twelve roles by the guideline "
        f"data_cards/ROLES.md: by a person {origins['gold']}, by a model {origins['model']}, "
        f"by rule {origins['rule']}.",
        "rai:machineAnnotationTools": [f"{pipeline['name']} {pipeline['version']}"],
        "rai:dataAnnotationAnalysis": f"On {labels['pages']} pages of {labels['sites']} sites that the model had not "
        f"seen, the mean F1 of the roles is {labels['html']['macro_f1']:.3f}.",
        "rai:dataLimitations": [
            f"Roles given by a model or a rule err; the weakest on sites not seen, by F1: {weak}.",
            "Times without an offset are read as China time.",
        ],
        "rai:dataBiases": "Outlets, regions and periods are those of the pages that went in, not of Chinese news as a "
        "whole; channels are each outlet's own words.",
        "rai:dataUseCases": [
            "boilerplate removal",
            "headline generation",
            "summarization",
            "topic classification",
            "sentence segmentation",
            "near-duplicate detection",
        ],
        "rai:personalSensitiveInformation": "Phone numbers, e-mail, QQ, WeChat, ID and bank card numbers, licence "
        f"plates and addresses are replaced by typed placeholders ({masked} in the blocks of this release); names of "
        "persons in the news stay.",
        "rai:dataSocialImpact": "Articles are reports and were not checked; the dataset is not for identifying, "
        "tracking or profiling persons.",
    }


def _files(config: Config) -> dict[str, Any]:
    """Return the Parquet files of a config, in the folder that holds croissant.json."""
    return {
        "@type": "cr:FileSet",
        "@id": f"{config.name}-files",
        "name": f"{config.name}-files",
        "description": {
            "en": f"Parquet files of the config {config.name}",
            "zh": f"配置 {config.name} 的 Parquet 文件",
        },
        "encodingFormat": "application/x-parquet",
        "includes": f"{config.name}/*.parquet",
    }


def _class_sets() -> Iterator[dict[str, Any]]:
    """Yield the names of the classes, by number."""
    for column, names in CLASS_NAMES.items():
        yield {
            "@type": "cr:RecordSet",
            "@id": f"{column}-classes",
            "name": f"{column}-classes",
            "description": {"en": f"The classes of the columns `{column}`", "zh": f"列 `{column}` 的各类"},
            "dataType": "sc:Enumeration",
            "key": {"@id": f"{column}-classes/id"},
            "field": [
                {"@type": "cr:Field", "@id": f"{column}-classes/id", "name": "id", "dataType": "sc:Integer"},
                {"@type": "cr:Field", "@id": f"{column}-classes/name", "name": "name", "dataType": "sc:Text"},
            ],
            "data": [
                {f"{column}-classes/id": number, f"{column}-classes/name": name} for number, name in enumerate(names)
            ],
        }


def _record_set(config: Config) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": config.name,
        "name": config.name,
        "description": {"en": config.en, "zh": config.zh},
        "field": [_split(config), *(_column(config, column) for column in config.columns)],
    }


def _split(config: Config) -> dict[str, Any]:
    """Return the split of a row: it stands in the name of its file."""
    return {
        "@type": "cr:Field",
        "@id": f"{config.name}/split",
        "name": "split",
        "description": {"en": "split of the row", "zh": "所属划分"},
        "dataType": "sc:Text",
        "source": {
            "fileSet": {"@id": f"{config.name}-files"},
            "extract": {"fileProperty": "fullpath"},
            "transform": {"regex": rf"^.*{config.name}/([a-z]+)-.*\.parquet$"},
        },
    }


def _column(config: Config, column: Column) -> dict[str, Any]:
    source = {"fileSet": {"@id": f"{config.name}-files"}, "extract": {"column": column.name}}
    field = {
        "@type": "cr:Field",
        "@id": f"{config.name}/{column.name}",
        "name": column.name,
        "description": {"en": column.en, "zh": column.zh},
    }
    kind, listed = column.type, pa.types.is_list(column.type)
    if listed:
        kind = kind.value_type
    if not pa.types.is_struct(kind):
        shape = {"isArray": True, "arrayShape": "-1"} if listed else {}
        return field | {"dataType": _data_type(kind), **shape, "source": source}
    members = [
        {
            "@type": "cr:Field",
            "@id": f"{config.name}/{column.name}/{member.name}",
            "name": member.name,
            "dataType": _data_type(member.type),
            "source": source | {"transform": {"jsonPath": member.name}},
        }
        for member in kind
    ]
    return field | ({"repeated": True} if listed else {}) | {"subField": members}


def _data_type(kind: pa.DataType) -> str:
    if pa.types.is_string(kind):
        return "sc:Text"
    if pa.types.is_boolean(kind):
        return "sc:Boolean"
    if pa.types.is_timestamp(kind):
        return "sc:DateTime"
    return f"cr:{str(kind).replace('float', 'Float32').replace('int', 'Int')}"
