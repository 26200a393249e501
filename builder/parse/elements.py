"""Which HTML elements end a line on the screen, and which show none of what they hold."""

# fmt: off
#: Elements that stand on lines of their own. All others are inline: a link or a font change does not end a line.
BLOCK_ELEMENTS = frozenset({
    "address", "article", "aside", "audio", "blockquote", "body", "br", "button", "caption", "center", "dd",
    "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "listing", "main",
    "marquee", "menu", "nav", "ol", "optgroup", "option", "p", "plaintext", "pre", "search", "section", "select",
    "summary", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "title", "tr", "ul", "video", "xmp",
})

#: Elements whose content no reader sees: code, data, and what stands in for a missing plug-in or script.
SKIPPED_ELEMENTS = frozenset({
    "canvas", "embed", "frame", "head", "iframe", "link", "meta", "noembed", "noframes", "noscript", "object",
    "script", "style", "svg", "template",
})

#: Elements that show a picture, a film, a sound or another page: what a caption stands beside.
MEDIA_ELEMENTS = frozenset({"audio", "embed", "iframe", "img", "object", "video"})
# fmt: on
