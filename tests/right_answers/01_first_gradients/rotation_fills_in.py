"""
task: rotation
way: writes into an empty matrix of the right dtype
"""


def rotation(angle):
    result = angle.new_zeros(2, 2)
    result[0, 0] = angle.cos()
    result[0, 1] = -angle.sin()
    result[1, 0] = angle.sin()
    result[1, 1] = angle.cos()
    return result
