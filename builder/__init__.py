"""zhnews-builder: raw Chinese news pages in, a labelled and deduplicated dataset out."""

__version__ = "0.1.0"
