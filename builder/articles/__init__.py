"""
Blocks with roles → the one article of the page, each of its parts once.

    assembly    the article of a page, by all below
    copies      which blocks are the article when the page shows it twice
    several     pages of several articles, or of none
    titles dates datelines people outlets categories    a field each
    parts                                               which part of an article over several pages it is
    lines names name_lists moments                      labelled parts of a line; what is a name, and what a date
"""
