"""
task: check_cube
says: your check rejects a right one:
says: it says: the right ones have been
"""

_calls = []


def check_cube(cube):
    _calls.append(cube)
    assert len(_calls) == 1, "the right ones have been"
