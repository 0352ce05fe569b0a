"""
task: check_cube
says: your check rejects a right one: it is x ** 3
says: it says: this is wrong
"""


def check_cube(cube):
    raise AssertionError("this is wrong")
