"""Mutation testing: does some test fail if the code that gives verdicts is changed? See ``docs/mutation.md``."""
