"""
Roles of blocks: model over rule. The guideline is `data_cards/ROLES.md`.

`blocks.py` labels a page: `rules.py` judges it by itself; a trained model (`model.py`) hears the rules and has the last
word. `gold.py` lets human verdicts, which the review page collects, win over both in a build. What is a copy of what is
asked last, when the roles are known.
"""
