"""
task: rotation
says: yours is torch.float32, torch's is torch.float64
"""


def rotation(angle):
    result = torch.zeros(2, 2)
    result[0, 0] = result[1, 1] = angle.cos()
    result[1, 0] = angle.sin()
    result[0, 1] = -angle.sin()
    return result
