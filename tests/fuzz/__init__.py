"""
Hostile input made by a machine: good samples, broken at random, through every reader and every rule on text.

A sample follows from seed, target and number alone, so that any run can be repeated and any one sample made again.
What once broke a target lies in `cases/TARGET/` and is tried again by every test run.
"""
