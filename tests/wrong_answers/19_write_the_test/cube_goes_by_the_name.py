"""
task: check_cube
says: 0 of 12 faults are caught.
says: … and 9 more
lets: 1-12
"""


def check_cube(cube):
    assert cube.__name__ != "wrong", "it is called wrong"
