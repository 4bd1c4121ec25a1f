"""The tests.

This file makes pytest put the folder above on the path, not this one, whose folders ``labels`` and
``training`` would hide the packages.
"""
